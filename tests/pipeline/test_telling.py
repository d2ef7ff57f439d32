"""What a person is told of their referral without having asked: when it is accepted, handed on, over, and never to the wrong eyes."""

import pytest

from bot.content.flows import TEXT_KEYS
from tests.casework.cast import CODE, HOLDER, change_fields, refer, with_cast
from tests.pipeline.world import AWA, World


@pytest.fixture
def office(world: World) -> World:
    """One referral in the hands of one partner, at noon of a working day."""
    world.say("bonjour", AWA)
    with world.rt.database.writing() as tx:
        refer(tx)
    return with_cast(world, "fr")


def told(world: World, *texts: str) -> list[str]:
    """What the person gets for what a caseworker writes."""
    before = len(world.sms.texts(AWA))
    for text in texts:
        world.say(text.format(CODE), HOLDER)
    return world.sms.texts(AWA)[before:]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("ok {}",), "acceptée"),
        (("pas joint {}",), "acceptée"),
        (("transf {} bambey",), "autre service"),
        (("non {} 1",), "autre service"),
        (("ok {}", "fait {} 1"), "terminée"),
        (("ok {}", "fait {} 7"), "jointe à une autre"),
    ],
)
def test_each_step_that_matters_is_told_with_code_and_a_way_on(office: World, texts: tuple[str, ...], words: str) -> None:
    said = told(office, *texts)
    assert len(said) == len(texts)
    assert words in said[-1]
    assert CODE in said[-1]
    assert any(way in said[-1] for way in ("STATUT", "AGENT", "MENU"))


@pytest.mark.parametrize("texts", [("vu {}",), ("appele {}",), ("note {} lundi",), ("details {}",), ("liste",), ("non {}",)])
def test_what_changes_nothing_for_the_person_is_not_told(office: World, texts: tuple[str, ...]) -> None:
    assert told(office, *texts) == []


def test_no_word_goes_to_a_phone_on_which_none_may_be_left(office: World) -> None:
    change_fields(office, phone_use="no_message")
    assert told(office, "ok {}") == []


def test_who_stopped_us_is_told_nothing(office: World) -> None:
    office.say("stop", AWA)
    assert told(office, "ok {}") == []


def test_at_night_it_waits_for_the_morning_unless_it_is_urgent(office: World) -> None:
    office.pass_(hours=10)
    assert told(office, "ok {}") == []
    office.pass_(hours=11)
    office.dispatch()
    assert "acceptée" in office.sms.texts(AWA)[-1]
    office.pass_(hours=12)
    office.change("UPDATE referrals SET urgency = 'urgent'")
    assert len(told(office, "fait {} 1")) == 1


def test_every_word_that_is_told_is_a_key_of_the_words() -> None:
    assert {"told_accepted", "told_moved", "told_nobody", "told_closed", "told_unreachable", "told_joined"} <= set(TEXT_KEYS)
