"""The history of a referral: every move with who, when, by which door, why, and who held it afterwards."""

from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa

from bot.domain.attempts import Attempt, Way
from bot.domain.referrals import Actor
from bot.storage.database import Transaction, new_id
from bot.storage.models import referral_events

# After these an earlier silence proves nothing any more.
_FRESH_START = ("offer", "transfer", "reopen", "contact", "serve")


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a move and by which door. `member` is the opaque id of a registered address."""

    actor: Actor
    door: str
    partner: str = ""
    member: str = ""

    @property
    def by(self) -> str:
        """How histories name them: `partner:baos_diourbel`, `contact`, `service`."""
        return f"{self.actor}:{self.partner}" if self.partner else self.actor


# The reason of a hand-over that the ladder makes: nobody looked in time.
SILENCE = "not_seen"
SERVICE = Author("service", "timer")


def note(
    tx: Transaction,
    referral_id: UUID,
    *,
    move: str,
    state: str,
    by: str,
    door: str,
    detail: str = "",
    reason: str = "",
    partner: str = "",
    member: str = "",
) -> None:
    """One line of a referral's history: who, when, by which door, why, and who holds it afterwards."""
    tx.execute(
        sa.insert(referral_events).values(
            id=new_id(),
            referral_id=referral_id,
            move=move,
            state=state,
            by=by,
            door=door,
            detail=detail,
            reason=reason,
            partner=partner,
            member=member,
            at=tx.now,
        )
    )


def decliners(tx: Transaction, referral_id: UUID) -> frozenset[str]:
    """The partners that declined a referral."""
    declined = (referral_events.c.referral_id == referral_id, referral_events.c.move == "decline")
    statement = sa.select(referral_events.c.partner, referral_events.c.by).where(*declined)
    return frozenset(row.partner or row.by.partition(":")[2] for row in tx.execute(statement))


def holders(tx: Transaction, referral_id: UUID) -> tuple[str, ...]:
    """Every partner that ever held a referral, in order, the present one last."""
    statement = (
        sa.select(referral_events.c.partner)
        .where(referral_events.c.referral_id == referral_id, referral_events.c.partner != "")
        .order_by(referral_events.c.seq)
    )
    found = [str(row.partner) for row in tx.execute(statement)]
    return tuple(dict.fromkeys(reversed(found)))[::-1]


def follower(tx: Transaction, referral_id: UUID) -> str:
    """Who moved a referral last by a text of their own (the opaque id of their address); "" when nobody has."""
    moved = (referral_events.c.referral_id == referral_id, referral_events.c.member != "")
    statement = sa.select(referral_events.c.member).where(*moved).order_by(referral_events.c.seq.desc()).limit(1)
    return str(tx.execute(statement).scalar() or "")


def attempts(tx: Transaction, referral_id: UUID, partner: str) -> tuple[Attempt, ...]:
    """The attempts of a partner that reached nobody, since the person was last reached or the referral was last handed over."""
    statement = (
        sa.select(referral_events.c.move, referral_events.c.detail, referral_events.c.at)
        .where(referral_events.c.referral_id == referral_id, referral_events.c.partner == partner)
        .order_by(referral_events.c.seq)
    )
    found: list[Attempt] = []
    for row in tx.execute(statement):
        if row.move == "try":
            way: Way = row.detail
            found.append(Attempt(row.at, way))
        elif row.move in _FRESH_START:
            found.clear()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Done:
    """What a partner did with a referral: the move, and the reason it gave as a code."""

    move: str
    reason: str


def last_done(tx: Transaction, referral_id: UUID, partner: str) -> Done | None:
    """What a partner did last with a referral: its own doing, not what happened to it there."""
    own = (referral_events.c.referral_id == referral_id, referral_events.c.by.in_((f"partner:{partner}", f"coordinator:{partner}")))
    found = sa.select(referral_events.c.move, referral_events.c.reason).where(*own)
    row = tx.execute(found.order_by(referral_events.c.seq.desc()).limit(1)).one_or_none()
    return Done(row.move, row.reason) if row else None


def lost_by_silence(tx: Transaction, referral_id: UUID, partner: str) -> bool:
    """Whether a partner that no longer holds a referral lost it because it did not answer in time."""
    statement = (
        sa.select(referral_events.c.partner, referral_events.c.reason)
        .where(referral_events.c.referral_id == referral_id, referral_events.c.partner != "")
        .order_by(referral_events.c.seq)
    )
    reasons = [after.reason for before, after in pairwise(tx.execute(statement)) if before.partner == partner != after.partner]
    return reasons[-1:] == [SILENCE]


def last_move(tx: Transaction, referral_id: UUID) -> tuple[str, str] | None:
    """The last move of a referral and the caseworker who made it, empty where none did."""
    statement = (
        sa.select(referral_events.c.move, referral_events.c.member)
        .where(referral_events.c.referral_id == referral_id)
        .order_by(referral_events.c.seq.desc())
        .limit(1)
    )
    row = tx.execute(statement).one_or_none()
    return (str(row.move), str(row.member)) if row else None


def last_by(tx: Transaction, member: str) -> tuple[UUID, str] | None:
    """The referral that a caseworker moved last, and the move."""
    statement = (
        sa.select(referral_events.c.referral_id, referral_events.c.move)
        .where(referral_events.c.member == member)
        .order_by(referral_events.c.seq.desc())
        .limit(1)
    )
    row = tx.execute(statement).one_or_none()
    return (row.referral_id, str(row.move)) if row else None
