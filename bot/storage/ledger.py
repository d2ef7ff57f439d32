"""What the books say about one conversation, in numbers: for drills that check that nothing was lost and nothing done twice."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.messages import Status
from bot.storage.database import Transaction
from bot.storage.models import contacts, messages, notifications, outbox, referrals, submissions


@dataclass(frozen=True, slots=True)
class Book:
    """Counts for the contact who sent some messages. `kept` are those of the messages that have a row, `handled` those answered.

    `outcomes` are the states of the outbox rows of the replies, each with how many there are; `notices` the notices about
    its referrals and `notices_sent` those that the provider took.
    """

    kept: int
    handled: int
    faults: int
    replies: int
    outcomes: dict[str, int]
    submissions: int
    referrals: tuple[str, ...]
    notices: int
    notices_sent: int
    stopped: bool


def book(tx: Transaction, provider_ids: Sequence[str]) -> Book | None:
    """The book of the contact who sent the messages with these ids of the provider; None when none of them is known."""
    wanted = messages.c.inbound & messages.c.provider_id.in_(provider_ids)
    rows = tx.execute(sa.select(messages.c.contact_id, messages.c.handled_at, messages.c.fault).where(wanted)).all()
    if not rows:
        return None
    contact = rows[0].contact_id
    replies = sa.select(messages.c.id).where(messages.c.contact_id == contact, ~messages.c.inbound)
    states = sa.select(outbox.c.state, sa.func.count().label("rows")).where(outbox.c.subject_id.in_(replies)).group_by(outbox.c.state)
    codes = [row.code for row in tx.execute(sa.select(referrals.c.code).where(referrals.c.contact_id == contact)).all()]
    notices = _notices(tx, contact)
    return Book(
        kept=len(rows),
        handled=sum(row.handled_at is not None for row in rows),
        faults=sum(row.fault is not None for row in rows),
        replies=_count(tx, replies),
        outcomes={str(row.state): int(row.rows) for row in tx.execute(states)},
        submissions=_count(tx, sa.select(submissions.c.id).where(submissions.c.contact_id == contact)),
        referrals=tuple(str(code) for code in codes),
        notices=len(notices),
        notices_sent=sum(status > int(Status.QUEUED) or known for status, known in notices),
        stopped=tx.execute(sa.select(contacts.c.stopped_at).where(contacts.c.id == contact)).scalar() is not None,
    )


def _notices(tx: Transaction, contact: object) -> list[tuple[int, bool]]:
    chosen = sa.select(notifications.c.status, notifications.c.provider_id).join(referrals, referrals.c.id == notifications.c.referral_id)
    rows = tx.execute(chosen.where(referrals.c.contact_id == contact, notifications.c.event == "opened")).all()
    return [(int(row.status), row.provider_id is not None) for row in rows]


def _count(tx: Transaction, chosen: "sa.Select[tuple[object, ...]]") -> int:
    return int(str(tx.execute(sa.select(sa.func.count()).select_from(chosen.subquery())).scalar() or 0))


def waiting(tx: Transaction) -> int:
    """How many messages are not answered, and rows of the outbox not sent, that are due now or in work."""
    inbound = sa.select(messages.c.id).where(messages.c.inbound, messages.c.handled_at.is_(None))
    open_rows = sa.select(outbox.c.id).where(
        outbox.c.state.in_(("leased", "unknown")) | ((outbox.c.state == "due") & (outbox.c.due_at <= tx.now))
    )
    return _count(tx, inbound) + _count(tx, open_rows)


__all__ = ["Book", "book", "waiting"]
