"""The one session of a contact. State is opaque JSON here; flow and node are copied out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import ContactId
from bot.storage.database import Transaction, one_of
from bot.storage.models import contacts, sessions


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A stored session."""

    state: dict[str, Any]
    waiting_until: datetime


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to keep: its state, and where it stands."""

    contact_id: UUID
    state: dict[str, Any]
    flows_version: str
    flow: str
    node: str
    wait: timedelta


_LOAD = sa.select(sessions.c.contact_id, sessions.c.state, sessions.c.waiting_until).where(one_of(sessions.c.contact_id))


def load(tx: Transaction, contact_ids: Sequence[UUID]) -> dict[UUID, SessionRow]:
    """The waiting sessions of these contacts."""
    rows = tx.execute(_LOAD, {"ids": list(contact_ids)})
    return {
        row.contact_id: SessionRow(json.loads(tx.vault.open(row.state, "sessions.state", row.contact_id)), row.waiting_until)
        for row in rows
    }


_SAVE = insert(sessions)
_SAVE = _SAVE.on_conflict_do_update(
    index_elements=["contact_id"],
    set_={name: _SAVE.excluded[name] for name in ("flows_version", "flow", "node", "state", "waiting_until")},
)


def save(tx: Transaction, kept: Sequence[NewSession]) -> None:
    """Keep the sessions that wait now; each replaces its contact's earlier one."""
    if not kept:
        return
    values = [
        {
            "contact_id": session.contact_id,
            "flows_version": session.flows_version,
            "flow": session.flow,
            "node": session.node,
            "state": tx.vault.seal(json.dumps(session.state, ensure_ascii=False), "sessions.state", session.contact_id),
            "started_at": tx.now,
            "waiting_until": tx.now + session.wait,
        }
        for session in kept
    ]
    tx.execute(_SAVE, values)


def drop(tx: Transaction, contact_ids: Sequence[UUID]) -> None:
    """These sessions are over."""
    if contact_ids:
        tx.execute(sa.delete(sessions).where(sessions.c.contact_id.in_(contact_ids)))


def timed_out(tx: Transaction, lane: int, limit: int) -> tuple[ContactId, ...]:
    """Contacts of a lane whose wait is over, longest over first."""
    statement = (
        sa.select(sessions.c.contact_id)
        .join(contacts, contacts.c.id == sessions.c.contact_id)
        .where(sessions.c.waiting_until <= tx.now, contacts.c.lane == lane)
        .order_by(sessions.c.waiting_until)
        .limit(limit)
    )
    return tuple(ContactId(row.contact_id) for row in tx.execute(statement))


def waiting_lanes(tx: Transaction) -> tuple[int, ...]:
    """Lanes with a session whose wait is over."""
    statement = (
        sa.select(contacts.c.lane)
        .join(sessions, sessions.c.contact_id == contacts.c.id)
        .where(sessions.c.waiting_until <= tx.now)
        .distinct()
    )
    return tuple(row.lane for row in tx.execute(statement))
