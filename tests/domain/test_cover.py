"""Why nobody reads for a partner, and whether somebody is back in time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from bot.domain.addresses import Address
from bot.domain.cover import Gap, gap_of, outlasts
from bot.domain.ids import MemberId
from bot.domain.members import Member, team
from bot.domain.referrals import State, Urgency

TODAY = date(2026, 12, 2)
NOW = datetime(2026, 12, 2, 9, tzinfo=UTC)


def member(number: int, partner: str = "caosp", *, yes: bool = True, no: bool = False, to: date | None = None) -> Member:
    made = Member(
        MemberId(uuid4()), partner, "", Address("sms", f"+22177000{number:04d}"), "fr", digest=False, source="", number="47", invited_at=NOW
    )
    made = replace(made, verified_at=NOW if yes else None, refused_at=NOW if no else None)
    return replace(made, absent_from=TODAY, absent_to=None if to == date.max else to) if to else made


def gap(*members: Member, silent: tuple[Member, ...] = ()) -> Gap:
    return gap_of(team(members, TODAY), {one.address for one in silent}, "caosp")


def test_where_nobody_is_named_everybody_has_left() -> None:
    assert gap() == Gap("left")
    assert gap(member(1, "anpej")) == Gap("left")


def test_whoever_was_only_invited_or_said_no_has_never_read() -> None:
    assert gap(member(1, yes=False, no=True)) == Gap("unjoined")
    assert gap(member(1, yes=False)) == Gap("unjoined", hoped=NOW + timedelta(hours=48))


def test_who_stopped_us_reads_nothing_whoever_else_was_only_invited() -> None:
    one = member(1)
    asked = member(2, yes=False)
    assert gap(one, asked, silent=(one,)) == Gap("stopped", hoped=NOW + timedelta(hours=48))
    assert gap(one, asked, silent=(one, asked)) == Gap("stopped")


def test_of_several_who_are_away_the_first_to_be_back_counts_and_who_stopped_does_not() -> None:
    late, early, stopped = member(1, to=TODAY + timedelta(days=9)), member(2, to=TODAY + timedelta(days=5)), member(3, to=TODAY)
    assert gap(late, early, stopped, silent=(stopped,)) == Gap("absent", TODAY + timedelta(days=6))
    assert gap(member(1, to=date.max)) == Gap("absent")


@pytest.mark.parametrize(
    ("state", "urgency", "back_in", "due_in", "gone"),
    [
        ("accepted", "normal", 5, 10, False),
        ("accepted", "normal", 11, 10, True),
        ("offered", "urgent", 2, 3, False),
        ("seen", "urgent", 4, 3, True),
        # Overdue, and nobody was in touch: whoever is there today may.
        ("accepted", "normal", 1, -1, True),
        # In touch already: the deadline was kept, and a short absence takes nothing away.
        ("in_service", "normal", 5, -20, False),
        ("contacted", "normal", 15, 10, True),
        ("in_service", "emergency", 2, -20, True),
    ],
)
def test_a_gap_outlasts_a_referral_when_nobody_is_back_in_time(
    state: State, urgency: Urgency, back_in: int, due_in: int, *, gone: bool
) -> None:
    found = Gap("absent", TODAY + timedelta(days=back_in))
    assert outlasts(found, state=state, urgency=urgency, due_at=NOW + timedelta(days=due_in), now=NOW) is gone
    assert outlasts(Gap("absent"), state=state, urgency=urgency, due_at=NOW + timedelta(days=400), now=NOW)


@pytest.mark.parametrize(
    ("state", "urgency", "asked_ago", "due_in", "gone"),
    [
        ("offered", "normal", 1, 10, False),
        ("accepted", "normal", 47, 10, False),
        ("offered", "normal", 48, 10, True),
        ("offered", "urgent", 1, 2, True),
        ("accepted", "emergency", 1, 1, True),
        ("seen", "normal", 1, -1, True),
        # The deadline was kept: nothing is overdue.
        ("in_service", "normal", 1, -1, False),
    ],
)
def test_what_is_not_pressing_waits_for_the_answer_to_a_fresh_invitation(
    state: State, urgency: Urgency, asked_ago: int, due_in: int, *, gone: bool
) -> None:
    found = Gap("unjoined", hoped=NOW + timedelta(hours=48 - asked_ago))
    assert outlasts(found, state=state, urgency=urgency, due_at=NOW + timedelta(days=due_in), now=NOW) is gone
