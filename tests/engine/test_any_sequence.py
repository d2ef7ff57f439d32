"""The shipped flows and people who write anything: nothing raises, nobody is stranded, MENU and STOP always work."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.contacts import Contact
from bot.domain.understanding import Guess, Understanding
from bot.engine import conversation
from bot.engine.events import ContactStopped, MessageSaid
from bot.engine.turn import Given, Heard, Turn
from tests.engine.anybody import KINDS, NOON, Anybody, anything, content, meanings, texts

CONTACTS = [
    Contact("sms"),
    Contact("sms", "fr"),
    Contact("whatsapp", "wo", language_fixed=True),
    Contact("sms", "fr", fields={"place": "x"}),
]
TEXTS = 10_000


def _nodes(turn: Turn) -> list[str]:
    return [event.node for event in turn.events if isinstance(event, MessageSaid)]


def _ends_well(person: Anybody) -> None:
    """`menu` shows the menu, at the latest when it is said once more, and STOP stops."""
    said = _nodes(person.does(Heard("menu")))
    if not any(node.startswith("menu.") for node in said):
        said = _nodes(person.does(Heard("menu")))
    assert any(node.startswith("menu.") for node in said), said
    assert any(isinstance(event, ContactStopped) for event in person.does(Heard("STOP")).events)
    assert person.session is None or person.contact.stopped


@pytest.mark.parametrize("contact", CONTACTS, ids=lambda contact: f"{contact.channel}-{contact.language}")
def test_ten_thousand_inputs_of_any_kind_neither_raise_nor_strand(contact: Contact) -> None:
    chance, person = Random(f"{contact}"), Anybody(contact)
    for number in range(TEXTS // len(CONTACTS)):
        person.does(anything(chance))
        if number % 25 == 24:
            _ends_well(person)
            person = Anybody(contact)


def _meaning(intent: str) -> Understanding:
    return Understanding((Guess(intent, 0.9),), danger=intent if intent.startswith("danger_") else None)


def _heard() -> st.SearchStrategy[Heard | None]:
    return st.one_of(
        st.none(),
        st.randoms(use_true_random=False).map(anything),
        st.text(max_size=40).map(Heard),
        st.sampled_from(texts()).map(Heard),
        st.sampled_from(KINDS).map(lambda kind: Heard("", kind)),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(_heard(), max_size=12), st.sampled_from(CONTACTS))
def test_after_any_sequence_menu_leads_to_the_menu_and_stop_stops(sequence: list[Heard | None], contact: Contact) -> None:
    person = Anybody(contact)
    for heard in sequence:
        person.does(heard)
    _ends_well(person)


@pytest.mark.parametrize("name", sorted(content().flows.flows))
def test_every_flow_that_is_started_by_name_ends_waits_or_hands_over(name: str) -> None:
    turn = conversation.begin(content(), Contact("sms", "fr"), name, Given(NOON, lambda: "K7M4PA"))
    person = Anybody(Contact("sms", "fr"), turn.session)
    chance = Random(name)
    for _ in range(40):
        person.does(Heard(str(chance.randrange(1, 4))) if chance.random() < 0.7 else anything(chance))


@pytest.mark.parametrize("intent", meanings())
def test_every_meaning_is_answered_in_the_middle_of_everything(intent: str) -> None:
    chance = Random(intent)
    for _ in range(6):
        person = Anybody()
        for _ in range(chance.randrange(8)):
            person.does(anything(chance))
        person.does(Heard("quelque chose que seul le sens explique", understanding=_meaning(intent)))
        _ends_well(person)
