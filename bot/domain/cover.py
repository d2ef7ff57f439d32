"""When nobody reads for a partner any more: what it holds goes on to somebody who does, unless one is back in time. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args

from bot.domain.addresses import Address
from bot.domain.ladder import UNTOUCHED
from bot.domain.members import Member, Team, team
from bot.domain.referrals import DEADLINES, State, Urgency

# Nobody is named any more; whoever was named has not said yes, or has said no; everybody stopped our messages; everybody is away.
Lack = Literal["left", "unjoined", "stopped", "absent"]
LACKS: tuple[Lack, ...] = get_args(Lack)
# So long an invitation may still be answered: who was asked on a Friday evening reads it on Sunday.
ANSWERED_WITHIN = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody reads for a partner: why, and the first day on which somebody does again, None when no day is known. `hoped` is until
    when somebody who was invited may still say yes, None where nobody is asked."""

    why: Lack
    back: date | None = None
    hoped: datetime | None = None


def hearing(everyone: Team, silent: Collection[Address]) -> Team:
    """The members that hear from us: whoever stopped our messages reads nothing, and stands in for nobody."""
    return team((member for member in everyone.members.values() if member.address not in silent), everyone.day)


def gap_of(everyone: Team, silent: Collection[Address], partner: str) -> Gap:
    """Why nobody reads for a partner. To be asked only where nobody does."""
    own = [member for member in everyone.members.values() if member.partner == partner]
    # An invitation to whoever stopped our messages is not read.
    asked = [member.invited_at for member in own if _waits(member) and member.address not in silent]
    hoped = max(asked) + ANSWERED_WITHIN if asked else None
    heard = hearing(everyone, silent)
    if heard.of(partner):
        back = heard.back(partner)
        return Gap("absent", None if back == date.max else back, hoped)
    if any(_verified(member) for member in own):
        return Gap("stopped", hoped=hoped)
    return Gap("unjoined" if own else "left", hoped=hoped)


def outlasts(gap: Gap, *, state: State, urgency: Urgency, due_at: datetime, now: datetime) -> bool:
    """Whether nobody is back in time for a referral: before its deadline while nobody was in touch with the person, and afterwards
    within the time that a referral of this urgency has. A gap without an end outlasts everything, but what is neither urgent nor
    overdue waits for the answer to a fresh invitation."""
    overdue = state in UNTOUCHED and due_at <= now
    if gap.hoped is not None and now < gap.hoped and urgency == "normal" and not overdue:
        return False
    if gap.back is None:
        return True
    back = datetime.combine(gap.back, time(), UTC)
    return back > due_at if state in UNTOUCHED else back - now > DEADLINES[urgency]


def _verified(member: Member) -> bool:
    return member.verified_at is not None and member.refused_at is None


def _waits(member: Member) -> bool:
    return member.verified_at is None and member.refused_at is None
