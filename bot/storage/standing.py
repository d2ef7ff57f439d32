"""How we stand with an address at the moment of sending: who it belongs to, whether they stopped us, when they last wrote."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from bot.domain.addresses import Address, ChannelType
from bot.domain.ids import AddressId, ContactId
from bot.storage.database import Transaction, one_of
from bot.storage.models import addresses, contacts, messages

# A window that closes while the message is on its way is closed.
_MARGIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Standing:
    """One address of a contact, and what matters before something is sent there."""

    contact_id: ContactId
    address_id: AddressId
    address: Address
    language: str | None
    last_inbound_at: datetime | None
    window_closed_at: datetime | None
    stopped_at: datetime | None

    def window_open(self, now: datetime, window: timedelta) -> bool:
        """Whether free words may go: the person wrote within the window, and the provider has not said otherwise since."""
        heard = self.last_inbound_at
        if heard is None or now - heard >= window - _MARGIN:
            return False
        return self.window_closed_at is None


def of_addresses(tx: Transaction, address_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """By address id; an address that no key opens is left out."""
    if not address_ids:
        return {}
    rows = tx.execute(_OF_ADDRESSES, {"ids": list(address_ids)})
    return {row.id: found for row in rows if (found := _standing(tx, row)) is not None}


def of_recipients(tx: Transaction, recipients: Sequence[Address]) -> dict[Address, Standing]:
    """By address, for those that have ever been heard from or stopped us."""
    if not recipients:
        return {}
    hashes = [tx.vault.hash_address(recipient) for recipient in recipients]
    found = (_standing(tx, row) for row in tx.execute(_SELECT.where(addresses.c.hash.in_(hashes))))
    return {standing.address: standing for standing in found if standing is not None}


def silent(tx: Transaction, recipients: Collection[Address]) -> frozenset[Address]:
    """Those of these addresses that stopped us; of a WhatsApp also by SMS, by which its notices may have come."""
    asked = {address for recipient in recipients for address in (recipient, recipient.fallback) if address is not None}
    stopped = {address for address, found in of_recipients(tx, list(asked)).items() if found.stopped_at is not None}
    return frozenset(recipient for recipient in recipients if recipient in stopped or recipient.fallback in stopped)


def start_again(tx: Transaction, recipient: Address) -> None:
    """The contact behind an address wants messages again."""
    behind = sa.select(addresses.c.contact_id).where(addresses.c.hash == tx.vault.hash_address(recipient))
    tx.execute(sa.update(contacts).where(contacts.c.id.in_(behind)).values(stopped_at=None))


def of_contact(tx: Transaction, contact_id: UUID) -> list[Standing]:
    """Every address of a contact, the one they wrote from last first."""
    latest = addresses.c.last_inbound_at.desc().nulls_last()
    rows = tx.execute(_SELECT.where(addresses.c.contact_id == contact_id).order_by(latest))
    return [found for row in rows if (found := _standing(tx, row)) is not None]


def close_window(tx: Transaction, recipient: Address) -> None:
    """The provider says that the window is closed: it is, until the person writes."""
    tx.execute(
        sa.update(addresses)
        .where(addresses.c.channel == recipient.channel, addresses.c.hash == tx.vault.hash_address(recipient))
        .values(window_closed_at=tx.now)
    )


def knocked(tx: Transaction, contact_id: UUID, address_id: UUID, since: datetime) -> bool:
    """Whether a template went or goes to this address since then."""
    knock = sa.and_(
        messages.c.contact_id == contact_id,
        messages.c.address_id == address_id,
        ~messages.c.inbound,
        messages.c.kind == "template",
        messages.c.created_at > since,
    )
    return tx.execute(sa.select(messages.c.id).where(knock).limit(1)).first() is not None


_SELECT = sa.select(
    addresses.c.id,
    addresses.c.contact_id,
    addresses.c.channel,
    addresses.c.value,
    addresses.c.last_inbound_at,
    addresses.c.window_closed_at,
    contacts.c.language,
    contacts.c.stopped_at,
).join(contacts, contacts.c.id == addresses.c.contact_id)


_OF_ADDRESSES = _SELECT.where(one_of(addresses.c.id))


def _standing(tx: Transaction, row: "sa.Row[tuple[object, ...]]") -> Standing | None:
    value = tx.vault.open_if_possible(row.value, "addresses.value", row.id)
    if value is None:
        return None
    channel: ChannelType = row.channel
    return Standing(
        ContactId(row.contact_id),
        AddressId(row.id),
        Address(channel, value),
        row.language,
        row.last_inbound_at,
        row.window_closed_at,
        row.stopped_at,
    )
