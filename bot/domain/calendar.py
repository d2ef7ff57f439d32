"""When somebody is there: working hours, and the days on which nobody works in Senegal."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

# Senegal keeps UTC all year (IANA Africa/Dakar), so times of day are those of the clock that is given.
_FARTHEST = 60
# Hours in which a message that nobody asked for may arrive: a phone that rings at night wakes a house and asks for reasons.
_WAKING = (time(8), time(20))
_SUNDAY = 6
_NOTICE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off. `certain` is False for a feast that the moon decides: its date is expected, and a day either side is possible."""

    day: date
    name: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening times by weekday, Monday is 0. A weekday without times is closed."""

    open: Mapping[int, tuple[tuple[time, time], ...]]

    def spans(self, day: date) -> tuple[tuple[time, time], ...]:
        """The opening times of a day, holidays not considered."""
        return self.open.get(day.weekday(), ())


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays of the years that are known. Without `quiet` every hour will do for what nobody asked for: whoever tries the service
    at night wants to see it."""

    holidays: Mapping[date, Holiday] = field(default_factory=dict)
    years: Collection[int] = ()
    quiet: bool = True

    def holiday(self, day: date) -> Holiday | None:
        """The holiday on that day."""
        return self.holidays.get(day)

    def is_open(self, hours: Hours, at: datetime) -> bool:
        """Whether somebody is there at that moment."""
        if at.date() in self.holidays:
            return False
        return any(start <= at.time() < end for start, end in hours.spans(at.date()))

    def next_opening(self, hours: Hours, at: datetime) -> datetime | None:
        """`at` itself when it is open, else the next moment somebody is there; None when there is none within two months."""
        if self.is_open(hours, at):
            return at
        for days in range(_FARTHEST):
            day = at.date() + timedelta(days=days)
            if day in self.holidays:
                continue
            for start, _ in hours.spans(day):
                opening = datetime.combine(day, start, tzinfo=at.tzinfo)
                if opening > at:
                    return opening
        return None

    def worked(self, hours: Hours, since: datetime, until: datetime) -> timedelta:
        """The working time between two moments; none when `until` is not later."""
        return sum((end - start for start, end in self._shifts(hours, since, until)), timedelta())

    def after(self, hours: Hours, since: datetime, span: timedelta) -> datetime | None:
        """The moment by which so much working time has passed. None when there is none within two months of closed days."""
        left, moment = span, self.next_opening(hours, since)
        while moment is not None:
            for start, end in self._shifts(hours, moment, _midnight_after(moment)):
                if end - start >= left:
                    return start + left
                left -= end - start
            moment = self.next_opening(hours, _midnight_after(moment))
        return None

    def _shifts(self, hours: Hours, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The pieces of working time between two moments, in order."""
        for number in range((until.date() - since.date()).days + 1):
            day = since.date() + timedelta(days=number)
            for first, last in () if day in self.holidays else hours.spans(day):
                start, end = (datetime.combine(day, moment, tzinfo=since.tzinfo) for moment in (first, last))
                if max(start, since) < min(end, until):
                    yield max(start, since), min(end, until)

    def next_waking(self, at: datetime) -> datetime:
        """When a message about an urgent matter may be sent that wakes nobody: `at` itself, else eight in the morning. Sundays and
        holidays count like any day."""
        if not self.quiet:
            return at
        first, last = _WAKING
        day = at.date() if at.time() < last else at.date() + timedelta(days=1)
        return max(at, datetime.combine(day, first, tzinfo=at.tzinfo))

    def next_unasked(self, at: datetime) -> datetime:
        """When a message that nobody asked for may be sent: `at` itself, else eight in the morning of the next day that is neither
        a Sunday nor a holiday."""
        if not self.quiet:
            return at
        first, last = _WAKING
        day = at.date() if at.time() < last else at.date() + timedelta(days=1)
        while day in self.holidays or day.weekday() == _SUNDAY:
            day += timedelta(days=1)
        return max(at, datetime.combine(day, first, tzinfo=at.tzinfo))

    def missing_years(self, today: date) -> tuple[int, ...]:
        """Years without a list of holidays: this one, and the next one from 90 days before it begins."""
        needed = sorted({today.year, (today + _NOTICE).year})
        return tuple(year for year in needed if year not in self.years)

    def known_days(self, today: date) -> int:
        """Days from today, today included, for which holidays are known."""
        year = today.year
        while year in self.years:
            year += 1
        return max(0, (date(year, 1, 1) - today).days)

    def unconfirmed(self, today: date, within: timedelta = timedelta(days=30)) -> tuple[Holiday, ...]:
        """Coming feasts whose date still has to be confirmed."""
        coming = (holiday for day, holiday in sorted(self.holidays.items()) if today <= day <= today + within)
        return tuple(holiday for holiday in coming if not holiday.certain)


def _midnight_after(at: datetime) -> datetime:
    return datetime.combine(at.date() + timedelta(days=1), time(), tzinfo=at.tzinfo)
