"""Two contacts that turn out to be one person: somebody who hid their number, and the same person under it."""

import json
from uuid import UUID

import sqlalchemy as sa

from bot.storage.database import Transaction
from bot.storage.models import addresses, consents, contacts, messages, referrals, sessions, submissions

_MOVED = (addresses, consents, messages, submissions, referrals)


def join(tx: Transaction, kept_id: UUID, other_id: UUID) -> bool:
    """Everything of `other` becomes `kept`'s, and `other` is gone. False when one of them is gone already.

    What both have (language, fields) stays as `kept` has it, a stop of either is a stop, and the conversation of `kept` goes on;
    where only `other` had one, that one does.
    """
    both = sa.select(contacts).where(contacts.c.id.in_((kept_id, other_id))).order_by(contacts.c.id).with_for_update()
    rows = {row.id: row for row in tx.execute(both)}
    kept, other = rows.get(kept_id), rows.get(other_id)
    if kept is None or other is None or kept_id == other_id:
        return False
    fields = _fields(tx, other) | _fields(tx, kept)
    for table in _MOVED:
        tx.execute(sa.update(table).where(table.c.contact_id == other_id).values(contact_id=kept_id))
    _move_session(tx, kept_id, other_id)
    tx.execute(
        sa.update(contacts)
        .where(contacts.c.id == kept_id)
        .values(
            language=kept.language or other.language,
            language_fixed=kept.language_fixed or (kept.language is None and other.language_fixed),
            stopped_at=kept.stopped_at or other.stopped_at,
            fields=tx.vault.seal(json.dumps(fields), "contacts.fields", kept_id) if fields else None,
            version=kept.version + other.version,
        )
    )
    tx.execute(sa.delete(contacts).where(contacts.c.id == other_id))
    return True


def _fields(tx: Transaction, row: "sa.Row[tuple[object, ...]]") -> dict[str, str]:
    opened = tx.vault.open_if_possible(row.fields, "contacts.fields", row.id) if row.fields else None
    fields: dict[str, str] = json.loads(opened) if opened else {}
    return fields


def _move_session(tx: Transaction, kept_id: UUID, other_id: UUID) -> None:
    """A sealed state is bound to its row, so it is sealed anew. A move of a publication that could be taken back goes with the old row."""
    rows = {row.contact_id: row for row in tx.execute(sa.select(sessions).where(sessions.c.contact_id.in_((kept_id, other_id))))}
    waiting = rows.get(other_id)
    if waiting is None or kept_id in rows:
        return
    state = tx.vault.open_if_possible(waiting.state, "sessions.state", other_id)
    if state is None:
        return
    values = {name: getattr(waiting, name) for name in ("flows_version", "flow", "node", "started_at", "waiting_until")}
    tx.execute(sa.insert(sessions).values(contact_id=kept_id, state=tx.vault.seal(state, "sessions.state", kept_id), **values))
