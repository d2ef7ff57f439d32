"""Names are answers where a name was asked for, whatever they sound like; words that name a danger are heard there, too."""

import pytest

from bot.domain.contacts import Contact
from bot.domain.understanding import Guess, Understanding
from bot.engine.events import MessageSaid
from bot.engine.turn import Heard
from bot.flowtools.chat import Chat
from tests.pipeline.world import shipped

TO_THE_NAME = ("inscription", "oui", "1", "Touba", "1", "1", "1", "1", "1", "1")


def resembling(danger: str, *, named: bool) -> Understanding:
    """What the model makes of a name: a danger with some confidence, in Wolof."""
    return Understanding((Guess(danger, 0.79),), language="wo", danger=danger, source="nlu", named=named)


@pytest.fixture
def chat() -> Chat:
    """A registration in French that has come to the name."""
    chat = Chat(shipped(), Contact("sms", "fr"))
    for text in TO_THE_NAME:
        chat.hear(Heard(text, understanding=chat.meaning_of(text)))
        if chat.session and chat.session.frames and chat.session.frames[-1].at == "first_name":
            break
    assert chat.session is not None
    assert chat.session.frames[-1].at == "first_name"
    return chat


def heard(chat: Chat, text: str, understanding: Understanding) -> str:
    return " ".join(event.text for event in chat.hear(Heard(text, understanding=understanding)) if isinstance(event, MessageSaid))


@pytest.mark.parametrize("name", ["Fatou", "Ndèye Fatou Dieng", "Mor"])
def test_a_name_that_resembles_a_danger_is_a_name(chat: Chat, name: str) -> None:
    said = heard(chat, name, resembling("danger_self_harm", named=False))
    assert "1515" not in said
    assert chat.contact.language == "fr"
    assert chat.contact.fields["first_name"] == name


def test_a_danger_in_words_of_the_list_is_heard_at_a_name(chat: Chat) -> None:
    assert "1515" in heard(chat, "je veux mourir", resembling("danger_self_harm", named=True))


def test_a_story_where_a_name_was_asked_for_is_heard(chat: Chat) -> None:
    assert "1515" in heard(chat, "depuis mon retour je ne dors plus, tout est noir", resembling("danger_self_harm", named=False))
