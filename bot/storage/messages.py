"""Messages in and out."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import AddressId, ContactId, MessageId
from bot.domain.messages import InboundKind, InboundMessage, Status
from bot.domain.understanding import NOTHING, Understanding
from bot.storage.contacts import Reached
from bot.storage.database import Transaction, new_id, one_of
from bot.storage.models import contacts, messages, seen_ids
from bot.storage.understandings import dump_understanding

# After so many failed turns a message is set aside, visible to staff, so that what comes after it is answered.
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class InboundRow:
    """A stored inbound message. `late`, `replied_to` and `forwarded` as in `InboundMessage`."""

    id: MessageId
    contact_id: ContactId
    address_id: AddressId
    channel: str
    kind: InboundKind
    text: str
    button: str | None
    opt_out: str | None
    created_at: datetime
    attempts: int
    late: bool = False
    replied_to: str | None = None
    forwarded: bool = False


def receive(tx: Transaction, reached: Reached, inbound: InboundMessage) -> MessageId | None:
    """Store an inbound message. None when the provider delivered it before, also long ago."""
    seen = insert(seen_ids).values(hash=tx.vault.hash(f"{inbound.channel}:{inbound.provider_id}"), at=tx.now).on_conflict_do_nothing()
    if tx.execute(seen).rowcount == 0:
        return None
    message_id = new_id()
    tx.execute(
        sa.insert(messages).values(
            id=message_id,
            contact_id=reached.contact_id,
            address_id=reached.address_id,
            inbound=True,
            channel=inbound.channel,
            provider_id=inbound.provider_id,
            kind=inbound.kind,
            created_at=tx.now,
            **_sealed(tx, message_id, inbound),
        )
    )
    return MessageId(message_id)


# One statement for somebody we know, and nothing at all when we do not: a webhook has little time and holds no lock. It is durable
# when it returns, and the unique hash makes the second delivery of an id do nothing.
# Handed to the driver as it is: what is asked for every webhook is worth a look at its price.
_RECEIVE_KNOWN = """
    WITH who AS (
        SELECT a.id AS address_id, a.contact_id, c.lane FROM addresses a JOIN contacts c ON c.id = a.contact_id
        WHERE a.channel = %(channel)s AND a.hash = %(address)s),
    seen AS (
        INSERT INTO seen_ids (hash, at) SELECT %(seen)s, %(now)s FROM who ON CONFLICT DO NOTHING RETURNING hash),
    kept AS (
        INSERT INTO messages (id, contact_id, address_id, inbound, channel, provider_id, kind, content, payload, created_at)
        SELECT %(id)s, who.contact_id, who.address_id, true, %(channel)s, %(provider_id)s, %(kind)s, %(content)s, %(payload)s, %(now)s
        FROM who, seen)
    SELECT who.lane, EXISTS (SELECT 1 FROM seen) AS new FROM who
"""


@dataclass(frozen=True, slots=True)
class Received:
    """Whose lane a message is for, and whether it is new."""

    lane: int
    new: bool


def receive_known(tx: Transaction, inbound: InboundMessage) -> Received | None:
    """Store an inbound message of somebody whose address is known, in one statement. None when it is not."""
    message_id = new_id()
    values = {
        "channel": inbound.channel,
        "address": tx.vault.hash_address(inbound.sender),
        "seen": tx.vault.hash(f"{inbound.channel}:{inbound.provider_id}"),
        "now": tx.now,
        "id": message_id,
        "provider_id": inbound.provider_id,
        "kind": inbound.kind,
        **_sealed(tx, message_id, inbound),
    }
    row = tx.connection.exec_driver_sql(_RECEIVE_KNOWN, values).one_or_none()
    return Received(row.lane, row.new) if row else None


# Kept with the text where they say anything.
_RARE = ("late", "replied_to", "forwarded", "advert")


def _sealed(tx: Transaction, message_id: UUID, inbound: InboundMessage) -> dict[str, bytes]:
    content: dict[str, Any] = {"text": inbound.text, "button": inbound.button, "opt_out": inbound.opt_out}
    more = {name: value for name in _RARE if (value := getattr(inbound, name))}
    return {
        "content": tx.vault.seal(json.dumps(content | more, ensure_ascii=False), "messages.content", message_id),
        "payload": tx.vault.seal(json.dumps(inbound.payload, ensure_ascii=False), "messages.payload", message_id),
    }


def never_seen(tx: Transaction, ids: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of these (channel, provider id), those that never reached us, not even long ago."""
    hashes = {tx.vault.hash(f"{channel}:{provider_id}"): (channel, provider_id) for channel, provider_id in ids}
    seen = {bytes(row.hash) for row in tx.execute(sa.select(seen_ids.c.hash).where(seen_ids.c.hash.in_(list(hashes))))}
    return {found for hashed, found in hashes.items() if hashed not in seen}


