"""What is to be sent: claimed with a lease, in order per key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from bot.domain.ids import OutboxId
from bot.storage.database import Transaction, new_id
from bot.storage.models import outbox

OPEN = ("due", "leased", "unknown")


def later(ordering_key: str) -> str:
    """The key of what waits for the morning: an answer to whoever writes at night must not queue behind it."""
    return f"{ordering_key}:later"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One thing to be sent. `subject_id` is the message or the notification."""

    id: OutboxId
    kind: str
    subject_id: UUID
    ordering_key: str
    attempts: int
    attempted_at: datetime | None


def add(tx: Transaction, rows: Sequence[tuple[str, UUID, str]], *, due_at: datetime | None = None) -> None:
    """Put (kind, subject id, ordering key) things into the outbox."""
    if rows:
        values = [
            {
                "id": new_id(),
                "kind": kind,
                "subject_id": subject,
                "ordering_key": key,
                "due_at": due_at or tx.now,
                "created_at": tx.now,
            }
            for kind, subject, key in rows
        ]
        tx.execute(sa.insert(outbox), values)


# The oldest open row of each key, and only that one: whatever is before it in the same key goes first. SKIP LOCKED lets
# several dispatchers claim side by side.
_CLAIM = sa.text(
    """
    UPDATE outbox SET state = 'leased', lease_until = :now + make_interval(secs => :lease), attempts = attempts + 1, attempted_at = :now
    WHERE id IN (
        SELECT o.id FROM outbox o
        WHERE o.state = 'due' AND o.due_at <= :now
          AND NOT EXISTS (
            SELECT 1 FROM outbox e
            WHERE e.ordering_key = o.ordering_key AND e.seq < o.seq AND e.state IN ('due', 'leased', 'unknown'))
        ORDER BY o.seq LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, subject_id, ordering_key, attempts, attempted_at, seq
    """
)


def claim(tx: Transaction, limit: int, lease: timedelta) -> list[OutboxRow]:
    """Take up to `limit` rows that may go now, oldest first, and lease them."""
    rows = tx.execute(_CLAIM, {"now": tx.now, "lease": lease.total_seconds(), "limit": limit}).all()
    return [
        OutboxRow(OutboxId(row.id), row.kind, row.subject_id, row.ordering_key, row.attempts, row.attempted_at)
        for row in sorted(rows, key=lambda row: int(row.seq))
    ]


def finish_sent(tx: Transaction, outbox_ids: Sequence[UUID]) -> None:
    """The rows are sent, for good."""
    if outbox_ids:
        tx.execute(
            sa.update(outbox).where(outbox.c.id.in_(outbox_ids)).values(state="sent", error_code=None, finished_at=tx.now, lease_until=None)
        )


def finish(tx: Transaction, outbox_id: UUID, state: str, error_code: str | None = None) -> None:
    """The row is `sent`, `failed` or `cancelled`, for good."""
    tx.execute(
        sa.update(outbox).where(outbox.c.id == outbox_id).values(state=state, error_code=error_code, finished_at=tx.now, lease_until=None)
    )


def put_off(tx: Transaction, outbox_id: UUID, wait: timedelta, error_code: str) -> None:
    """Try again after `wait`, unless a callback settled it or it was called back meanwhile."""
    called_back = outbox.c.expires_at <= tx.now
    tx.execute(
        sa.update(outbox)
        .where(outbox.c.id == outbox_id, outbox.c.state.in_(("leased", "unknown")))
        .values(
            state=sa.case((called_back, "cancelled"), else_="due"),
            finished_at=sa.case((called_back, tx.now), else_=None),
            due_at=tx.now + wait,
            error_code=error_code,
            lease_until=None,
        )
    )


def doubt(tx: Transaction, outbox_id: UUID, error_code: str) -> None:
    """The provider may have taken it: ask before sending again. A callback that came first has settled it already."""
    statement = sa.update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == "leased")
    tx.execute(statement.values(state="unknown", error_code=error_code, lease_until=None))


def doubt_expired(tx: Transaction) -> int:
    """A lease that ran out means that its holder died between sending and noting: nobody knows whether it was sent."""
    statement = (
        sa.update(outbox)
        .where(outbox.c.state == "leased", outbox.c.lease_until < tx.now)
        .values(state="unknown", error_code="lease_expired", lease_until=None)
    )
    return tx.execute(statement).rowcount


def doubtful(tx: Transaction, older_than: timedelta, limit: int) -> list[OutboxRow]:
    """Rows in doubt that were attempted long enough ago for a callback to have arrived; locked for this transaction."""
    statement = (
        sa.select(outbox)
        .where(outbox.c.state == "unknown", outbox.c.attempted_at < tx.now - older_than)
        .order_by(outbox.c.seq)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [
        OutboxRow(OutboxId(row.id), row.kind, row.subject_id, row.ordering_key, row.attempts, row.attempted_at)
        for row in tx.execute(statement)
    ]


def still_doubtful(tx: Transaction, outbox_id: UUID) -> bool:
    """Lock a row in doubt. False when a callback or another process settled it meanwhile."""
    statement = sa.select(outbox.c.id).where(outbox.c.id == outbox_id, outbox.c.state == "unknown").with_for_update()
    return tx.execute(statement).first() is not None


def settle(tx: Transaction, subject_id: UUID) -> bool:
    """A callback proves that this subject was sent, also when it is about to be sent again. True when its row was still open."""
    statement = (
        sa.update(outbox)
        .where(outbox.c.subject_id == subject_id, outbox.c.state.in_(OPEN))
        .values(state="sent", finished_at=tx.now, lease_until=None)
    )
    return tx.execute(statement).rowcount == 1


def cancel_for_key(tx: Transaction, ordering_key: str) -> int:
    """What waits for this key is not sent any more. How many. What is being sent now cannot be called back, and is not tried again."""
    being_sent = outbox.c.state.in_(("leased", "unknown"))
    tx.execute(
        sa.update(outbox).where(outbox.c.ordering_key.in_((ordering_key, later(ordering_key))), being_sent).values(expires_at=tx.now)
    )
    statement = (
        sa.update(outbox)
        .where(outbox.c.ordering_key.in_((ordering_key, later(ordering_key))), outbox.c.state == "due")
        .values(state="cancelled", finished_at=tx.now)
    )
    return tx.execute(statement).rowcount


def any_due(tx: Transaction) -> bool:
    """Whether something may go now."""
    return tx.execute(sa.select(outbox.c.id).where(outbox.c.state == "due", outbox.c.due_at <= tx.now).limit(1)).first() is not None
