"""How old the oldest waiting work is: alert on age, never on queue length."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.storage.database import Transaction
from bot.storage.models import contacts, messages, outbox, sweeps


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages in seconds of the oldest of each kind, 0 when there is none; `swept` is None when no sweep ever ran."""

    unhandled: float
    unsent: float
    doubtful: float
    swept: float | None


def ages(tx: Transaction) -> Ages:
    """What waits, and for how long."""
    unhandled = tx.execute(
        sa.select(sa.func.min(messages.c.created_at)).where(messages.c.inbound, messages.c.handled_at.is_(None))
    ).scalar()
    unsent = tx.execute(sa.select(sa.func.min(outbox.c.created_at)).where(outbox.c.state.in_(("due", "leased")))).scalar()
    doubtful = tx.execute(sa.select(sa.func.min(outbox.c.created_at)).where(outbox.c.state == "unknown")).scalar()
    swept = tx.execute(sa.select(sa.func.max(sweeps.c.ran_at)).where(sweeps.c.job == "sweep")).scalar()
    return Ages(_age(tx, unhandled) or 0.0, _age(tx, unsent) or 0.0, _age(tx, doubtful) or 0.0, _age(tx, swept))


def _age(tx: Transaction, moment: object) -> float | None:
    return max(0.0, (tx.now - moment).total_seconds()) if isinstance(moment, datetime) else None


def note_sweep(tx: Transaction, job: str) -> None:
    """A periodic job ran now."""
    statement = insert(sweeps).values(job=job, ran_at=tx.now).on_conflict_do_update(index_elements=["job"], set_={"ran_at": tx.now})
    tx.execute(statement)


def last_run(tx: Transaction, job: str) -> datetime | None:
    """When a periodic job last ran; None when it never did."""
    ran = tx.execute(sa.select(sa.func.max(sweeps.c.ran_at)).where(sweeps.c.job == job)).scalar()
    return ran if isinstance(ran, datetime) else None


def unhandled_lanes(tx: Transaction) -> tuple[int, ...]:
    """Lanes with unhandled messages."""
    statement = (
        sa.select(contacts.c.lane)
        .join(messages, messages.c.contact_id == contacts.c.id)
        .where(messages.c.inbound, messages.c.handled_at.is_(None))
        .distinct()
    )
    return tuple(row.lane for row in tx.execute(statement))


# Any number will do as long as it is ours alone: one sweeper at a time over all processes.
_SWEEP_LOCK = 0x0DE11051


def only_sweeper(tx: Transaction) -> bool:
    """Whether this transaction may sweep; others find out at once instead of waiting."""
    return bool(tx.execute(sa.select(sa.func.pg_try_advisory_xact_lock(_SWEEP_LOCK))).scalar())
