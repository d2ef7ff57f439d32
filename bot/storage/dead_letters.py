"""The outbox as an admin looks at it: what failed, what is in doubt, what waits; without a text, a name or an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from bot.domain.messages import Status
from bot.storage.database import Transaction
from bot.storage.models import messages, notifications, outbox

# What an admin is shown without asking for more: nothing here goes on by itself soon.
STUCK = ("failed", "unknown", "parked")
STATES = ("due", "leased", "unknown", "parked", "sent", "failed", "cancelled")
# A retried message is worth sending for so long.
_AGAIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of the outbox. `node` says where its words were said, `partner` who a notice is for."""

    id: UUID
    state: str
    kind: str
    subject_id: UUID
    channel: str
    node: str
    partner: str
    code: str
    attempts: int
    created_at: datetime
    due_at: datetime
    expires_at: datetime | None
    finished_at: datetime | None


def listed(tx: Transaction, states: Sequence[str], code: str | None, limit: int) -> list[Letter]:
    """Rows in these states, the oldest first."""
    return _letters(tx, _SELECT.where(_in(states, code)).order_by(outbox.c.seq).limit(limit))


def count(tx: Transaction, states: Sequence[str], code: str | None) -> dict[str, int]:
    """How many rows there are by state."""
    statement = sa.select(outbox.c.state, sa.func.count().label("rows")).where(_in(states, code)).group_by(outbox.c.state)
    return {row.state: row.rows for row in tx.execute(statement)}


def starting_with(tx: Transaction, beginning: str) -> list[Letter]:
    """The rows whose id begins so; two are enough to know that it is not clear which."""
    found = sa.cast(outbox.c.id, sa.Text).startswith(beginning.lower(), autoescape=True)
    return _letters(tx, _SELECT.where(found).limit(2))


def ids(tx: Transaction, states: Sequence[str], code: str | None) -> list[UUID]:
    """Every row in these states."""
    return [row.id for row in tx.execute(sa.select(outbox.c.id).where(_in(states, code)))]


def retry(tx: Transaction, chosen: Sequence[UUID], *, doubtful: bool = False) -> int:
    """Send these again, now. How many; what is sent, about to be sent or in doubt is left alone, the last but for `doubtful`."""
    states = ("failed", "parked", *(("unknown",) if doubtful else ()))
    expired = sa.and_(outbox.c.state == "cancelled", outbox.c.error_code == "expired")
    again = sa.and_(outbox.c.id.in_(chosen), sa.or_(outbox.c.state.in_(states), expired))
    statement = sa.update(outbox).where(again).returning(outbox.c.subject_id)
    values = {"state": "due", "due_at": tx.now, "expires_at": tx.now + _AGAIN, "attempts": 0, "error_code": None, "finished_at": None}
    subjects = [row.subject_id for row in tx.execute(statement.values(**values, lease_until=None, moved=False, plain=False))]
    for table in (messages, notifications):
        failed = sa.and_(table.c.id.in_(subjects), table.c.status.in_((int(Status.UNDELIVERED), int(Status.FAILED))))
        tx.execute(sa.update(table).where(failed).values(status=int(Status.QUEUED), error_code=None, provider_id=None))
    return len(subjects)


def drop(tx: Transaction, chosen: Sequence[UUID]) -> int:
    """Never send these. How many."""
    given_up = sa.and_(outbox.c.id.in_(chosen), outbox.c.state.in_(("due", "parked", "failed", "unknown")))
    statement = sa.update(outbox).where(given_up)
    return tx.execute(statement.values(state="cancelled", error_code="dropped", finished_at=tx.now, lease_until=None)).rowcount


def _in(states: Sequence[str], code: str | None) -> sa.ColumnElement[bool]:
    chosen = outbox.c.state.in_(states)
    return chosen if code is None else sa.and_(chosen, outbox.c.error_code == code)


_SELECT = (
    sa.select(
        outbox,
        # Not the row's own channel: what was over before rows knew theirs never learnt it.
        sa.func.coalesce(messages.c.channel, notifications.c.means, "").label("means"),
        sa.func.coalesce(messages.c.node, sa.literal("notice.") + notifications.c.event, "").label("node"),
        sa.func.coalesce(notifications.c.partner, "").label("partner"),
    )
    .outerjoin(messages, messages.c.id == outbox.c.subject_id)
    .outerjoin(notifications, notifications.c.id == outbox.c.subject_id)
)


def _letters(tx: Transaction, statement: "sa.Select[tuple[object, ...]]") -> list[Letter]:
    return [
        Letter(
            row.id,
            row.state,
            row.kind,
            row.subject_id,
            row.means,
            row.node,
            row.partner,
            row.error_code or "",
            row.attempts,
            row.created_at,
            row.due_at,
            row.expires_at,
            row.finished_at,
        )
        for row in tx.execute(statement)
    ]
