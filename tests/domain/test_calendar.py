"""Somebody is there in working hours, and on no holiday."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.calendar import Calendar, Holiday, Hours

OFFICE = Hours({day: ((time(8), time(12)), (time(14), time(17))) for day in range(5)})
FEAST = Holiday(date(2026, 12, 25), "Noël")
EXPECTED = Holiday(date(2026, 12, 28), "Feast", certain=False)
CALENDAR = Calendar({FEAST.day: FEAST, EXPECTED.day: EXPECTED}, (2026,))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(2, 8), True),
        (at(2, 11, 59), True),
        (at(2, 12), False),
        (at(2, 14), True),
        (at(2, 17), False),
        (at(5, 9), False),
        (at(25, 9), False),
        (at(28, 9), False),
    ],
)
def test_an_office_is_open_from_the_first_minute_to_just_before_the_last(moment: datetime, *, is_open: bool) -> None:
    assert CALENDAR.is_open(OFFICE, moment) is is_open


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (at(2, 9), at(2, 9)),
        (at(2, 6), at(2, 8)),
        (at(2, 12, 30), at(2, 14)),
        (at(2, 18), at(3, 8)),
        (at(4, 18), at(7, 8)),
        (at(24, 18), at(29, 8)),
    ],
)
def test_the_next_opening_skips_nights_weekends_and_holidays(moment: datetime, opening: datetime) -> None:
    assert CALENDAR.next_opening(OFFICE, moment) == opening


def test_an_office_without_hours_never_opens() -> None:
    assert CALENDAR.next_opening(Hours({}), at(2, 9)) is None


def test_a_year_without_holidays_is_missed_ninety_days_before_it_begins() -> None:
    assert CALENDAR.missing_years(date(2026, 10, 1)) == ()
    assert CALENDAR.missing_years(date(2026, 10, 3)) == (2027,)
    assert CALENDAR.missing_years(date(2027, 1, 1)) == (2027,)


def test_the_days_for_which_holidays_are_known_end_with_the_last_year_in_a_row() -> None:
    assert CALENDAR.known_days(date(2026, 12, 30)) == 2
    assert CALENDAR.known_days(date(2027, 1, 1)) == 0
    assert Calendar({}, (2026, 2027, 2029)).known_days(date(2026, 12, 31)) == 366


def test_coming_feasts_without_a_sure_date_are_to_be_confirmed() -> None:
    assert CALENDAR.unconfirmed(date(2026, 12, 1)) == (EXPECTED,)
    assert CALENDAR.unconfirmed(date(2026, 12, 29)) == ()
    assert CALENDAR.holiday(date(2026, 12, 25)) == FEAST


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-12-02T12:00Z", "2026-12-02T12:00Z"),
        ("2026-12-02T07:59Z", "2026-12-02T08:00Z"),
        ("2026-12-02T08:00Z", "2026-12-02T08:00Z"),
        ("2026-12-02T19:59Z", "2026-12-02T19:59Z"),
        ("2026-12-02T20:00Z", "2026-12-03T08:00Z"),
        ("2026-12-05T22:00Z", "2026-12-07T08:00Z"),
        ("2026-12-06T10:00Z", "2026-12-07T08:00Z"),
        ("2026-12-25T10:00Z", "2026-12-26T08:00Z"),
    ],
)
def test_what_nobody_asked_for_waits_for_a_decent_hour(at: str, allowed: str) -> None:
    christmas = date(2026, 12, 25)
    calendar = Calendar({christmas: Holiday(christmas, "Noël")}, (2026,))
    assert calendar.next_unasked(datetime.fromisoformat(at)) == datetime.fromisoformat(allowed)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (at(2, 12), at(2, 12)),
        (at(2, 7), at(2, 8)),
        (at(2, 20), at(3, 8)),
        (at(6, 10), at(6, 10)),
        (at(25, 10), at(25, 10)),
    ],
)
def test_what_is_urgent_waits_for_the_morning_but_for_no_sunday_and_no_feast(moment: datetime, allowed: datetime) -> None:
    assert CALENDAR.next_waking(moment) == allowed


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        (at(2, 9), at(2, 11), 2),
        (at(2, 11), at(2, 15), 2),
        (at(2, 16), at(3, 9), 2),
        (at(4, 16), at(7, 9), 2),
        (at(24, 16), at(29, 9), 2),
        (at(5, 9), at(6, 20), 0),
        (at(3, 9), at(2, 9), 0),
    ],
)
def test_working_time_is_counted_without_pauses_nights_weekends_and_feasts(since: datetime, until: datetime, hours: int) -> None:
    assert CALENDAR.worked(OFFICE, since, until) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("since", "hours", "moment"),
    [
        (at(2, 9), 2, at(2, 11)),
        (at(2, 11), 2, at(2, 15)),
        (at(2, 16), 2, at(3, 9)),
        (at(4, 18), 8, at(8, 9)),
        (at(24, 16), 2, at(29, 9)),
    ],
)
def test_a_span_of_working_time_ends_when_somebody_is_there(since: datetime, hours: int, moment: datetime) -> None:
    assert CALENDAR.after(OFFICE, since, timedelta(hours=hours)) == moment


def test_working_time_never_comes_to_an_office_without_hours() -> None:
    assert CALENDAR.after(Hours({}), at(2, 9), timedelta(hours=1)) is None
