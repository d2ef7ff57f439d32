"""When nobody reads for a partner any more, what it holds goes on: one holder, one notice, a true reason, and the person hears it once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.casework.notices import announce
from bot.domain.addresses import Address
from bot.domain.members import Member
from bot.domain.referrals import OPEN, TAKEN, State
from bot.pipeline import covering, falling_due
from bot.pipeline.leaving import leave
from bot.storage import members, referrals
from bot.translation import readable_date
from tests.casework.cast import CODE, COLLEAGUE, COORDINATOR, FORMER, HOLDER, OTHER
from tests.pipeline.covered import NEWS, away, held, hold, holder, read
from tests.pipeline.world import AWA, World

__all__ = ["holder"]
HOLDING: tuple[State, ...] = tuple(state for state in OPEN if state != "new")
EVENTS = "SELECT move, by, partner, reason FROM referral_events ORDER BY seq DESC LIMIT 1"


def assert_went_on(world: World, why: str, to: str = "ard_diourbel", phone: str = COORDINATOR) -> None:
    """It has another holder, by one move with a true reason; they were told once and the person once."""
    assert held(world) == (to, "offered")
    assert world.rows(EVENTS) == [("transfer", "service", to, why)]
    assert covering.play(world.rt) == 0
    assert len([text for text in read(world, phone) if f"Nouvelle demande {CODE}" in text]) == 1
    assert len([text for text in read(world, AWA) if NEWS in text]) == 1
    assert world.one("SELECT count(*) FROM referral_events WHERE by = 'service' AND move = 'transfer'") == 1


@pytest.mark.parametrize("state", HOLDING)
def test_when_the_last_one_leaves_whatever_they_held_goes_on_taken_or_not(world: World, holder: Member, state: State) -> None:
    hold(world, state)
    assert leave(world.rt, holder) == 1
    assert_went_on(world, "left")
    assert "ne répond pour BAOS" in world.one("SELECT reason FROM referrals")


@pytest.mark.parametrize("state", HOLDING)
def test_when_the_last_one_stops_us_it_goes_on_and_they_are_not_written_to(world: World, holder: Member, state: State) -> None:
    hold(world, state)
    world.say("ARRET", HOLDER)
    before = len(world.sms.texts(HOLDER))
    assert covering.play(world.rt) == 1
    assert_went_on(world, "stopped")
    assert "ne plus envoyer de messages" in world.one("SELECT reason FROM referrals")
    assert len(read(world, HOLDER)) == before


def test_when_whoever_was_asked_says_no_it_goes_on(world: World, holder: Member) -> None:
    hold(world)
    with world.rt.database.writing() as tx:
        members.remove(tx, holder.id)
        members.add(tx, partner="baos_diourbel", address=Address("sms", COLLEAGUE), number="47")
    world.say("non 47", COLLEAGUE)
    covering.play(world.rt)
    assert_went_on(world, "unjoined")


@pytest.mark.parametrize("urgency", ["normal", "urgent"])
def test_what_is_not_urgent_waits_two_days_for_whoever_was_just_invited(world: World, holder: Member, urgency: str) -> None:
    hold(world, "offered", urgency)
    with world.rt.database.writing() as tx:
        members.remove(tx, holder.id)
        members.add(tx, partner="baos_diourbel", address=Address("sms", COLLEAGUE), number="47")
    assert covering.play(world.rt) == (urgency == "urgent")
    world.pass_(hours=47)
    assert covering.play(world.rt) == 0
    world.pass_(hours=2)
    covering.play(world.rt)
    assert_went_on(world, "unjoined")


def test_who_says_yes_meanwhile_keeps_what_waited_for_them(world: World, holder: Member) -> None:
    hold(world, "offered")
    with world.rt.database.writing() as tx:
        members.remove(tx, holder.id)
        members.add(tx, partner="baos_diourbel", address=Address("sms", COLLEAGUE), number="47")
    assert covering.play(world.rt) == 0
    world.say("oui 47", COLLEAGUE)
    world.pass_(days=3)
    assert covering.play(world.rt) == 0
    assert held(world)[0] == "baos_diourbel"
    assert [text for text in read(world, COLLEAGUE) if f"Nouvelle demande {CODE}" in text]


@pytest.mark.parametrize("days", [20, None])
def test_when_all_are_away_beyond_the_deadline_it_goes_on(world: World, holder: Member, days: int | None) -> None:
    hold(world)
    away(world, holder, days)
    covering.play(world.rt)
    assert_went_on(world, "absent")
    assert "absent chez BAOS" in world.one("SELECT reason FROM referrals")


@pytest.mark.parametrize(("urgency", "days", "stays"), [("normal", 10, True), ("urgent", 2, True), ("urgent", 5, False)])
def test_who_is_back_before_the_deadline_keeps_it(world: World, holder: Member, urgency: str, days: int, *, stays: bool) -> None:
    hold(world, urgency=urgency)
    away(world, holder, days)
    assert covering.play(world.rt) == (not stays)
    assert (held(world)[0] == "baos_diourbel") is stays


def test_an_absence_that_is_to_come_changes_nothing_before_its_first_day(world: World, holder: Member) -> None:
    hold(world)
    with world.rt.database.writing() as tx:
        members.set_absence(tx, holder.id, world.clock().date() + timedelta(days=3), None)
    assert covering.play(world.rt) == 0
    world.pass_(days=3)
    assert covering.play(world.rt) == 1


def test_a_deputy_keeps_it_until_the_deputy_stops_too(world: World, holder: Member) -> None:
    hold(world)
    away(world, holder, 30, world.join("caosp", OTHER))
    assert covering.play(world.rt) == 0
    world.say("ARRET", OTHER)
    covering.play(world.rt)
    assert_went_on(world, "absent")


def test_a_colleague_keeps_it_and_is_reminded_once(world: World, holder: Member) -> None:
    hold(world)
    world.join("baos_diourbel", COLLEAGUE)
    assert leave(world.rt, holder) == 1
    assert held(world) == ("baos_diourbel", "accepted")
    assert len([text for text in read(world, COLLEAGUE) if CODE in text]) == 1
    assert read(world, AWA)[-1:] != [NEWS]


@pytest.mark.parametrize("digest", [False, True])
def test_a_colleague_who_is_away_and_back_in_time_keeps_it_reads_of_it_on_return_and_an_admin_knows_at_once(
    world: World, holder: Member, *, digest: bool
) -> None:
    hold(world)
    away(world, world.join("baos_diourbel", COLLEAGUE, digest=digest), 5)
    assert leave(world.rt, holder) == 1
    assert held(world) == ("baos_diourbel", "accepted")
    (text,) = read(world, COLLEAGUE)
    assert f"DETAILS {CODE}" in text
    assert world.rows("SELECT kind, subject FROM incidents") == [("partner_untold", "baos_diourbel")]


def test_where_nothing_was_taken_nobody_who_is_away_is_written_to(world: World, holder: Member) -> None:
    hold(world, "offered")
    away(world, world.join("baos_diourbel", COLLEAGUE), 5)
    assert leave(world.rt, holder) == 0
    assert read(world, COLLEAGUE) == []
    assert world.rows("SELECT kind FROM incidents") == []


def test_a_colleague_who_stopped_us_keeps_nothing(world: World, holder: Member) -> None:
    hold(world)
    world.join("baos_diourbel", COLLEAGUE)
    world.say("ARRET", COLLEAGUE)
    assert leave(world.rt, holder) == 1
    assert_went_on(world, "stopped")


def test_the_next_service_that_helps_there_comes_before_the_coordinator_and_who_said_no_is_not_asked_again(
    world: World, holder: Member
) -> None:
    hold(world, "offered")
    world.join("anpej", FORMER)
    world.join("dgase", OTHER)
    world.say(f"NON {CODE} 1", HOLDER)
    phones, held_by = {"anpej": FORMER, "ard_diourbel": COORDINATOR, "dgase": OTHER}, [held(world)[0]]
    for _ in range(2):
        world.say("ARRET", phones[held_by[-1]])
        assert covering.play(world.rt) == 1
        held_by.append(held(world)[0])
    assert held_by == ["anpej", "ard_diourbel", "dgase"]


def test_where_nobody_anywhere_reads_it_stays_an_admin_hears_of_it_and_the_first_who_joins_gets_it(world: World, holder: Member) -> None:
    hold(world)
    world.say("ARRET", COORDINATOR)
    assert leave(world.rt, holder) == 0
    assert held(world) == ("baos_diourbel", "accepted")
    assert ("partner_untold", "baos_diourbel") in world.rows("SELECT kind, subject FROM incidents")
    assert NEWS not in "".join(read(world, AWA))
    world.say("START", COORDINATOR)
    covering.play(world.rt)
    assert_went_on(world, "left")


@pytest.mark.parametrize("state", HOLDING)
@pytest.mark.parametrize("days", [1, 20])
def test_nobody_is_promised_a_day_that_is_over_and_a_new_promise_can_be_missed_too(
    world: World, holder: Member, state: State, days: int
) -> None:
    hold(world, state)
    world.pass_(days=days)
    falling_due.play(world.rt)
    leave(world.rt, holder)
    ((due, now),) = world.rows("SELECT due_at, held_since FROM referrals")
    renewed = days > 14 or state in TAKEN
    assert due - now == timedelta(days=14 if renewed else 13)
    day = readable_date(due.date(), "fr")
    (text,) = [text for text in read(world, AWA) if NEWS in text]
    assert f"avant le {day}" in text
    assert f"avant le {day}" in next(text for text in read(world, COORDINATOR) if f"Nouvelle demande {CODE}" in text)
    world.pass_(days=15)
    falling_due.play(world.rt)
    assert world.one("SELECT count(*) FROM referral_timers WHERE kind = 'missed' AND result = 'done' AND since = :due", due=due) == 1


def test_links_to_the_details_die_with_the_holding(world: World, holder: Member) -> None:
    hold(world)
    assert "https://" in world.say(f"DETAILS {CODE}", HOLDER)
    leave(world.rt, holder)
    assert world.one("SELECT count(*) FROM detail_links") == 0


def test_who_left_gets_nothing_that_still_waits_for_them(world: World, holder: Member) -> None:
    world.join("baos_diourbel", COLLEAGUE)
    world.clock.now = world.clock().replace(hour=22)
    hold(world, "offered")
    world.change("UPDATE referrals SET held_since = :now", now=world.clock())
    with world.rt.database.writing() as tx:
        (row,) = referrals.by_codes(tx, [CODE])
        announce(world.rt.content, tx, row, "new_referral")
    leave(world.rt, holder)
    world.pass_(hours=11)
    assert not [text for text in read(world, HOLDER) if CODE in text]
    assert [text for text in read(world, COLLEAGUE) if CODE in text]


def test_of_two_who_look_at_once_and_a_caseworker_who_answers_one_wins(world: World, holder: Member) -> None:
    for round_ in range(6):
        world.change("TRUNCATE referrals, notifications, outbox CASCADE")
        hold(world, "offered")
        away(world, holder, None)
        with ThreadPoolExecutor(3) as pool:
            said = pool.submit(world.say, f"OK {CODE}", HOLDER) if round_ % 2 else None
            plays = [pool.submit(covering.play, world.rt) for _ in range(2)]
            moved = sum(play.result() for play in plays)
            if said is not None:
                said.result()
        moved += covering.play(world.rt)
        assert moved == 1
        assert_went_on(world, "absent")
        world.sms.taken.clear()
