"""What is to be sent: claimed with a lease, in order per key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from bot.domain.addresses import CHANNEL_TYPES, POST_TYPES
from bot.domain.ids import OutboxId
from bot.storage.database import Transaction, new_id
from bot.storage.models import outbox

OPEN = ("due", "leased", "unknown")


def later(ordering_key: str) -> str:
    """The key of what waits for the morning: an answer to whoever writes at night must not queue behind it."""
    return f"{ordering_key}:later"


def now(ordering_key: str) -> str:
    """The key of the same recipient, whatever waits for the morning."""
    return ordering_key.removesuffix(":later")


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One thing to be sent. `subject_id` is the message or the notification; it may go from `due_at` on, and after `expires_at` it helps
    nobody any more."""

    id: OutboxId
    kind: str
    subject_id: UUID
    ordering_key: str
    attempts: int
    attempted_at: datetime | None
    created_at: datetime
    due_at: datetime
    expires_at: datetime | None = None
    plain: bool = False
    moved: bool = False
    code: str | None = None


def add(
    tx: Transaction, rows: Sequence[tuple[str, UUID, str, str]], *, due_at: datetime | None = None, lifetime: timedelta | None = None
) -> None:
    """Put (kind, subject id, ordering key, channel) things into the outbox. `lifetime` counts from when they are due."""
    expires_at = (due_at or tx.now) + lifetime if lifetime is not None else None
    if rows:
        values = [
            {
                "id": new_id(),
                "kind": kind,
                "subject_id": subject,
                "ordering_key": key,
                "channel": channel,
                "due_at": due_at or tx.now,
                "expires_at": expires_at,
                "created_at": tx.now,
            }
            for kind, subject, key, channel in rows
        ]
        tx.execute(sa.insert(outbox), values)


# The oldest open row of each key, and only that one: whatever is before it in the same key goes first. Asked for as a minimum, it is
# one look into an index for each row that is due; as a join it was at times two passes over the whole table. For each channel in the
# order in which they fell due, which an index has: with a backlog of a hundred thousand rows, as after an outage, it stops at the first
# that can go. What goes by a channel whose sender is halted is not looked at, and keeps its place. SKIP LOCKED lets several dispatchers
# claim side by side.
_CLAIM = sa.text(
    """
    WITH ready AS MATERIALIZED (
        SELECT first.id FROM unnest(CAST(:channels AS text[])) AS by (channel)
        CROSS JOIN LATERAL (
            SELECT o.id, o.due_at FROM outbox o
            WHERE o.channel = by.channel AND o.state = 'due' AND o.due_at <= :now
              AND o.seq = (
                SELECT min(e.seq) FROM outbox e
                WHERE e.ordering_key = o.ordering_key AND e.state IN ('due', 'leased', 'unknown'))
            ORDER BY o.due_at LIMIT :limit FOR UPDATE SKIP LOCKED) AS first
        WHERE NOT EXISTS (SELECT 1 FROM paces p WHERE p.key = 'sender:' || by.channel AND p.paused_until > :now)
        ORDER BY first.due_at LIMIT :limit)
    UPDATE outbox SET state = 'leased', lease_until = :now + make_interval(secs => :lease), attempts = attempts + 1, attempted_at = :now
    FROM ready WHERE outbox.id = ready.id
    RETURNING
        outbox.id, kind, subject_id, ordering_key, attempts, attempted_at, created_at, due_at, expires_at, plain, moved, error_code, seq
    """
)
_CHANNELS = [*CHANNEL_TYPES, *POST_TYPES]


def claim(tx: Transaction, limit: int, lease: timedelta) -> list[OutboxRow]:
    """Take up to `limit` rows that may go now, those that have been due for longest, and lease them. The oldest first."""
    values = {"now": tx.now, "lease": lease.total_seconds(), "limit": limit, "channels": _CHANNELS}
    return [row_of(row) for row in sorted(tx.execute(_CLAIM, values).all(), key=lambda row: int(row.seq))]


