"""Somebody is there in working hours, and on no holiday."""

from datetime import UTC, date, datetime, time

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


def test_coming_feasts_without_a_sure_date_are_to_be_confirmed() -> None:
    assert CALENDAR.unconfirmed(date(2026, 12, 1)) == (EXPECTED,)
    assert CALENDAR.unconfirmed(date(2026, 12, 29)) == ()
    assert CALENDAR.holiday(date(2026, 12, 25)) == FEAST


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-12-02T12:00Z", "2026-12-02T12:00Z"),
        ("2026-12-02T06:59Z", "2026-12-02T07:00Z"),
        ("2026-12-02T07:00Z", "2026-12-02T07:00Z"),
        ("2026-12-02T20:59Z", "2026-12-02T20:59Z"),
        ("2026-12-02T21:00Z", "2026-12-03T07:00Z"),
        ("2026-12-05T22:00Z", "2026-12-07T07:00Z"),
        ("2026-12-06T10:00Z", "2026-12-07T07:00Z"),
        ("2026-12-25T10:00Z", "2026-12-26T07:00Z"),
    ],
)
def test_what_nobody_asked_for_waits_for_a_decent_hour(at: str, allowed: str) -> None:
    christmas = date(2026, 12, 25)
    calendar = Calendar({christmas: Holiday(christmas, "Noël")}, (2026,))
    assert calendar.next_unasked(datetime.fromisoformat(at)) == datetime.fromisoformat(allowed)