_READY = (
    sa.select(messages.c.contact_id)
    .join(contacts, contacts.c.id == messages.c.contact_id)
    .where(messages.c.inbound, messages.c.handled_at.is_(None), contacts.c.lane == sa.bindparam("lane"))
    .group_by(messages.c.contact_id)
    .order_by(sa.func.min(messages.c.seq))
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


def ready_contacts(tx: Transaction, lane: int, limit: int) -> tuple[ContactId, ...]:
    """Contacts of a lane with unhandled messages, longest waiting first."""
    return tuple(ContactId(row.contact_id) for row in tx.execute(_READY, {"lane": lane, "limit": limit}))


_READ = [messages.c[name] for name in "id contact_id address_id channel kind content created_at attempts".split()]
_UNHANDLED = (
    sa.select(*_READ).where(one_of(messages.c.contact_id), messages.c.inbound, messages.c.handled_at.is_(None)).order_by(messages.c.seq)
)


def unhandled(tx: Transaction, contact_ids: Sequence[UUID]) -> list[InboundRow]:
    """The unhandled messages of these contacts, in order of arrival."""
    return [_inbound(tx, row) for row in tx.execute(_UNHANDLED, {"ids": list(contact_ids)})]


_MARK_HANDLED = (
    sa.update(messages)
    .where(messages.c.id == sa.bindparam("row"))
    .values(handled_at=sa.bindparam("now"), understanding=sa.bindparam("understood"), fault=None)
)


def mark_handled(tx: Transaction, handled: Sequence[tuple[MessageId, Understanding | None]]) -> None:
    """These messages are answered; what was understood is kept with each."""
    rows = [
        {"row": message_id, "now": tx.now, "understood": _sealed_understanding(tx, message_id, understanding)}
        for message_id, understanding in handled
    ]
    if rows:
        tx.execute(_MARK_HANDLED, rows)


def set_aside(tx: Transaction, message_id: UUID) -> None:
    """Give up on a message whose turn keeps failing; its fault stays with it for staff."""
    tx.execute(sa.update(messages).where(messages.c.id == message_id).values(handled_at=tx.now))


def _sealed_understanding(tx: Transaction, message_id: UUID, understanding: Understanding | None) -> bytes | None:
    if understanding is None or understanding == NOTHING:
        return None
    return tx.vault.seal(dump_understanding(understanding), "messages.understanding", message_id)


def count_attempt(tx: Transaction, message_id: UUID, fault: str) -> int:
    """Note that the turn for a message failed. The number of failures so far."""
    statement = (
        sa.update(messages)
        .where(messages.c.id == message_id)
        .values(attempts=messages.c.attempts + 1, fault=fault)
        .returning(messages.c.attempts)
    )
    attempts: int = tx.execute(statement).one().attempts
    return attempts


@dataclass(frozen=True, slots=True)
class Reply:
    """An outbound message to store."""

    id: MessageId
    contact_id: UUID
    address_id: UUID
    channel: str
    content: str
    node: str
    segments: int | None
    kind: str = "text"


_ADD = sa.insert(messages)


def add_replies(tx: Transaction, replies: Sequence[Reply]) -> None:
    """Store outbound messages."""
    rows = [
        {
            "id": reply.id,
            "contact_id": reply.contact_id,
            "address_id": reply.address_id,
            "inbound": False,
            "channel": reply.channel,
            "kind": reply.kind,
            "content": tx.vault.seal(reply.content, "messages.content", reply.id),
            "node": reply.node,
            "segments": reply.segments,
            "status": int(Status.QUEUED),
            "created_at": tx.now,
        }
        for reply in replies
    ]
    if rows:
        tx.execute(_ADD, rows)


def recipient(tx: Transaction, message_id: UUID) -> tuple[UUID, UUID] | None:
    """The (contact id, address id) that an outbound message is for."""
    statement = sa.select(messages.c.contact_id, messages.c.address_id).where(messages.c.id == message_id, ~messages.c.inbound)
    row = tx.execute(statement).one_or_none()
    return (row.contact_id, row.address_id) if row else None


def _inbound(tx: Transaction, row: "sa.Row[tuple[object, ...]]") -> InboundRow:
    # A text that no key opens any more is like an empty one: its sender gets the menu, and nobody else waits for it.
    opened = tx.vault.open_if_possible(row.content, "messages.content", row.id)
    content: dict[str, Any] = json.loads(opened) if opened is not None else {"text": "", "button": None, "opt_out": None}
    return InboundRow(
        id=MessageId(row.id),
        contact_id=ContactId(row.contact_id),
        address_id=AddressId(row.address_id),
        channel=row.channel,
        kind=row.kind if opened is not None else "empty",
        text=content["text"],
        button=content["button"],
        opt_out=content["opt_out"],
        created_at=row.created_at,
        attempts=row.attempts,
        late=content.get("late", False),
        replied_to=content.get("replied_to"),
        forwarded=content.get("forwarded", False),
    )


def heard_from(tx: Transaction, contact_id: UUID, flows: Collection[str], since: datetime) -> bool:
    """Whether one of these flows has spoken to a contact since then."""
    flow = sa.func.split_part(messages.c.node, ".", 1)
    spoke = sa.and_(messages.c.contact_id == contact_id, ~messages.c.inbound, messages.c.created_at >= since, flow.in_(flows))
    return tx.execute(sa.select(messages.c.id).where(spoke).limit(1)).first() is not None
