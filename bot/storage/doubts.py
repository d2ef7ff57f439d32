"""Sends that nobody knows about: the call broke, or whoever made it died before it was noted."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from bot.storage.database import Transaction
from bot.storage.models import outbox
from bot.storage.outbox import OutboxRow, row_of

# The code of a row whose answer was lost, where the provider has no list and no report came in time. A later report still settles it.
NEVER_REPORTED = "never_reported"


def note(tx: Transaction, outbox_id: UUID, error_code: str) -> None:
    """The provider may have taken it: ask before sending again. A callback that came first has settled it already."""
    statement = sa.update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == "leased")
    tx.execute(statement.values(state="unknown", error_code=error_code, lease_until=None))


def from_leases(tx: Transaction) -> int:
    """A lease that ran out means that its holder died between sending and noting: nobody knows whether it was sent."""
    statement = (
        sa.update(outbox)
        .where(outbox.c.state == "leased", outbox.c.lease_until < tx.now)
        .values(state="unknown", error_code="lease_expired", lease_until=None)
    )
    return tx.execute(statement).rowcount


def waiting(tx: Transaction, older_than: timedelta, limit: int) -> list[OutboxRow]:
    """Rows in doubt that were attempted long enough ago for a callback to have arrived; locked for this transaction."""
    statement = (
        sa.select(outbox)
        .where(outbox.c.state == "unknown", outbox.c.attempted_at < tx.now - older_than)
        .order_by(outbox.c.seq)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [row_of(row) for row in tx.execute(statement)]


def lock(tx: Transaction, outbox_id: UUID) -> bool:
    """Lock a row in doubt. False when a callback or another process settled it meanwhile."""
    statement = sa.select(outbox.c.id).where(outbox.c.id == outbox_id, outbox.c.state == "unknown").with_for_update()
    return tx.execute(statement).first() is not None


_SETTLE = sa.text(
    """
    UPDATE outbox SET state = 'sent', finished_at = :now, lease_until = NULL, error_code = NULL
    WHERE subject_id = :subject
      AND (state IN ('due', 'leased', 'unknown') OR (state = 'failed' AND error_code = :given_up))
      AND (:arrived OR NOT (CAST(:provider AS text) = ANY (spent_ids)))
    """
)


def settle(tx: Transaction, subject_id: UUID, provider_id: str = "", *, arrived: bool = False) -> bool:
    """A callback proves that this subject was sent, also when it is about to be sent again. True when its row was still open.

    A late word on an attempt that was reported as failed proves nothing, unless the message has `arrived` all the same.
    """
    values = {"now": tx.now, "subject": subject_id, "provider": provider_id, "arrived": arrived, "given_up": NEVER_REPORTED}
    return tx.execute(_SETTLE, values).rowcount == 1
