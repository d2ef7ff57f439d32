"""What caseworkers were asked, what they noted, and the links to a person's details."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import ReferralId
from bot.storage.database import Transaction, new_id
from bot.storage.models import casework_questions, detail_links, referral_notes

# A link is opened at the desk it was asked from, or not at all.
LINK_OPENS_FOR = timedelta(minutes=30)
# A number that comes a day after the question answers something else.
QUESTION_STANDS_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Question:
    """What a caseworker was asked last: to complete this command, about this code; `rest` is what was said with it already."""

    command: str
    code: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was opened, once."""

    referral_id: ReferralId
    partner: str


def ask(tx: Transaction, member: str, question: Question) -> None:
    """Remember what a caseworker was asked."""
    question_id = new_id()
    rest = tx.vault.seal(question.rest, "casework_questions.rest", question_id)
    values = {"id": question_id, "command": question.command, "code": question.code, "rest": rest, "at": tx.now}
    statement = insert(casework_questions).values(member=member, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=[casework_questions.c.member], set_=values))


def asked(tx: Transaction, member: str) -> Question | None:
    """What a caseworker was asked last and has not answered."""
    recent = (casework_questions.c.member == member, casework_questions.c.at > tx.now - QUESTION_STANDS_FOR)
    row = tx.execute(sa.select(casework_questions).where(*recent)).one_or_none()
    if row is None:
        return None
    return Question(row.command, row.code, tx.vault.open_if_possible(row.rest, "casework_questions.rest", row.id) or "")


def answered(tx: Transaction, member: str) -> None:
    """Nothing is open with a caseworker."""
    tx.execute(sa.delete(casework_questions).where(casework_questions.c.member == member))


def add_note(tx: Transaction, referral_id: UUID, *, partner: str, member: str, text: str) -> None:
    """Keep a caseworker's words, sealed. The same words again are the same note."""
    if text in notes(tx, referral_id, partner):
        return
    note_id = new_id()
    sealed = tx.vault.seal(text, "referral_notes.text", note_id)
    values = {"referral_id": referral_id, "partner": partner, "member": member, "text": sealed, "at": tx.now}
    tx.execute(sa.insert(referral_notes).values(id=note_id, **values))


def notes(tx: Transaction, referral_id: UUID, partner: str) -> tuple[str, ...]:
    """What a partner noted about a referral, oldest first; never what another partner noted."""
    own = (referral_notes.c.referral_id == referral_id, referral_notes.c.partner == partner)
    rows = tx.execute(sa.select(referral_notes).where(*own).order_by(referral_notes.c.seq))
    opened = (tx.vault.open_if_possible(row.text, "referral_notes.text", row.id) for row in rows)
    return tuple(text for text in opened if text is not None)


def new_link(tx: Transaction, referral_id: UUID, *, partner: str, member: str) -> str:
    """The token of a fresh link, for the address alone: here only its hash stays. Earlier links of the same caseworker are over."""
    token = secrets.token_urlsafe(16)
    earlier = (detail_links.c.referral_id == referral_id, detail_links.c.member == member)
    tx.execute(sa.delete(detail_links).where(*earlier, detail_links.c.opened_at.is_(None)))
    values = {"referral_id": referral_id, "partner": partner, "member": member, "expires_at": tx.now + LINK_OPENS_FOR}
    tx.execute(sa.insert(detail_links).values(hash=_hash(token), **values))
    return token


def open_link(tx: Transaction, token: str) -> Link | None:
    """Use a link up. None when there is none, or it is used or over: of two who open it at once, one gets it."""
    unused = (detail_links.c.hash == _hash(token), detail_links.c.opened_at.is_(None), detail_links.c.expires_at > tx.now)
    row = tx.execute(sa.update(detail_links).where(*unused).values(opened_at=tx.now).returning(detail_links)).one_or_none()
    return Link(ReferralId(row.referral_id), row.partner) if row else None


def drop_links(tx: Transaction, referral_id: UUID) -> None:
    """No link to these details opens any more."""
    tx.execute(sa.delete(detail_links).where(detail_links.c.referral_id == referral_id, detail_links.c.opened_at.is_(None)))


def saw_details(tx: Transaction, referral_id: UUID) -> tuple[str, ...]:
    """The partners that opened a person's details: they have to hear of a withdrawal, whoever holds the referral now."""
    opened = (detail_links.c.referral_id == referral_id, detail_links.c.opened_at.is_not(None))
    return tuple(row.partner for row in tx.execute(sa.select(detail_links.c.partner).where(*opened).distinct()))


def _hash(token: str) -> bytes:
    """Tokens have 128 random bits: a plain hash cannot be searched."""
    return sha256(token.encode()).digest()
