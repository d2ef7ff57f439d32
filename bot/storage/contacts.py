"""Contacts and their addresses."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.addresses import Address, ChannelType
from bot.domain.ids import AddressId, ContactId
from bot.storage.database import Transaction, new_id, one_of
from bot.storage.models import addresses, consents, contacts


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact as stored, fields opened."""

    id: ContactId
    lane: int
    language: str | None
    language_fixed: bool
    stopped: bool
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reached:
    """Who an address belongs to."""

    contact_id: ContactId
    address_id: AddressId
    lane: int


def find(tx: Transaction, address: Address) -> Reached | None:
    """The contact behind an address."""
    statement = (
        sa.select(addresses.c.contact_id, addresses.c.id, contacts.c.lane)
        .join(contacts, contacts.c.id == addresses.c.contact_id)
        .where(addresses.c.channel == address.channel, addresses.c.hash == tx.vault.hash_address(address))
    )
    row = tx.execute(statement).one_or_none()
    return Reached(ContactId(row.contact_id), AddressId(row.id), row.lane) if row else None


def find_or_create(tx: Transaction, address: Address, lanes: int, also_known_as: Address | None = None) -> Reached:
    """The contact behind an address, made when it is new. Safe when two first messages arrive at once.

    `also_known_as` finds somebody whose number was hidden so far and now is shown: the same person, with one more address.
    """
    known = find(tx, address) or _joined(tx, address, also_known_as)
    if known:
        return known
    contact_id = new_id()
    lane = contact_id.int % lanes
    tx.execute(sa.insert(contacts).values(id=contact_id, lane=lane, created_at=tx.now))
    if attach(tx, ContactId(contact_id), address):
        found = find(tx, address)
        if found:
            return found
    # Another request made the same address first; ours is an orphan without a message.
    tx.execute(sa.delete(contacts).where(contacts.c.id == contact_id))
    winner = find(tx, address)
    if winner is None:
        raise RuntimeError("an address vanished between two statements")
    return winner


def _joined(tx: Transaction, address: Address, also_known_as: Address | None) -> Reached | None:
    other = find(tx, also_known_as) if also_known_as else None
    if other is None:
        return None
    attach(tx, other.contact_id, address)
    return find(tx, address)


def attach(tx: Transaction, contact_id: ContactId, address: Address) -> bool:
    """Give a contact one more address. False when somebody has it already."""
    address_id = new_id()
    statement = (
        insert(addresses)
        .values(
            id=address_id,
            contact_id=contact_id,
            channel=address.channel,
            hash=tx.vault.hash_address(address),
            value=tx.vault.seal(address.value, "addresses.value", address_id),
        )
        .on_conflict_do_nothing()
    )
    return tx.execute(statement).rowcount == 1


# Not the key: a message to a person, in the transaction of somebody else, must not wait for their own turn, nor stop it.
_LOCK = sa.select(contacts).where(one_of(contacts.c.id)).order_by(contacts.c.id).with_for_update(skip_locked=True, key_share=True)


def lock(tx: Transaction, contact_ids: Sequence[UUID]) -> dict[UUID, ContactRow]:
    """Lock these contacts for this transaction: one conversation at a time. A contact that another worker holds is left out."""
    return {row.id: _contact(tx, row) for row in tx.execute(_LOCK, {"ids": list(contact_ids)})}


def get(tx: Transaction, contact_id: UUID) -> ContactRow | None:
    """A contact without a lock."""
    row = tx.execute(sa.select(contacts).where(contacts.c.id == contact_id)).one_or_none()
    return _contact(tx, row) if row else None


# Whoever stopped us stays so since when they said it.
_SAVE = (
    sa.update(contacts)
    .where(contacts.c.id == sa.bindparam("contact"))
    .values(
        language=sa.bindparam("spoken"),
        language_fixed=sa.bindparam("fixed"),
        stopped_at=sa.case(
            (
                sa.bindparam("stopped", type_=sa.Boolean),
                sa.func.coalesce(contacts.c.stopped_at, sa.bindparam("now", type_=contacts.c.stopped_at.type)),
            )
        ),
        fields=sa.bindparam("sealed"),
        version=contacts.c.version + sa.bindparam("applied", type_=sa.Integer),
    )
)


def save(tx: Transaction, changed: Sequence[tuple[ContactRow, int]]) -> None:
    """Write back what turns changed; with each contact the number of inbound messages that were applied."""
    rows = [
        {
            "contact": contact.id,
            "spoken": contact.language,
            "fixed": contact.language_fixed,
            "stopped": contact.stopped,
            "now": tx.now,
            "sealed": tx.vault.seal(json.dumps(contact.fields), "contacts.fields", contact.id) if contact.fields else None,
            "applied": applied,
        }
        for contact, applied in changed
    ]
    if rows:
        tx.execute(_SAVE, rows)


