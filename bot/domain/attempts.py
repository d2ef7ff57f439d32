"""When a person counts as unreachable: three attempts, on three days and not always at the same hour, by two ways where there are two.

The rule is the service's own reading of "three attempts, different days and times": a phone that is off every morning may be on in
the evening, and who never answers calls may read.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal, get_args

Way = Literal["call", "sms", "whatsapp"]
WAYS: tuple[Way, ...] = get_args(Way)
NEEDED = 3
# Morning, afternoon, evening. Senegal keeps UTC all year, so these are hours of the clock.
_NOON, _EVENING = time(12), time(17)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that reached nobody."""

    at: datetime
    way: Way = "call"


@dataclass(frozen=True, slots=True)
class Tally:
    """What the attempts so far amount to. `day`, `hour` and `way` say what the next one has to be: another day, another part of
    the day, another way."""

    counted: int
    day: bool = False
    hour: bool = False
    way: bool = False

    @property
    def enough(self) -> bool:
        """Whether nothing is missing."""
        return self.counted >= NEEDED and not (self.day or self.hour or self.way)

    @property
    def left(self) -> int:
        """How many more there have to be, at least one while something is missing."""
        return 0 if self.enough else max(1, NEEDED - self.counted)


def tally(attempts: Sequence[Attempt], ways: Collection[Way] = WAYS) -> Tally:
    """Count attempts by day; `ways` are those by which this person can be tried at all.

    Several on one day are one, for whoever is in the fields at ten is there at half past ten.
    """
    days: set[date] = {attempt.at.date() for attempt in attempts}
    parts = {_part(attempt.at.time()) for attempt in attempts}
    tried = {attempt.way for attempt in attempts} & set(ways)
    late = len(days) >= NEEDED - 1
    return Tally(
        counted=min(len(days), NEEDED),
        day=len(days) < NEEDED,
        hour=late and len(parts) < 2,
        way=late and len(tried) < min(2, len(set(ways))),
    )


def _part(at: time) -> int:
    return (at >= _NOON) + (at >= _EVENING)


def same_try(one: Attempt, other: Attempt) -> bool:
    """Whether two attempts are one that was told twice: same day, same part of it, same way."""
    return (one.at.date(), _part(one.at.time()), one.way) == (other.at.date(), _part(other.at.time()), other.way)
