"""Referrals and their history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import ContactId, ReferralId
from bot.domain.referrals import HANDING, OPEN, Move, ReferralSummary, State, Urgency, due_at, move, outcome_of
from bot.storage.database import Transaction, new_id, one_of
from bot.storage.history import Author, note
from bot.storage.models import OPEN_REFERRAL, referrals


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A stored referral."""

    id: ReferralId
    contact_id: ContactId
    code: str
    state: State
    need: str
    place: str
    urgency: Urgency
    partner: str
    opened_at: datetime
    due_at: datetime
    held_since: datetime
    closed_at: datetime | None = None
    outcome: str | None = None

    @property
    def summary(self) -> ReferralSummary:
        """What the person may be told."""
        return ReferralSummary(self.code, self.state, self.need, self.partner, self.urgency, self.opened_at, self.due_at)


def add(
    tx: Transaction,
    contact_id: UUID,
    *,
    code: str,
    effect_key: str,
    need: str,
    place: str,
    urgency: Urgency,
    partner: str,
    reason: str,
    submission_id: UUID | None,
) -> ReferralRow | None:
    """Open a referral. None when the same turn opened it before."""
    referral_id = new_id()
    statement = (
        insert(referrals)
        .values(
            id=referral_id,
            contact_id=contact_id,
            submission_id=submission_id,
            code=code,
            effect_key=effect_key,
            state="offered",
            need=need,
            place=place,
            urgency=urgency,
            partner=partner,
            reason=reason,
            opened_at=tx.now,
            due_at=due_at(tx.now, urgency),
            held_since=tx.now,
        )
        .on_conflict_do_nothing(index_elements=[referrals.c.effect_key])
        .returning(referrals)
    )
    row = tx.execute(statement).one_or_none()
    if row is None:
        return None
    note(tx, row.id, move="offer", state="offered", by="service", door="flow", detail=reason, partner=partner)
    return from_row(row)


def step(tx: Transaction, row: ReferralRow, what: Move, author: Author, *, reason: str = "", detail: str = "") -> ReferralRow:
    """Make a move that leaves the holder as it is. The referral afterwards; the same one when there was nothing to do.

    Raises `Conflict` when the move is not legal. `row` has to be locked.
    """
    state = move(row.state, what, author.actor, reason)
    if state == row.state and what != "try":
        return row
    outcome = outcome_of(state, reason)
    closed = None if state in OPEN else tx.now
    moved = sa.update(referrals).where(referrals.c.id == row.id).values(state=state, closed_at=closed, outcome=outcome)
    found = tx.execute(moved.returning(referrals)).one()
    _note_step(tx, from_row(found), what, author, reason, detail)
    return from_row(found)


def hand(
    tx: Transaction,
    row: ReferralRow,
    what: Move,
    author: Author,
    *,
    partner: str,
    why: str,
    reason: str = "",
    place: str | None = None,
    renewed: bool = False,
) -> ReferralRow:
    """Give a referral to another holder, by `offer`, `transfer` or `reopen`: the only way, so that exactly one partner holds it.

    `why` is what the new holder reads, `reason` the code that is counted. The deadline stays, for the person was told it; a reopened
    referral gets a new one, and so does one that is overdue, for nobody can be promised a day that is over, or `renewed`.
    Raises `Conflict` when the move is not legal. `row` has to be locked.
    """
    state = move(row.state, what, author.actor, reason)
    if state == row.state and (what not in HANDING or partner == row.partner):
        return row
    values = {"partner": partner, "reason": why, "state": state, "held_since": tx.now, "closed_at": None, "outcome": None}
    if renewed or what == "reopen" or row.due_at <= tx.now:
        values["due_at"] = due_at(tx.now, row.urgency)
    handed = sa.update(referrals).where(referrals.c.id == row.id).values(**values, place=row.place if place is None else place)
    found = tx.execute(handed.returning(referrals)).one()
    _note_step(tx, from_row(found), what, author, reason, why)
    return from_row(found)


