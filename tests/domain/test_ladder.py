"""The rungs of a referral: in their order, none too early, in working hours, and never later because of what happened before."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Calendar, Holiday, Hours
from bot.domain.ladder import RUNGS, Holding, Ladder, Tier, asked_at, closing_at, rung_due, rungs_for
from bot.domain.referrals import DEADLINES, Urgency, due_at

OFFICE = Hours({day: ((time(8), time(12)), (time(14), time(17))) for day in range(5)})
KORITE, TABASKI = date(2027, 3, 10), date(2027, 5, 17)
CALENDAR = Calendar({day: Holiday(day, "feast") for day in (KORITE, TABASKI)}, (2027,))
LADDER = Ladder(
    "desk",
    {
        "normal": {"reminder": 0.15, "deputy": 0.30, "coordinator": 0.45, "national": 0.65},
        "urgent": {"reminder": 0.10, "deputy": 0.20, "coordinator": 0.35, "national": 0.55},
        "emergency": {"reminder": 0.04, "deputy": 0.08, "coordinator": 0.16, "national": 0.32},
    },
)
MOMENTS = st.datetimes(datetime(2027, 1, 1), datetime(2027, 10, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
URGENCIES = st.sampled_from(list(DEADLINES))


def holding(urgency: Urgency, since: datetime, hours: Hours = OFFICE, due: datetime | None = None) -> Holding:
    return Holding(urgency, since, due or due_at(since, urgency), hours)


@given(urgency=URGENCIES, since=MOMENTS)
def test_the_rungs_come_in_their_order_between_the_beginning_and_the_deadline(urgency: Urgency, since: datetime) -> None:
    one = holding(urgency, since)
    due = [rung_due(LADDER, CALENDAR, one, rung) for rung in RUNGS]
    assert due == sorted(set(due))
    assert since < due[0]
    assert due[-1] <= one.due_at


@given(since=MOMENTS, rung=st.sampled_from(RUNGS))
def test_a_rung_of_a_normal_referral_is_due_when_somebody_is_there(since: datetime, rung: str) -> None:
    due = rung_due(LADDER, CALENDAR, holding("normal", since), next(one for one in RUNGS if one == rung))
    assert CALENDAR.is_open(OFFICE, due - timedelta(microseconds=1))


@given(urgency=URGENCIES, since=MOMENTS, later=st.timedeltas(timedelta(), timedelta(days=20)), rung=st.sampled_from(RUNGS))
def test_who_gets_a_referral_later_is_never_asked_earlier(urgency: Urgency, since: datetime, later: timedelta, rung: str) -> None:
    known, due = next(one for one in RUNGS if one == rung), due_at(since, urgency)
    first, second = (rung_due(LADDER, CALENDAR, holding(urgency, moment, due=due), known) for moment in (since, since + later))
    assert second >= first
    assert second > since + later


@given(urgency=st.sampled_from(["urgent", "emergency"]), since=MOMENTS)
def test_what_is_urgent_counts_every_hour(urgency: Urgency, since: datetime) -> None:
    spans = {rung_due(LADDER, CALENDAR, holding(urgency, since), rung) - since for rung in RUNGS}
    assert spans == {DEADLINES[urgency] * LADDER.shares[urgency][rung] for rung in RUNGS}


def test_a_feast_is_no_working_day() -> None:
    # The evening of the Friday before Tabaski, which is a Monday.
    friday = datetime(2027, 5, 14, 17, tzinfo=UTC)
    with_feast = rung_due(LADDER, CALENDAR, holding("normal", friday), "reminder")
    without = rung_due(LADDER, Calendar({}, (2027,)), holding("normal", friday), "reminder")
    assert without.date() < with_feast.date()
    assert CALENDAR.worked(OFFICE, friday, with_feast) > timedelta(hours=9)


@pytest.mark.parametrize("hours", [Hours({}), Hours({6: ((time(9), time(10)),)})])
def test_an_office_that_is_hardly_open_is_asked_all_the_same(hours: Hours) -> None:
    monday = datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert monday < rung_due(LADDER, CALENDAR, holding("normal", monday, hours), "national") <= monday + DEADLINES["normal"]


@pytest.mark.parametrize(
    ("tier", "rungs"),
    [
        ("partner", ("reminder", "deputy", "coordinator", "national")),
        ("coordinator", ("reminder", "deputy", "national")),
        ("national", ("reminder", "deputy")),
    ],
)
def test_nobody_hands_a_referral_to_themselves(tier: Tier, rungs: tuple[str, ...]) -> None:
    assert rungs_for(tier) == rungs


@given(urgency=URGENCIES, since=MOMENTS)
def test_nobody_is_asked_at_night_and_of_a_normal_matter_on_no_feast(urgency: Urgency, since: datetime) -> None:
    for moment in (asked_at(CALENDAR, urgency, since), closing_at(CALENDAR, since)):
        assert time(8) <= moment.time() < time(20)
    assert asked_at(CALENDAR, urgency, since) >= since + (timedelta(days=14) if urgency == "normal" else timedelta(days=3))
    if urgency == "normal":
        day = asked_at(CALENDAR, urgency, since)
        assert day.weekday() != 6
        assert day.date() not in (KORITE, TABASKI)