def row_of(row: Any) -> OutboxRow:
    """A row of the table."""
    return OutboxRow(
        OutboxId(row.id),
        row.kind,
        row.subject_id,
        row.ordering_key,
        row.attempts,
        row.attempted_at,
        row.created_at,
        row.due_at,
        row.expires_at,
        row.plain,
        row.moved,
        row.error_code,
    )


# A report may overtake the answer to the send: what it reported as failed meanwhile is not sent by that answer.
_FINISH_SENT = sa.text(
    """
    UPDATE outbox o SET state = 'sent', error_code = NULL, finished_at = :now, lease_until = NULL
    FROM unnest(CAST(:ids AS uuid[]), CAST(:providers AS text[])) AS taken (id, provider)
    WHERE o.id = taken.id AND o.state IN ('due', 'leased', 'unknown', 'sent') AND NOT (taken.provider = ANY (o.spent_ids))
    """
)


def finish_sent(tx: Transaction, taken: Sequence[tuple[UUID, str]]) -> None:
    """These rows are sent: (outbox id, provider id)."""
    if taken:
        values = {"now": tx.now, "ids": [row for row, _ in taken], "providers": [provider for _, provider in taken]}
        tx.execute(_FINISH_SENT, values)


def finish(tx: Transaction, outbox_id: UUID, state: str, error_code: str | None = None) -> None:
    """The row is `sent`, `failed` or `cancelled`, for good."""
    tx.execute(
        sa.update(outbox).where(outbox.c.id == outbox_id).values(state=state, error_code=error_code, finished_at=tx.now, lease_until=None)
    )


_PUT_OFF = sa.text(
    """
    UPDATE outbox o SET
        state = CASE WHEN o.expires_at <= :now THEN 'cancelled' ELSE 'due' END,
        finished_at = CASE WHEN o.expires_at <= :now THEN CAST(:now AS timestamptz) END,
        due_at = held.due_at, error_code = held.code, lease_until = NULL,
        attempts = CASE WHEN :counted THEN o.attempts ELSE greatest(o.attempts - 1, 0) END,
        plain = o.plain OR :plain
    FROM unnest(CAST(:ids AS uuid[]), CAST(:due AS timestamptz[]), CAST(:codes AS text[])) AS held (id, due_at, code)
    WHERE o.id = held.id AND o.state IN ('leased', 'unknown')
    """
)


def put_off(tx: Transaction, outbox_id: UUID, wait: timedelta, error_code: str, *, counted: bool = True, plain: bool = False) -> None:
    """Try again after `wait`, unless a callback settled it or it was called back meanwhile.

    `counted=False`: refused only for its pace, the attempt does not count. `plain`: next time without buttons.
    """
    _put_off(tx, [(outbox_id, wait, error_code)], counted=counted, plain=plain)


def hold(tx: Transaction, held: Sequence[tuple[UUID, timedelta, str]]) -> None:
    """These (outbox id, wait, why) were held before they were sent: the attempt does not count."""
    _put_off(tx, held, counted=False, plain=False)


def _put_off(tx: Transaction, held: Sequence[tuple[UUID, timedelta, str]], *, counted: bool, plain: bool) -> None:
    if held:
        columns = {
            "ids": [row for row, _, _ in held],
            "due": [tx.now + wait for _, wait, _ in held],
            "codes": [code for _, _, code in held],
        }
        tx.execute(_PUT_OFF, columns | {"now": tx.now, "counted": counted, "plain": plain})


def park(tx: Transaction, outbox_id: UUID, error_code: str) -> None:
    """Wait for the person to write: then it goes, and until then it keeps nobody else waiting."""
    statement = sa.update(outbox).where(outbox.c.id == outbox_id, outbox.c.state.in_(("leased", "unknown")))
    called_back = outbox.c.expires_at <= tx.now
    tx.execute(
        statement.values(
            state=sa.case((called_back, "cancelled"), else_="parked"),
            error_code=error_code,
            lease_until=None,
            attempts=outbox.c.attempts - 1,
        )
    )


def release(tx: Transaction, ordering_keys: Sequence[str]) -> int:
    """These people wrote: what was parked for them goes now, in its order, but for what is too old. How many."""
    if not ordering_keys:
        return 0
    keys = [key for ordering_key in ordering_keys for key in (ordering_key, later(ordering_key))]
    statement = (
        sa.update(outbox)
        .where(outbox.c.ordering_key.in_(keys), outbox.c.state == "parked")
        .values(state="due", due_at=tx.now, error_code=None)
    )
    return tx.execute(statement).rowcount


