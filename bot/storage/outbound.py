"""Outbound messages on their way: whether they arrived, and where else they go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from bot.domain.ids import MessageId
from bot.domain.messages import Status
from bot.storage.database import Transaction, one_of
from bot.storage.models import messages, notifications


@dataclass(frozen=True, slots=True)
class OutboundRow:
    """An outbound message as stored. `node` is where it was said."""

    id: MessageId
    address_id: UUID
    content: str
    node: str
    created_at: datetime


_BY_IDS = sa.select(messages.c.id, messages.c.address_id, messages.c.content, messages.c.node, messages.c.created_at).where(
    one_of(messages.c.id)
)


def by_ids(tx: Transaction, message_ids: Sequence[UUID]) -> dict[UUID, OutboundRow]:
    """Outbound messages by id; what no key opens is left out."""
    if not message_ids:
        return {}
    rows = tx.execute(_BY_IDS, {"ids": list(message_ids)})
    opened = ((row, tx.vault.open_if_possible(row.content, "messages.content", row.id)) for row in rows)
    return {
        row.id: OutboundRow(MessageId(row.id), row.address_id, content, row.node or "", row.created_at)
        for row, content in opened
        if content is not None
    }


def arrived(tx: Transaction, message_id: UUID) -> bool:
    """Whether the message is known to have reached a phone."""
    return (
        tx.execute(sa.select(messages.c.id).where(messages.c.id == message_id, messages.c.status >= int(Status.DELIVERED))).first()
        is not None
    )


def known_as(tx: Transaction, provider_id: str) -> tuple[UUID, bool] | None:
    """What the provider calls by this id: the id of a message, or of a notice (then True). None for one that we never sent, or whose
    sending is not noted yet."""
    said = tx.execute(sa.select(messages.c.id).where(messages.c.provider_id == provider_id, ~messages.c.inbound).limit(1)).first()
    if said is not None:
        return said.id, False
    noticed = tx.execute(sa.select(notifications.c.id).where(notifications.c.provider_id == provider_id).limit(1)).first()
    return (noticed.id, True) if noticed is not None else None


@dataclass(frozen=True, slots=True)
class Said:
    """Where a message of ours was said (`flow.node`), and where the last one to the same contact was."""

    node: str
    last_node: str


def said_as(tx: Transaction, contact_id: UUID, provider_id: str) -> Said | None:
    """The message that the provider calls by this id, where it was one to this contact. Words of caseworkers and templates do not
    count as the last: nothing is asked in them."""
    to_them = sa.and_(messages.c.contact_id == contact_id, ~messages.c.inbound)
    tapped = tx.execute(sa.select(messages.c.node).where(to_them, messages.c.provider_id == provider_id).limit(1)).first()
    if tapped is None:
        return None
    asked = sa.and_(~messages.c.node.like("casework.%"), messages.c.kind != "template")
    last = tx.execute(sa.select(messages.c.node).where(to_them, asked).order_by(messages.c.seq.desc()).limit(1)).first()
    return Said(tapped.node or "", (last.node if last else None) or "")


def readdress(tx: Transaction, message_id: UUID, address_id: UUID, channel: str, segments: int | None) -> None:
    """The message goes to another address of the same contact. What was reported of the first is over."""
    tx.execute(
        sa.update(messages)
        .where(messages.c.id == message_id, ~messages.c.inbound)
        .values(address_id=address_id, channel=channel, segments=segments, status=int(Status.QUEUED), provider_id=None, error_code=None)
    )


_NOTE_SENT = (
    sa.update(messages)
    .where(messages.c.id == sa.bindparam("row"))
    .values(
        provider_id=sa.bindparam("provider"),
        status=sa.func.greatest(messages.c.status, int(Status.SENDING)),
        segments=sa.func.coalesce(sa.bindparam("counted", type_=sa.SmallInteger), messages.c.segments),
    )
)


def note_sent(tx: Transaction, sent: Sequence[tuple[UUID, str, int | None]]) -> None:
    """The provider took these (message id, provider id, segments). A status that a callback brought earlier is kept: it only
    moves forward."""
    if sent:
        tx.execute(_NOTE_SENT, [{"row": row, "provider": provider, "counted": segments} for row, provider, segments in sent])


def note_failed(tx: Transaction, message_id: UUID, error_code: str) -> None:
    """The message will not be tried again."""
    tx.execute(
        sa.update(messages)
        .where(messages.c.id == message_id, messages.c.status < int(Status.UNDELIVERED))
        .values(status=int(Status.FAILED), error_code=error_code)
    )


_RAISE_STATUS = (
    sa.update(messages)
    .where(messages.c.id == sa.bindparam("row"), ~messages.c.inbound, messages.c.status < sa.bindparam("reached"))
    .values(
        status=sa.bindparam("reached"),
        provider_id=sa.func.coalesce(messages.c.provider_id, sa.bindparam("provider")),
        error_code=sa.func.coalesce(sa.bindparam("code", type_=sa.Text), messages.c.error_code),
    )
)


def raise_status(tx: Transaction, message_id: UUID, provider_id: str, status: Status, error_code: str | None) -> bool:
    """Move a status forward. False when it was as far already, or there is no such message."""
    values = {"row": message_id, "reached": int(status), "provider": provider_id, "code": error_code}
    return tx.execute(_RAISE_STATUS, values).rowcount == 1
