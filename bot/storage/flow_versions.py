"""Stored versions of the flows, which one is active, and the conversations that wait on each."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.storage.database import Transaction
from bot.storage.models import contacts, flow_activations, flow_signatures, flow_versions, session_moves, sessions


@dataclass(frozen=True, slots=True)
class Activation:
    """A version was made active."""

    seq: int
    version: str
    kind: str
    author: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that waits for its person: its opened state, and the sealed one that it was read from."""

    contact_id: UUID
    state: dict[str, Any]
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Moved:
    """A conversation at its new place."""

    before: Waiting
    state: dict[str, Any]
    flows_version: str
    flow: str
    node: str


def keep(tx: Transaction, version: str, files: bytes) -> None:
    """Store a version. One that is stored stays as it is."""
    tx.execute(insert(flow_versions).values(id=version, files=files, stored_at=tx.now).on_conflict_do_nothing())


def files_of(tx: Transaction, version: str) -> bytes | None:
    """The files of a stored version."""
    found = tx.execute(sa.select(flow_versions.c.files).where(flow_versions.c.id == version)).scalar()
    return bytes(found) if isinstance(found, bytes | memoryview) else None


def stored(tx: Transaction, versions: Collection[str] = ()) -> frozenset[str]:
    """The ids of the stored versions; of these, when some are named."""
    statement = sa.select(flow_versions.c.id)
    return frozenset(row.id for row in tx.execute(statement.where(flow_versions.c.id.in_(versions)) if versions else statement))


def activate(tx: Transaction, version: str, kind: str, author: str, note: str) -> int:
    """New conversations begin with this version from the end of the transaction on. The number of the activation.

    One publication at a time: two at once would each plan for conversations that the other moves.
    """
    tx.execute(sa.text("LOCK TABLE flow_activations IN EXCLUSIVE MODE"))
    values = {"version": version, "kind": kind, "author": author, "note": note, "at": tx.now}
    seq = tx.execute(sa.insert(flow_activations).values(values).returning(flow_activations.c.seq)).scalar_one()
    return int(str(seq))


def active(tx: Transaction) -> str | None:
    """The version that new conversations begin with; None when nothing was ever published. Reads one row of an index."""
    found = tx.execute(sa.select(flow_activations.c.version).order_by(flow_activations.c.seq.desc()).limit(1)).scalar()
    return str(found) if found is not None else None


def history(tx: Transaction) -> tuple[Activation, ...]:
    """Every activation, newest first."""
    rows = tx.execute(sa.select(flow_activations).order_by(flow_activations.c.seq.desc()))
    return tuple(Activation(row.seq, row.version, row.kind, row.author, row.note, row.at) for row in rows)


def waiting_counts(tx: Transaction) -> dict[str, int]:
    """Version -> how many conversations wait on it."""
    rows = tx.execute(sa.select(sessions.c.flows_version, sa.func.count().label("many")).group_by(sessions.c.flows_version))
    return {row.flows_version: row.many for row in rows}


def waiting(tx: Transaction, contact_ids: Collection[UUID] | None = None) -> list[Waiting]:
    """The conversations that wait, all or those of these contacts. One whose state does not open is left out."""
    statement = sa.select(sessions.c.contact_id, sessions.c.state).order_by(sessions.c.contact_id)
    if contact_ids is not None:
        statement = statement.where(sessions.c.contact_id.in_(contact_ids))
    found = []
    for row in tx.execute(statement):
        text = tx.vault.open_if_possible(row.state, "sessions.state", row.contact_id)
        if text is not None:
            found.append(Waiting(row.contact_id, json.loads(text), bytes(row.state)))
    return found


def lock(tx: Transaction, contact_ids: Collection[UUID]) -> None:
    """Hold these contacts until the end of the transaction. Waits for a turn that is being taken; workers pass over them meanwhile."""
    statement = sa.select(contacts.c.id).where(contacts.c.id.in_(contact_ids)).order_by(contacts.c.id).with_for_update()
    tx.execute(statement).all()


def move(tx: Transaction, activation: int, moved: Sequence[Moved]) -> None:
    """Put locked conversations at their new places, and keep how they were."""
    for one in moved:
        contact_id = one.before.contact_id
        state = tx.vault.seal(json.dumps(one.state, ensure_ascii=False), "sessions.state", contact_id)
        mine = sessions.c.contact_id == contact_id
        was = sa.select(
            sessions.c.contact_id,
            sa.literal(activation, sa.BigInteger),
            *(sessions.c.flows_version, sessions.c.flow, sessions.c.node, sessions.c.state),
            sa.literal(state, sa.LargeBinary),
        ).where(mine)
        tx.execute(sa.insert(session_moves).from_select([column.name for column in session_moves.c], was))
        tx.execute(sa.update(sessions).where(mine).values(flows_version=one.flows_version, flow=one.flow, node=one.node, state=state))


def put_back(tx: Transaction, since: int) -> int:
    """Undo the moves of the activations after `since`, newest first, where nothing was said since: the very bytes of before.

    How many conversations were put back at least once.
    """
    moves = tx.execute(sa.select(session_moves).where(session_moves.c.activation > since).order_by(session_moves.c.activation.desc())).all()
    lock(tx, {row.contact_id for row in moves})
    back: set[UUID] = set()
    for row in moves:
        unchanged = (sessions.c.contact_id == row.contact_id) & (sessions.c.state == row.moved)
        values = {"flows_version": row.flows_version, "flow": row.flow, "node": row.node, "state": row.state}
        if tx.execute(sa.update(sessions).where(unchanged).values(values)).rowcount:
            back.add(row.contact_id)
    tx.execute(sa.delete(session_moves).where(session_moves.c.activation > since))
    return len(back)


def sign(tx: Transaction, signer: str, paths: Sequence[Mapping[str, str]]) -> int:
    """Note that `signer` approved these paths (hash, flow, language, channel). How many were new."""
    statement = insert(flow_signatures).on_conflict_do_nothing()
    before = len(signed_by(tx, signer))
    if paths:
        tx.execute(statement, [{**path, "signer": signer, "at": tx.now} for path in paths])
    return len(signed_by(tx, signer)) - before


def signed_by(tx: Transaction, signer: str) -> frozenset[str]:
    """The hashes of the paths that one person approved."""
    return frozenset(row.path for row in tx.execute(sa.select(flow_signatures.c.path).where(flow_signatures.c.signer == signer)))


def signed(tx: Transaction) -> frozenset[str]:
    """The hashes of all approved paths."""
    return frozenset(row.path for row in tx.execute(sa.select(flow_signatures.c.path).distinct()))
