"""A person counts as unreachable after three attempts on three days, at different hours and by two ways, and by nothing else."""

from datetime import timedelta

import pytest

from bot.domain.segments import render_for_sms
from bot.storage import referrals
from bot.storage.history import SERVICE
from tests.casework.cast import CODE, HOLDER, cast, change_fields, refer, with_cast
from tests.pipeline.world import AWA, World


@pytest.fixture
def office(world: World) -> World:
    """One person, who writes by SMS only, and one referral that was accepted at nine in the morning."""
    world.say("bonjour", AWA)
    world.pass_(days=1)
    world.clock.pass_(timedelta(hours=9) - timedelta(hours=world.clock().hour))
    with world.rt.database.writing() as tx:
        refer(tx)
    with_cast(world, "fr")
    world.say(f"ok {CODE}", HOLDER)
    return world


def state(world: World) -> str:
    return str(world.one("SELECT state FROM referrals"))


def missed(world: World, text: str = "pas joint") -> str:
    return world.say(f"{text} {CODE}", HOLDER)


def word(key: str) -> str:
    return render_for_sms(cast().word_for("attempts", key, "fr"), "fr")


def test_three_days_two_hours_and_two_ways_make_a_person_unreachable_and_they_are_told_how_to_come_back(office: World) -> None:
    assert "Encore 2" in missed(office)
    office.pass_(days=1, hours=6)
    assert "Encore 1" in missed(office, "pas joint sms")
    office.pass_(days=1)
    assert "injoignable" in missed(office)
    assert state(office) == "unreachable"
    assert office.one("SELECT outcome FROM referrals") == "unreachable"
    office.pass_(days=3)
    office.dispatch()
    assert "AGENT" in office.sms.texts(AWA)[-1]


def test_three_attempts_on_one_day_are_one(office: World) -> None:
    for _ in range(3):
        answer = missed(office)
        office.pass_(hours=4)
    assert "Encore 2" in answer
    assert state(office) == "accepted"


def test_a_text_sent_twice_is_one_attempt(office: World) -> None:
    assert missed(office) == missed(office)
    assert office.one("SELECT count(*) FROM referral_events WHERE move = 'try'") == 1


def test_always_at_the_same_hour_is_not_enough_and_the_answer_says_what_is_missing(office: World) -> None:
    for text in ("pas joint", "pas joint sms", "pas joint"):
        answer = missed(office, text)
        office.pass_(days=1)
    assert word("hour") in answer
    assert state(office) == "accepted"
    office.pass_(hours=9)
    assert "injoignable" in missed(office)


def test_always_by_the_same_way_is_not_enough_where_there_is_another(office: World) -> None:
    for _ in range(3):
        answer = missed(office)
        office.pass_(days=1, hours=3)
    assert word("way") in answer
    assert state(office) == "accepted"


def test_where_only_calls_are_possible_calls_are_enough(office: World) -> None:
    # The phone is shared: no message may be left on it.
    change_fields(office, phone_use="no_message")
    for _ in range(3):
        answer = missed(office)
        office.pass_(days=1, hours=6)
    assert "injoignable" in answer


def test_who_was_reached_in_between_is_not_unreachable(office: World) -> None:
    for text in ("pas joint", "pas joint sms", "appele", "pas joint"):
        missed(office, text)
        office.pass_(days=1, hours=6)
    assert state(office) == "contacted"
    assert "Encore 1" in missed(office, "pas joint sms")


def test_a_referral_that_comes_back_begins_anew(office: World) -> None:
    missed(office)
    office.pass_(days=1)
    missed(office, "pas joint sms")
    office.say(f"transf {CODE} caosp", HOLDER)
    with office.rt.database.writing() as tx:
        row = referrals.lock_by_code(tx, CODE)
        assert row is not None
        assert row.partner == "caosp"
        referrals.hand(tx, row, "transfer", SERVICE, partner="baos_diourbel", why="because", reason="transferred")
    office.pass_(days=1, hours=6)
    assert "Encore 2" in missed(office)
    assert state(office) == "accepted"


def test_nobody_closes_a_referral_as_unreachable_by_word(office: World) -> None:
    assert "PAS JOINT" in office.say(f"fait {CODE} injoignable", HOLDER)
    assert state(office) == "accepted"