def stop(tx: Transaction, contact_id: UUID) -> None:
    """Nothing is sent to this contact any more."""
    tx.execute(sa.update(contacts).where(contacts.c.id == contact_id, contacts.c.stopped_at.is_(None)).values(stopped_at=tx.now))


_NOTE_INBOUND = sa.update(addresses).where(one_of(addresses.c.id)).values(last_inbound_at=sa.bindparam("now"), window_closed_at=None)


def note_inbound(tx: Transaction, address_ids: Sequence[UUID]) -> None:
    """People wrote from these addresses: opens the 24-hour window of their channel."""
    if address_ids:
        tx.execute(_NOTE_INBOUND, {"ids": list(address_ids), "now": tx.now})


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address of a contact."""

    id: AddressId
    contact_id: ContactId
    address: Address
    last_inbound_at: datetime | None


_ADDRESSES = sa.select(addresses).where(one_of(addresses.c.id))


def addresses_of(tx: Transaction, address_ids: Sequence[UUID]) -> dict[UUID, AddressRow]:
    """Addresses by id; one that no key opens is left out."""
    rows = tx.execute(_ADDRESSES, {"ids": list(address_ids)})
    return {row.id: found for row in rows if (found := _address(tx, row)) is not None}


def address_ids(tx: Transaction, contact_id: UUID) -> tuple[AddressId, ...]:
    """All addresses of a contact."""
    rows = tx.execute(sa.select(addresses.c.id).where(addresses.c.contact_id == contact_id))
    return tuple(AddressId(row.id) for row in rows)


def has_no_number(tx: Transaction, contact_id: UUID) -> bool:
    """Whether a contact is known by ids only. False as well where an address cannot be opened: then nobody knows."""
    known = addresses_of(tx, ids := address_ids(tx, contact_id))
    return all(address_id in known and not known[address_id].address.has_number for address_id in ids)


def latest_address(tx: Transaction, contact_id: UUID) -> AddressRow | None:
    """Where the contact wrote from last."""
    statement = (
        sa.select(addresses).where(addresses.c.contact_id == contact_id).order_by(addresses.c.last_inbound_at.desc().nulls_last()).limit(1)
    )
    row = tx.execute(statement).one_or_none()
    return _address(tx, row) if row else None


def _contact(tx: Transaction, row: "sa.Row[tuple[object, ...]]") -> ContactRow:
    fields = json.loads(tx.vault.open(row.fields, "contacts.fields", row.id)) if row.fields else {}
    return ContactRow(ContactId(row.id), row.lane, row.language, row.language_fixed, row.stopped_at is not None, fields)


def _address(tx: Transaction, row: "sa.Row[tuple[object, ...]]") -> AddressRow | None:
    channel: ChannelType = row.channel
    value = tx.vault.open_if_possible(row.value, "addresses.value", row.id)
    if value is None:
        return None
    return AddressRow(AddressId(row.id), ContactId(row.contact_id), Address(channel, value), row.last_inbound_at)


def note_consent(
    tx: Transaction, contact_id: UUID, purpose: str, *, given: bool, text: str, flows_version: str, language: str, channel: str
) -> None:
    """Keep that a purpose was agreed to or withdrawn, on which words."""
    tx.execute(
        sa.insert(consents).values(
            id=new_id(),
            contact_id=contact_id,
            purpose=purpose,
            given=given,
            text_context=text,
            flows_version=flows_version,
            language=language,
            channel=channel,
            at=tx.now,
        )
    )


def agreed_to(tx: Transaction, contact_id: UUID) -> tuple[str, ...]:
    """The purposes that a contact agreed to and has not withdrawn since."""
    said = sa.select(consents.c.purpose, consents.c.given).where(consents.c.contact_id == contact_id).order_by(consents.c.at)
    last = {row.purpose: row.given for row in tx.execute(said)}
    return tuple(purpose for purpose, given in last.items() if given)


def withdrew(tx: Transaction, contact_id: UUID) -> bool:
    """Whether the last word of a contact on any purpose was to withdraw it."""
    said = sa.select(consents.c.purpose, consents.c.given).where(consents.c.contact_id == contact_id).order_by(consents.c.at)
    return not all({row.purpose: row.given for row in tx.execute(said)}.values())
