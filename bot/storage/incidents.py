"""What an admin has to look at. One open row a matter; more of the same only counts. No personal data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.storage.database import Transaction, new_id
from bot.storage.models import incidents

Kind = Literal[
    "sender_refused",
    "template_refused",
    "template_missing",
    "queue_ageing",
    "day_limit",
    "notice_failed",
    "partner_stopped",
    "dead_letter",
    "webhooks_missed",
    "partner_untold",
    "referral_unseen",
    "holidays_missing",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One matter. `subject` names a channel, a template, a queue, a partner or an outbox row, never a person."""

    id: UUID
    kind: Kind
    subject: str
    code: str
    times: int
    first_at: datetime
    last_at: datetime
    told_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None


def note(tx: Transaction, kind: Kind, subject: str, code: str = "") -> None:
    """It happened: a new matter, or once more of an open one."""
    statement = insert(incidents).values(id=new_id(), kind=kind, subject=subject, code=code, first_at=tx.now, last_at=tx.now)
    again = {"times": incidents.c.times + 1, "last_at": tx.now}
    columns = [incidents.c.kind, incidents.c.subject, incidents.c.code]
    tx.execute(statement.on_conflict_do_update(index_elements=columns, index_where=incidents.c.closed_at.is_(None), set_=again))


def close(tx: Transaction, ids: Sequence[UUID], by: str) -> int:
    """These are dealt with. How many were open."""
    statement = sa.update(incidents).where(incidents.c.id.in_(ids), incidents.c.closed_at.is_(None))
    return tx.execute(statement.values(closed_at=tx.now, closed_by=by)).rowcount


def close_matter(tx: Transaction, kind: Kind, subject: str) -> None:
    """This is over."""
    open_one = sa.and_(incidents.c.kind == kind, incidents.c.subject == subject, incidents.c.closed_at.is_(None))
    tx.execute(sa.update(incidents).where(open_one).values(closed_at=tx.now, closed_by="time"))


def close_others(tx: Transaction, kind: Kind, subjects: Sequence[str]) -> None:
    """Of this kind only these matters go on."""
    over = sa.and_(incidents.c.kind == kind, incidents.c.subject.not_in(subjects), incidents.c.closed_at.is_(None))
    tx.execute(sa.update(incidents).where(over).values(closed_at=tx.now, closed_by="time"))


def close_quiet(tx: Transaction, before: datetime) -> int:
    """What has not happened again since then is over by itself. How many."""
    statement = sa.update(incidents).where(incidents.c.last_at < before, incidents.c.closed_at.is_(None))
    return tx.execute(statement.values(closed_at=tx.now, closed_by="time")).rowcount


def listed(tx: Transaction, *, closed: bool = False, limit: int = 50) -> list[IncidentRow]:
    """Open matters, or with `closed` all of them; the latest first."""
    statement = sa.select(incidents).order_by(incidents.c.last_at.desc(), incidents.c.id).limit(limit)
    if not closed:
        statement = statement.where(incidents.c.closed_at.is_(None))
    return [_row(row) for row in tx.execute(statement)]


def starting_with(tx: Transaction, beginning: str) -> tuple[UUID, ...]:
    """The open matters whose id begins so."""
    found = sa.and_(sa.cast(incidents.c.id, sa.Text).startswith(beginning, autoescape=True), incidents.c.closed_at.is_(None))
    return tuple(row.id for row in tx.execute(sa.select(incidents.c.id).where(found).limit(2)))


def untold(tx: Transaction, told_before: datetime) -> list[IncidentRow]:
    """Open matters that nobody was told of, or long ago and they still go on; locked, oldest first."""
    due = sa.or_(incidents.c.told_at.is_(None), sa.and_(incidents.c.told_at < told_before, incidents.c.last_at > incidents.c.told_at))
    statement = sa.select(incidents).where(incidents.c.closed_at.is_(None), due).order_by(incidents.c.first_at)
    return [_row(row) for row in tx.execute(statement.with_for_update(skip_locked=True))]


def mark_told(tx: Transaction, ids: Sequence[UUID]) -> None:
    """An admin is told of these."""
    tx.execute(sa.update(incidents).where(incidents.c.id.in_(ids)).values(told_at=tx.now))


def _row(row: "sa.Row[tuple[object, ...]]") -> IncidentRow:
    return IncidentRow(
        row.id, row.kind, row.subject, row.code, row.times, row.first_at, row.last_at, row.told_at, row.closed_at, row.closed_by
    )
