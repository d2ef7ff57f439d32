"""A person's details: only for whoever took the referral, only what is needed, and by text only after the right PIN."""

from dataclasses import replace

import pytest

from bot.casework.desk import Outcome
from bot.casework.people import caseworker_at
from bot.casework.pins import pin_hash
from bot.casework.replies import handle
from bot.domain.addresses import Address
from bot.domain.referrals import STATES, TAKEN, State
from tests.casework.cast import CODE, COLLEAGUE, HOLDER, cast, change_fields, refer, with_cast
from tests.pipeline.world import AWA, World

PIN = "4711"


@pytest.fixture
def office(world: World) -> World:
    """One referral that was accepted, of somebody who said how to be reached."""
    world.say("bonjour", AWA)
    with world.rt.database.writing() as tx:
        refer(tx, "accepted")
    with_cast(world, "fr")
    change_fields(world, first_name="Modou", safe_contact="call_morning", phone_use="own", secret_word="mangue")
    return world


def asked(world: World, text: str = f"DETAILS {CODE} {PIN}", phone: str = HOLDER, pin: str | None = PIN) -> Outcome:
    """What a caseworker with this PIN is answered."""
    with world.rt.database.writing() as tx:
        who = caseworker_at(cast(), tx, Address("sms", phone))
        assert who is not None
        kept = pin_hash(tx.vault, Address("sms", phone), pin) if pin else None
        return handle(cast(), tx, replace(who, pin=kept), text, public_url="https://example.org/bot/")


@pytest.mark.parametrize("text", ["DETAILS {} {}", "{1} détails {0}", "fiche {} {}", "xibaar {} {}"])
def test_with_the_right_pin_first_name_number_and_how_to_call_come_by_text(office: World, text: str) -> None:
    outcome = asked(office, text.format(CODE, PIN))
    assert outcome.key == "details_text"
    for shown in ("Modou", AWA, "Appel le matin", "message oui"):
        assert shown in outcome.answer
    for kept in ("mangue", "Mbacké", "travail"):
        assert kept not in outcome.answer


@pytest.mark.parametrize("pin", ["4711", "471147", "47114711"])
def test_a_pin_may_be_as_long_as_the_one_that_was_agreed(office: World, pin: str) -> None:
    assert asked(office, f"DETAILS {CODE} {pin}", pin=pin).key == "details_text"


def test_a_wrong_pin_tells_nothing_and_five_of_them_lock_for_a_day_even_the_right_one(office: World) -> None:
    for number in range(5):
        wrong = asked(office, f"DETAILS {CODE} {1000 + number}")
        assert wrong.key == "wrong_pin"
        assert AWA not in wrong.answer
    assert asked(office).key == "locked_pin"
    assert asked(office, phone=COLLEAGUE).key == "details_text"
    office.pass_(hours=25)
    assert asked(office).key == "details_text"


def test_a_locked_pin_leaves_the_link(office: World) -> None:
    for number in range(6):
        asked(office, f"DETAILS {CODE} {1000 + number}")
    assert asked(office, f"DETAILS {CODE}").key == "details_link"


def test_without_a_pin_of_their_own_any_number_is_refused(office: World) -> None:
    assert asked(office, pin=None).key == "no_pin"
    assert office.one("SELECT count(*) FROM guesses") == 0


def test_the_same_pin_of_another_phone_is_another_pin(office: World) -> None:
    vault = office.rt.database.vault
    assert pin_hash(vault, Address("sms", HOLDER), PIN) != pin_hash(vault, Address("sms", COLLEAGUE), PIN)


@pytest.mark.parametrize("state", [state for state in STATES if state not in TAKEN])
def test_before_the_yes_and_after_the_end_there_are_none(office: World, state: State) -> None:
    office.change("UPDATE referrals SET state = :state", state=state)
    for text in (f"DETAILS {CODE}", f"DETAILS {CODE} {PIN}"):
        answer = asked(office, text).answer
        assert AWA not in answer
        assert "http" not in answer


def test_who_took_the_agreement_back_is_not_shown(office: World) -> None:
    office.say("mes données", AWA)
    office.say("ne plus partager", AWA)
    office.change("UPDATE referrals SET state = 'accepted'")
    assert asked(office).key == "details_none"


@pytest.mark.parametrize(("said", "shown"), [({"phone": "+221771239999"}, True), ({"safe_contact": "none"}, False)])
def test_the_number_is_the_one_that_was_corrected_and_none_where_none_was_wanted(
    office: World, said: dict[str, str], *, shown: bool
) -> None:
    change_fields(office, **said)
    answer = asked(office).answer
    assert ("+221771239999" in answer) is shown
    assert AWA not in answer


def test_the_link_is_an_address_whose_token_only_the_text_knows(office: World) -> None:
    answer = asked(office, f"DETAILS {CODE}").answer
    token = answer.rsplit("https://example.org/bot/d/", 1)[1]
    stored = " ".join(str(row) for row in office.rows("SELECT * FROM detail_links"))
    assert len(token) >= 20
    assert token not in stored
    assert office.one("SELECT octet_length(hash) FROM detail_links") == 32


def test_a_second_link_ends_the_first(office: World) -> None:
    for _ in range(2):
        asked(office, f"DETAILS {CODE}")
    assert office.one("SELECT count(*) FROM detail_links") == 1
