"""What owners of offers were asked when an offer was over, and what they answered."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from bot.domain.addresses import Address
from bot.domain.confirmations import Answer
from bot.storage.database import Transaction, new_id
from bot.storage.models import offer_answers, offer_confirmations


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one owner, with the last answer to it: `goes_on` is None while there is none."""

    id: UUID
    offer: str
    expiry: date
    partner: str
    code: str
    asked_at: datetime
    goes_on: bool | None
    valid_until: date | None
    answered_at: datetime | None


def ask(tx: Transaction, *, offer: str, expiry: date, partner: str, recipient: Address, code: str) -> UUID | None:
    """Keep that an owner is asked. None when the same owner was asked about the same last day before."""
    statement = (
        insert(offer_confirmations)
        .values(
            id=new_id(),
            offer=offer,
            expiry=expiry,
            partner=partner,
            hash=tx.vault.hash_address(recipient),
            code=code,
            asked_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["offer", "expiry", "hash"])
        .returning(offer_confirmations.c.id)
    )
    row = tx.execute(statement).one_or_none()
    return row.id if row else None


def answer(tx: Transaction, question_id: UUID, *, valid_until: date | None) -> None:
    """Keep an answer: the offer goes on until then, or, with None, it is over."""
    goes_on = valid_until is not None
    tx.execute(sa.insert(offer_answers).values(confirmation_id=question_id, goes_on=goes_on, valid_until=valid_until, at=tx.now))


def asked_of(tx: Transaction, address: Address) -> list[Question]:
    """What was asked at this address, oldest first."""
    return _read(tx, offer_confirmations.c.hash == tx.vault.hash_address(address))


def everything(tx: Transaction) -> list[Question]:
    """All questions, oldest first."""
    return _read(tx, sa.true())


def answers(tx: Transaction) -> tuple[Answer, ...]:
    """The last answer to each question, in the order in which they were given."""
    given = [(one.answered_at, one) for one in everything(tx) if one.answered_at is not None]
    return tuple(Answer(one.offer, one.expiry, one.valid_until) for _, one in sorted(given, key=lambda pair: pair[0]))


def _read(tx: Transaction, wanted: sa.ColumnElement[bool]) -> list[Question]:
    newest_first = (offer_answers.c.confirmation_id, offer_answers.c.seq.desc())
    last = sa.select(offer_answers).ext(distinct_on(offer_answers.c.confirmation_id)).order_by(*newest_first).subquery()
    statement = (
        sa.select(offer_confirmations, last.c.goes_on, last.c.valid_until, last.c.at)
        .outerjoin(last, last.c.confirmation_id == offer_confirmations.c.id)
        .where(wanted)
        .order_by(offer_confirmations.c.asked_at, offer_confirmations.c.code)
    )
    return [
        Question(row.id, row.offer, row.expiry, row.partner, row.code, row.asked_at, row.goes_on, row.valid_until, row.at)
        for row in tx.execute(statement)
    ]
