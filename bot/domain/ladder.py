"""The ladder: what happens, and when, while nobody has seen a referral. Pure: a referral's times and a calendar give the rungs.

Each rung is due when its share of the time to the deadline is used up without an answer. Of a normal referral working hours are
counted, for nobody reads at night; of an urgent one every hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from bot.domain.calendar import Calendar, Hours
from bot.domain.referrals import DEADLINES, State, Urgency

# Who is written to: the holder again, its deputy; then who takes over: the region's coordinator, the national desk.
Rung = Literal["reminder", "deputy", "coordinator", "national"]
RUNGS: tuple[Rung, ...] = get_args(Rung)
# These give the referral to somebody else, and the person hears of it.
HANDING_RUNGS: tuple[Rung, ...] = ("coordinator", "national")
# What else falls due for a referral: its deadline, the question whether somebody was in touch, the question after its end.
Kind = Literal["reminder", "deputy", "coordinator", "national", "missed", "follow_up", "closing"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Tier = Literal["partner", "coordinator", "national"]

# While it is so, nobody has seen the referral, and the next rung is due. VU ends it.
UNSEEN: tuple[State, ...] = ("offered",)
# While it is so, nobody was in touch with the person, and the deadline can be missed.
UNTOUCHED: tuple[State, ...] = ("new", "offered", "seen", "accepted", "declined")
# The flows of the questions that the service begins by itself.
QUESTION_FLOWS: Mapping[Kind, str] = {"follow_up": "follow_up", "closing": "closing_question"}
# When the person is asked whether somebody was in touch.
ASKED_AFTER: Mapping[Urgency, timedelta] = {
    "emergency": timedelta(days=3),
    "urgent": timedelta(days=3),
    "normal": timedelta(days=14),
}
# The one closing question comes a day after the end: what was promised last has had the time to happen.
CLOSING_AFTER = timedelta(days=1)
# Only after these there is something to ask about: whoever moved away, withdrew or was not found is left in peace.
CLOSING_ASKED = ("served", "partly_served", "referred_on")
# Whoever gets a referral late, or again, has at least this part of the whole time before the next one is asked.
_LEAST = 4

Shares = Mapping[Urgency, Mapping[Rung, float]]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The national desk (a partner), and the share of the time to the deadline after which each rung is due."""

    national: str
    shares: Shares


# Of a directory without one: nobody is asked next.
NO_LADDER = Ladder("", {})


@dataclass(frozen=True, slots=True)
class Holding:
    """What the rungs of a referral follow from: how urgent it is, since when its holder holds it, until when, and in which hours
    the holder reads."""

    urgency: Urgency
    since: datetime
    due_at: datetime
    hours: Hours


def rungs_for(tier: Tier) -> tuple[Rung, ...]:
    """The rungs that are left when a referral is held by a partner, by the region's coordinator or by the national desk."""
    above: Mapping[Tier, int] = {"partner": 4, "coordinator": 3, "national": 2}
    kept = RUNGS if tier != "coordinator" else ("reminder", "deputy", "national")
    return kept[: above[tier]]


def rung_due(ladder: Ladder, calendar: Calendar, holding: Holding, rung: Rung) -> datetime:
    """When a rung is due if nobody has seen the referral by then."""
    until = _until(holding)
    share = ladder.shares[holding.urgency][rung]
    if holding.urgency != "normal":
        return holding.since + (until - holding.since) * share
    worked = calendar.worked(holding.hours, holding.since, until)
    # A holder without hours, or a deadline that falls among closed days alone: then time passes as on any clock.
    due = calendar.after(holding.hours, holding.since, worked * share) if worked else None
    return due or holding.since + (until - holding.since) * share


def _until(holding: Holding) -> datetime:
    return max(holding.due_at, holding.since + DEADLINES[holding.urgency] / _LEAST)


def asked_at(calendar: Calendar, urgency: Urgency, since: datetime) -> datetime:
    """When the person is asked whether somebody was in touch: never at night; a normal matter keeps Sundays and holidays free."""
    at = since + ASKED_AFTER[urgency]
    return calendar.next_unasked(at) if urgency == "normal" else calendar.next_waking(at)


def closing_at(calendar: Calendar, closed: datetime) -> datetime:
    """When the one closing question is asked."""
    return calendar.next_unasked(closed + CLOSING_AFTER)
