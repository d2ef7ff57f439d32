"""How much one person or one sender may send: a pace, and breakers per day. Pure: what was spent goes in and comes out."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

_KEPT_TEXTS = 12


@dataclass(frozen=True, slots=True)
class Limits:
    """`burst` messages at once, then `per_second`; per day at most so many messages, segments, and times of one text.

    0 is no limit.
    """

    burst: float = 0.0
    per_second: float = 0.0
    day_messages: int = 0
    day_segments: int = 0
    day_repeats: int = 0


@dataclass(frozen=True, slots=True)
class Spent:
    """What went out under one key, or has its place to.

    `day` is the day of the counts, `tokens` what is left of the burst at `refilled_at`.
    `texts` are the last few, each as a digest and how often it came. Nothing goes out before `paused_until`.
    """

    day: date
    refilled_at: datetime
    tokens: float
    messages: int = 0
    segments: int = 0
    texts: tuple[tuple[str, int], ...] = ()
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Its place in the pace: what is spent with it, and in how long it may go."""

    spent: Spent
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Paused:
    """Nothing goes now, and nothing is spent."""

    span: timedelta


Reason = Literal["day_messages", "day_segments", "day_repeats"]


@dataclass(frozen=True, slots=True)
class Tripped:
    """A breaker: more than anybody needs in a day, so something is wrong, and a person has to look."""

    reason: Reason


def fresh(now: datetime, limits: Limits) -> Spent:
    """Nothing spent yet."""
    return Spent(now.date(), now, limits.burst)


def charge(
    spent: Spent, limits: Limits, now: datetime, *, segments: int = 1, digest: str = "", first: bool = True, free: bool = False
) -> Place | Paused | Tripped:
    """The place of one more message, which has it from now on; or how long everything is paused; or which breaker holds it.

    Only the `first` attempt of a message counts for the day; each takes a place. A `free` one is counted and goes at once.
    """
    if spent.paused_until is not None and spent.paused_until > now:
        return Paused(spent.paused_until - now)
    today = spent if spent.day == now.date() else replace(spent, day=now.date(), messages=0, segments=0, texts=())
    counted = _counted(today, segments, digest) if first else today
    tripped = _tripped(counted, limits) if first and not free else None
    if tripped is not None:
        return Tripped(tripped)
    if not limits.per_second or free:
        return Place(counted)
    # The clocks of two machines differ: time that runs backwards takes nothing away. Tokens below zero are places given away ahead.
    elapsed = max(0.0, (now - spent.refilled_at).total_seconds())
    tokens = min(limits.burst, spent.tokens + elapsed * limits.per_second) - 1.0
    wait = timedelta(seconds=max(0.0, -tokens) / limits.per_second)
    return Place(replace(counted, tokens=tokens, refilled_at=now), wait)


def _counted(spent: Spent, segments: int, digest: str) -> Spent:
    others = tuple((text, times) for text, times in spent.texts if text != digest)
    again = (digest, dict(spent.texts).get(digest, 0) + 1)
    # The newest last: a machine that answers a machine says the same few things in turn.
    texts = (*others, again)[-_KEPT_TEXTS:] if digest else spent.texts
    return replace(spent, messages=spent.messages + 1, segments=spent.segments + segments, texts=texts)


def _tripped(spent: Spent, limits: Limits) -> Reason | None:
    counts: tuple[tuple[Reason, int, int], ...] = (
        ("day_messages", spent.messages, limits.day_messages),
        ("day_segments", spent.segments, limits.day_segments),
        ("day_repeats", spent.texts[-1][1] if spent.texts else 0, limits.day_repeats),
    )
    return next((reason for reason, count, limit in counts if limit and count > limit), None)
