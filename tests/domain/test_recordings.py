"""Which files count as recordings, and that a recording belongs to exactly its words."""

import pytest

from bot.domain.recordings import NAME, Recording, Recordings, ending_of, kind_of, mark_of, name_of
from bot.settings import PROJECT
from tests.flowtools.sounds import amr, mp3, opus, png

PHOTO = (PROJECT / "bot" / "sandbox" / "page" / "media" / "photo.jpg").read_bytes()


@pytest.mark.parametrize(
    ("content", "ending", "kind"),
    [
        (opus(), "ogg", "audio"),
        (mp3(), "mp3", "audio"),
        (b"ID3\x03\0\0\0\0\0\0" + mp3(), "mp3", "audio"),
        (amr(), "amr", "audio"),
        (png(), "png", "image"),
        (PHOTO, "jpg", "image"),
    ],
)
def test_a_file_is_known_by_what_it_holds(content: bytes, ending: str, kind: str) -> None:
    assert ending_of(content) == ending
    assert kind_of(ending) == kind
    assert NAME.fullmatch(name_of(content, ending))


@pytest.mark.parametrize("content", [b"", b"\xff", b"text", opus(codec=b"\x01vorbis\0"), b"RIFF\0\0\0\0WAVE", b"GIF89a", b"#!AMR-WB\n"])
def test_what_whatsapp_would_not_play_counts_as_nothing(content: bytes) -> None:
    assert ending_of(content) is None


def test_the_mark_belongs_to_the_words_and_the_choices_in_their_order() -> None:
    assert mark_of("Bonjour  à\ntous", ["Oui", "Non"]) == mark_of(" Bonjour à tous ", ["Oui", "Non"])
    marks = {mark_of("Bonjour"), mark_of("Bonjour."), mark_of("Bonjour", ["Oui", "Non"]), mark_of("Bonjour", ["Non", "Oui"])}
    assert len(marks) == 4


def test_a_recording_is_found_by_its_words_in_its_language_only() -> None:
    made = Recording("a.b.say", "wo", "audio", mark_of("Jërëjëf", ["Waaw"]), name_of(opus(), "ogg"), 9, "Awa", "2026-03-01")
    index = Recordings.of([made])
    assert index.find("audio", "wo", "Jërëjëf", ["Waaw"]) == made
    assert made.content_type == "audio/ogg; codecs=opus"
    for kind, language, text in (("image", "wo", "Jërëjëf"), ("audio", "fr", "Jërëjëf"), ("audio", "wo", "Jërëjëf!")):
        assert index.find("image" if kind == "image" else "audio", language, text, ["Waaw"]) is None
    assert index.find("audio", "wo", "Jërëjëf") is None
