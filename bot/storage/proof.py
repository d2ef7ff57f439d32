"""What became of one person's messages, counted: how a test proves that nothing was lost and nothing done twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from bot.storage.database import Transaction
from bot.storage.models import messages, notifications, outbox, referrals, submissions


@dataclass(frozen=True, slots=True)
class Proof:
    """Counts about the people who sent some messages. `received` are those messages that are there, `unhandled` what waits or broke.

    `replies` were said in answer, `pending` of all that is to be sent has not gone, `lost` never will.
    """

    people: int = 0
    received: int = 0
    unhandled: int = 0
    replies: int = 0
    intakes: int = 0
    referrals: int = 0
    notices: int = 0
    pending: int = 0
    lost: int = 0


def count(tx: Transaction, provider_ids: Sequence[str]) -> Proof:
    """About the people who sent these messages, named by the provider's ids."""
    sent = messages.c.inbound & messages.c.provider_id.in_(provider_ids)
    people = [row.contact_id for row in tx.execute(sa.select(messages.c.contact_id).where(sent).distinct())]
    if not people:
        return Proof()
    theirs = messages.c.contact_id.in_(people)
    bad = messages.c.inbound & (messages.c.handled_at.is_(None) | messages.c.fault.is_not(None))
    notices = sa.select(notifications.c.id).join(referrals).where(referrals.c.contact_id.in_(people))
    said = sa.select(messages.c.id).where(theirs, ~messages.c.inbound)
    rows = outbox.c.subject_id.in_(sa.union_all(said, notices))
    return Proof(
        people=len(people),
        received=_number(tx, sa.select(sa.func.count()).where(sent)),
        unhandled=_number(tx, sa.select(sa.func.count()).where(theirs, bad)),
        replies=_number(tx, sa.select(sa.func.count()).where(theirs, ~messages.c.inbound)),
        intakes=_mine(tx, submissions, people),
        referrals=_mine(tx, referrals, people),
        notices=_number(tx, sa.select(sa.func.count()).select_from(notices.subquery())),
        pending=_number(tx, sa.select(sa.func.count()).where(rows, outbox.c.state.in_(("due", "leased", "unknown", "parked")))),
        lost=_number(tx, sa.select(sa.func.count()).where(rows, outbox.c.state.in_(("failed", "cancelled")))),
    )


def _mine(tx: Transaction, table: sa.Table, people: Sequence[UUID]) -> int:
    return _number(tx, sa.select(sa.func.count()).select_from(table).where(table.c.contact_id.in_(people)))


def _number(tx: Transaction, statement: sa.Select[Any]) -> int:
    found = tx.execute(statement).scalar()
    return found if isinstance(found, int) else 0
