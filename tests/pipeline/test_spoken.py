"""Recordings go with what is said, on WhatsApp, to those who asked for voice, and only while they say the same."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.content.load import around
from bot.content.store import ContentStore
from bot.domain.addresses import ChannelType
from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage
from bot.domain.recordings import Recording, Recordings, mark_of, name_of
from bot.storage.database import Database
from tests.conftest import Clock
from tests.flowtools.sounds import opus, png
from tests.pipeline.world import AWA, World, shipped

BYE = "Merci à vous, et bon courage. Pour revenir, envoyez MENU à tout moment."
SOUND, PICTURE = name_of(opus(), "ogg"), name_of(png(), "png")


def entry(words: str, name: str = SOUND) -> Recording:
    return Recording("any.text.say", "fr", "audio" if name == SOUND else "image", mark_of(words), name, 400, "Awa", "2026-03-01")


@pytest.fixture
def spoken(database: Database, clock: Clock) -> Iterator[World]:
    """The service, with a recording and a picture of the goodbye."""
    made = World(database, clock)
    content = replace(shipped(), recordings=Recordings.of([entry(BYE), entry(BYE, PICTURE)]))
    store = ContentStore(database, around(content), lambda: content, now=lambda: clock().timestamp())
    made.rt = replace(made.rt, contents=store)
    yield made
    made.pool.shutdown()


def sent(world: World, text: str, channel: ChannelType = "whatsapp") -> list[OutboundMessage]:
    of = world.whatsapp if channel == "whatsapp" else world.sms
    before = len(of.taken)
    world.say(text, AWA, channel)
    while world.dispatch():
        """Each message of one person waits for the one before it."""
    return [message for message, _, _ in of.taken[before:]]


def test_who_asked_for_voice_hears_the_words_before_reading_them(spoken: World) -> None:
    sent(spoken, "voix")
    picture, sound, text = sent(spoken, "merci")
    assert (sound.media_url, sound.media_type, sound.media_bytes) == (
        f"https://example.org/bot/media/{SOUND}",
        "audio/ogg; codecs=opus",
        400,
    )
    assert (picture.media_type, picture.text, sound.text) == ("image/png", "", "")
    assert (text.text, text.media_url) == (BYE, None)


def test_without_asking_only_the_picture_comes_and_after_texte_too(spoken: World) -> None:
    assert [message.media_type for message in sent(spoken, "merci")] == ["image/png", ""]
    sent(spoken, "voix")
    assert "nous écrivons seulement" in sent(spoken, "texte")[-1].text
    assert [message.media_type for message in sent(spoken, "merci")] == ["image/png", ""]


def test_by_sms_nothing_but_text_comes_and_the_person_is_told_so(spoken: World) -> None:
    assert "Par SMS, nous ne pouvons pas envoyer de voix" in sent(spoken, "voix", "sms")[-1].text
    assert [(message.text, message.media_url) for message in sent(spoken, "merci", "sms")] == [(BYE, None)]


def test_other_words_than_those_recorded_are_only_read(spoken: World) -> None:
    sent(spoken, "voix")
    spoken.change("UPDATE contacts SET language = 'wo', language_fixed = true")
    assert [message.media_url for message in sent(spoken, "merci")] == [None]


def test_a_recording_that_cannot_be_sent_holds_no_text_back(spoken: World) -> None:
    sent(spoken, "voix")
    spoken.whatsapp.outcomes.extend([SendError("63019", retryable=False), SendError("63019", retryable=False)])
    assert [message.text for message in sent(spoken, "merci")] == [BYE]
    assert spoken.states().count("failed") == 2
