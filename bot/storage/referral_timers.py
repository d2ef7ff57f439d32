"""What falls due for a referral: planned once, done at most once, however often the job runs and wherever it dies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import ContactId, ReferralId
from bot.domain.ladder import CLOSING_ASKED, KINDS, UNSEEN, Kind
from bot.domain.referrals import OPEN
from bot.storage.database import Transaction
from bot.storage.models import referral_timers, referrals
from bot.storage.referrals import ReferralRow, from_row

# What ended longer ago than this, before anybody could plan the question after it, is left in peace.
_STILL_ASKED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing that falls due. `since` is what it counts from; `contact_id` whose referral it is."""

    referral_id: ReferralId
    contact_id: ContactId
    kind: Kind
    since: datetime
    due_at: datetime


def unplanned(tx: Transaction, limit: int) -> tuple[ReferralRow, ...]:
    """Referrals for which something has to be planned: a deadline, the rungs of a holding, the question after the end."""
    closed = sa.and_(referrals.c.outcome.in_(CLOSING_ASKED), referrals.c.closed_at > tx.now - _STILL_ASKED)
    wanted = sa.or_(
        sa.and_(referrals.c.state.in_(OPEN), ~_planned("missed", referrals.c.due_at)),
        sa.and_(referrals.c.state.in_(UNSEEN), ~_planned("reminder", referrals.c.held_since)),
        sa.and_(referrals.c.state == "closed", closed, ~_planned("closing", referrals.c.due_at)),
    )
    statement = sa.select(referrals).where(wanted).order_by(referrals.c.opened_at).limit(limit)
    return tuple(from_row(row) for row in tx.execute(statement))


def _planned(kind: Kind, since: "sa.ColumnElement[datetime]") -> sa.Exists:
    same = (referral_timers.c.referral_id == referrals.c.id, referral_timers.c.kind == kind, referral_timers.c.since == since)
    return sa.exists().where(*same)


def plan(tx: Transaction, timers: Sequence[Timer]) -> None:
    """Keep what falls due. What is planned already stays as it is, done or not."""
    if timers:
        values = [{"referral_id": timer.referral_id, "kind": timer.kind, "since": timer.since, "due_at": timer.due_at} for timer in timers]
        tx.execute(insert(referral_timers).on_conflict_do_nothing(), values)


def due(tx: Transaction, limit: int) -> tuple[Timer, ...]:
    """What is due now, longest due first. At one moment a missed deadline is told before anything is asked about it."""
    order = sa.case({kind: number for number, kind in enumerate(KINDS)}, value=referral_timers.c.kind)
    statement = (
        sa.select(referral_timers, referrals.c.contact_id)
        .join(referrals, referrals.c.id == referral_timers.c.referral_id)
        .where(referral_timers.c.done_at.is_(None), referral_timers.c.due_at <= tx.now)
        .order_by(referral_timers.c.due_at, order)
        .limit(limit)
    )
    return tuple(
        Timer(ReferralId(row.referral_id), ContactId(row.contact_id), row.kind, row.since, row.due_at) for row in tx.execute(statement)
    )


def claim(tx: Transaction, timer: Timer) -> bool:
    """Lock a timer. False when another process has it, or it was done meanwhile."""
    statement = sa.select(referral_timers.c.kind).where(*_same(timer), referral_timers.c.done_at.is_(None))
    return tx.execute(statement.with_for_update(skip_locked=True)).first() is not None


def finish(tx: Transaction, timer: Timer, result: str) -> None:
    """It is done, for good. `result` is `done`, or why there was nothing to do."""
    tx.execute(sa.update(referral_timers).where(*_same(timer)).values(done_at=tx.now, result=result))


def put_off(tx: Transaction, timer: Timer, until: datetime) -> None:
    """It is due later."""
    tx.execute(sa.update(referral_timers).where(*_same(timer)).values(due_at=until))


def was_asked(tx: Transaction, referral_id: UUID, kind: Kind) -> bool:
    """Whether a question of this kind went out for a referral, whatever it counted from."""
    same = (referral_timers.c.referral_id == referral_id, referral_timers.c.kind == kind, referral_timers.c.result == "done")
    return tx.execute(sa.select(referral_timers.c.kind).where(*same)).first() is not None


def pending(tx: Transaction, referral_id: UUID) -> tuple[tuple[Kind, datetime], ...]:
    """What still falls due for a referral, next first: (kind, when)."""
    statement = (
        sa.select(referral_timers.c.kind, referral_timers.c.due_at)
        .where(referral_timers.c.referral_id == referral_id, referral_timers.c.done_at.is_(None))
        .order_by(referral_timers.c.due_at)
    )
    return tuple((row.kind, row.due_at) for row in tx.execute(statement))


def _same(timer: Timer) -> tuple["sa.ColumnElement[bool]", ...]:
    return (
        referral_timers.c.referral_id == timer.referral_id,
        referral_timers.c.kind == timer.kind,
        referral_timers.c.since == timer.since,
    )