def retract(tx: Transaction, subject_id: UUID, provider_id: str) -> OutboxRow | None:
    """The provider reports that the attempt `provider_id` failed after all: the row is open again, once for each attempt.

    None when it is open anyway, over for another reason, or this attempt was reported before.
    """
    statement = (
        sa.update(outbox)
        .where(outbox.c.subject_id == subject_id, outbox.c.state == "sent", sa.literal(provider_id) != sa.all_(outbox.c.spent_ids))
        .values(state="unknown", finished_at=None, spent_ids=sa.func.array_append(outbox.c.spent_ids, provider_id))
        .returning(outbox)
    )
    row = tx.execute(statement).one_or_none()
    return row_of(row) if row else None


def readdress(tx: Transaction, outbox_id: UUID, ordering_key: str, channel: str) -> None:
    """It goes to another address, by its channel, and now."""
    open_still = outbox.c.state.in_((*OPEN, "parked"))
    tx.execute(
        sa.update(outbox)
        .where(outbox.c.id == outbox_id, open_still)
        .values(
            state="due",
            ordering_key=ordering_key,
            channel=channel,
            due_at=tx.now,
            attempts=0,
            lease_until=None,
            error_code=None,
            moved=True,
        )
    )


def parked(tx: Transaction, ordering_key: str) -> list[OutboxRow]:
    """What waits for somebody to write, locked, in its order."""
    keys = (ordering_key, later(ordering_key))
    statement = sa.select(outbox).where(outbox.c.ordering_key.in_(keys), outbox.c.state == "parked").order_by(outbox.c.seq)
    return [row_of(row) for row in tx.execute(statement.with_for_update())]


def expired(tx: Transaction, limit: int) -> list[OutboxRow]:
    """What waits and is too old to help anybody, locked."""
    old = sa.and_(outbox.c.state.in_(("due", "parked")), outbox.c.expires_at <= tx.now)
    statement = sa.select(outbox).where(old).order_by(outbox.c.seq).limit(limit)
    return [row_of(row) for row in tx.execute(statement.with_for_update(skip_locked=True))]


def cancel_for_key(tx: Transaction, ordering_key: str) -> int:
    """What waits for this key is not sent any more. How many. What is being sent now cannot be called back, and is not tried again."""
    return _cancel(tx, outbox.c.ordering_key.in_((ordering_key, later(ordering_key))))


def cancel_for_subjects(tx: Transaction, subject_ids: Sequence[UUID]) -> int:
    """These messages or notices are not sent any more. How many; as above for what is being sent."""
    return _cancel(tx, outbox.c.subject_id.in_(subject_ids)) if subject_ids else 0


def _cancel(tx: Transaction, which: "sa.ColumnElement[bool]") -> int:
    tx.execute(sa.update(outbox).where(which, outbox.c.state.in_(("leased", "unknown"))).values(expires_at=tx.now))
    waiting = sa.update(outbox).where(which, outbox.c.state.in_(("due", "parked")))
    return tx.execute(waiting.values(state="cancelled", finished_at=tx.now)).rowcount


def any_due(tx: Transaction) -> bool:
    """Whether something may go now."""
    return tx.execute(sa.select(outbox.c.id).where(outbox.c.state == "due", outbox.c.due_at <= tx.now).limit(1)).first() is not None


def oldest_due(tx: Transaction, many_attempts: int) -> float:
    """For how many seconds the oldest row has been due, 0 when none is. What was tried so often counts from when it was written:
    its next attempt is always soon."""
    since = sa.case((outbox.c.attempts >= many_attempts, outbox.c.created_at), else_=outbox.c.due_at)
    oldest = tx.execute(sa.select(sa.func.min(since)).where(outbox.c.state.in_(("due", "leased")))).scalar()
    return max(0.0, (tx.now - oldest).total_seconds()) if isinstance(oldest, datetime) else 0.0