def _note_step(tx: Transaction, row: ReferralRow, what: Move, author: Author, reason: str, detail: str) -> None:
    note(
        tx,
        row.id,
        move=what,
        state=row.state,
        by=author.by,
        door=author.door,
        detail=detail,
        reason=reason,
        partner=row.partner,
        member=author.member,
    )


_OF_CONTACTS = sa.select(referrals).where(one_of(referrals.c.contact_id)).order_by(referrals.c.opened_at)


def of_contacts(tx: Transaction, contact_ids: Sequence[UUID]) -> dict[UUID, tuple[ReferralRow, ...]]:
    """The referrals of each of these contacts, oldest first."""
    found: dict[UUID, tuple[ReferralRow, ...]] = {}
    for row in tx.execute(_OF_CONTACTS, {"ids": list(contact_ids)}):
        found[row.contact_id] = (*found.get(row.contact_id, ()), from_row(row))
    return found


def by_codes(tx: Transaction, codes: Iterable[str]) -> tuple[ReferralRow, ...]:
    """Referrals by public code."""
    return tuple(from_row(row) for row in tx.execute(sa.select(referrals).where(referrals.c.code.in_(list(codes)))))


def lock_by_code(tx: Transaction, code: str) -> ReferralRow | None:
    """A referral by public code, locked: two caseworkers who answer at once, one winner."""
    row = tx.execute(sa.select(referrals).where(referrals.c.code == code).with_for_update()).one_or_none()
    return from_row(row) if row else None


def held_by(tx: Transaction, partners: Sequence[str]) -> tuple[ReferralRow, ...]:
    """Open referrals of these partners, oldest first. A declined one is there when nobody else was left to offer it to."""
    held = (referrals.c.partner.in_(partners), referrals.c.state.in_(OPEN))
    statement = sa.select(referrals).where(*held).order_by(referrals.c.opened_at)
    return tuple(from_row(row) for row in tx.execute(statement))


def in_states(tx: Transaction, states: Sequence[State], *, urgency: Urgency) -> tuple[ReferralRow, ...]:
    """All referrals of an urgency in these states, oldest first."""
    statement = sa.select(referrals).where(referrals.c.state.in_(states), referrals.c.urgency == urgency)
    return tuple(from_row(row) for row in tx.execute(statement.order_by(referrals.c.opened_at)))


def opened_since(tx: Transaction, days: int) -> tuple[ReferralRow, ...]:
    """What was opened in the last days, oldest first."""
    statement = sa.select(referrals).where(referrals.c.opened_at > tx.now - timedelta(days=days)).order_by(referrals.c.opened_at)
    return tuple(from_row(row) for row in tx.execute(statement))


_LOADS = sa.select(referrals.c.partner, sa.func.count().label("open")).where(OPEN_REFERRAL).group_by(referrals.c.partner)


def loads(tx: Transaction) -> dict[str, int]:
    """How many open referrals each partner holds."""
    return {row.partner: row.open for row in tx.execute(_LOADS)}


def lock(tx: Transaction, referral_id: UUID) -> ReferralRow | None:
    """A referral, locked."""
    row = tx.execute(sa.select(referrals).where(referrals.c.id == referral_id).with_for_update()).one_or_none()
    return from_row(row) if row else None


def open_twin(tx: Transaction, contact_id: UUID, *, need: str, place: str, but: UUID) -> ReferralRow | None:
    """The contact's other open referral for the same need in the same place."""
    same = (referrals.c.contact_id == contact_id, referrals.c.need == need, referrals.c.place == place, referrals.c.id != but)
    statement = sa.select(referrals).where(*same, referrals.c.state.in_(OPEN)).order_by(referrals.c.opened_at).limit(1)
    row = tx.execute(statement).one_or_none()
    return from_row(row) if row else None


def from_row(row: "sa.Row[tuple[object, ...]]") -> ReferralRow:
    """A referral from a row of its table."""
    return ReferralRow(
        ReferralId(row.id),
        ContactId(row.contact_id),
        row.code,
        row.state,
        row.need,
        row.place,
        row.urgency,
        row.partner,
        row.opened_at,
        row.due_at,
        row.held_since,
        row.closed_at,
        row.outcome,
    )
