"""Referrals and their history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import ContactId, ReferralId
from bot.domain.referrals import OPEN, ReferralSummary, State, Urgency, due_at
from bot.storage.database import Transaction, new_id
from bot.storage.models import referral_events, referrals


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
        )
        .on_conflict_do_nothing(index_elements=[referrals.c.effect_key])
        .returning(referrals)
    )
    row = tx.execute(statement).one_or_none()
    if row is None:
        return None
    note(tx, row.id, move="offer", state="offered", by="service", door="flow", detail=reason)
    return _referral(row)


def note(tx: Transaction, referral_id: UUID, *, move: str, state: str, by: str, door: str, detail: str = "") -> None:
    """One line of a referral's history: who, when, by which door."""
    tx.execute(
        sa.insert(referral_events).values(
            id=new_id(), referral_id=referral_id, move=move, state=state, by=by, door=door, detail=detail, at=tx.now
        )
    )


def of_contacts(tx: Transaction, contact_ids: Sequence[UUID]) -> dict[UUID, tuple[ReferralRow, ...]]:
    """The referrals of each of these contacts, oldest first."""
    statement = sa.select(referrals).where(referrals.c.contact_id.in_(contact_ids)).order_by(referrals.c.opened_at)
    found: dict[UUID, tuple[ReferralRow, ...]] = {}
    for row in tx.execute(statement):
        found[row.contact_id] = (*found.get(row.contact_id, ()), _referral(row))
    return found


def by_codes(tx: Transaction, codes: Iterable[str]) -> tuple[ReferralRow, ...]:
    """Referrals by public code."""
    return tuple(_referral(row) for row in tx.execute(sa.select(referrals).where(referrals.c.code.in_(list(codes)))))


def lock_by_code(tx: Transaction, code: str) -> ReferralRow | None:
    """A referral by public code, locked: two caseworkers who answer at once, one winner."""
    row = tx.execute(sa.select(referrals).where(referrals.c.code == code).with_for_update()).one_or_none()
    return _referral(row) if row else None


def held_by(tx: Transaction, partners: Sequence[str]) -> tuple[ReferralRow, ...]:
    """Open referrals that are these partners' to act on, oldest first. A declined one is open, but somebody else's to place."""
    held = (referrals.c.partner.in_(partners), referrals.c.state.in_(OPEN), referrals.c.state != "declined")
    statement = sa.select(referrals).where(*held).order_by(referrals.c.opened_at)
    return tuple(_referral(row) for row in tx.execute(statement))


def set_state(tx: Transaction, referral_id: UUID, state: State) -> None:
    """Write a state that the state machine allowed."""
    closed = tx.now if state not in OPEN else None
    tx.execute(sa.update(referrals).where(referrals.c.id == referral_id).values(state=state, closed_at=closed))


def decliners(tx: Transaction, referral_id: UUID) -> frozenset[str]:
    """The partners that declined a referral."""
    statement = sa.select(referral_events.c.by).where(referral_events.c.referral_id == referral_id, referral_events.c.move == "decline")
    return frozenset(row.by.removeprefix("partner:") for row in tx.execute(statement))


def offer(tx: Transaction, referral_id: UUID, *, partner: str, reason: str) -> ReferralRow:
    """Offer a declined referral to another partner. Its deadline stays: the person was told it."""
    statement = (
        sa.update(referrals)
        .where(referrals.c.id == referral_id)
        .values(partner=partner, reason=reason, state="offered", closed_at=None)
        .returning(referrals)
    )
    row = tx.execute(statement).one()
    note(tx, referral_id, move="offer", state="offered", by="service", door="refusal", detail=reason)
    return _referral(row)


def _referral(row: "sa.Row[tuple[object, ...]]") -> ReferralRow:
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
    )
