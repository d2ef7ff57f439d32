"""Notices to partners and staff. Their texts hold no personal data."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.addresses import Address
from bot.domain.ids import NotificationId
from bot.domain.messages import Status
from bot.storage.database import Transaction, new_id
from bot.storage.models import notifications


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notice to be sent."""

    id: NotificationId
    means: str
    recipient: Address
    text: str
    partner: str = ""
    event: str = ""


def add(
    tx: Transaction, *, referral_id: UUID | None, effect_key: str, partner: str, event: str, recipient: Address, text: str
) -> NotificationId | None:
    """Keep a notice. None when the same event was noticed to the same recipient before."""
    notification_id = new_id()
    statement = (
        insert(notifications)
        .values(
            id=notification_id,
            referral_id=referral_id,
            effect_key=effect_key,
            partner=partner,
            means=recipient.channel,
            event=event,
            hash=tx.vault.hash_address(recipient),
            recipient=tx.vault.seal(recipient.value, "notifications.recipient", notification_id),
            text=text,
            created_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=[notifications.c.effect_key])
    )
    return NotificationId(notification_id) if tx.execute(statement).rowcount else None


def by_ids(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, NotificationRow]:
    """Notices by id; one whose recipient no key opens is left out."""
    if not ids:
        return {}
    rows = tx.execute(sa.select(notifications).where(notifications.c.id.in_(ids)))
    opened = ((row, tx.vault.open_if_possible(row.recipient, "notifications.recipient", row.id)) for row in rows)
    return {
        row.id: NotificationRow(NotificationId(row.id), row.means, Address(row.means, recipient), row.text, row.partner, row.event)
        for row, recipient in opened
        if recipient is not None
    }


# What each notice asks for must still be asked: a reminder ends with VU, and who no longer holds it has nothing to answer. Whoever gets
# a referral back is asked anew.
_MOOT = sa.text(
    """
    SELECT n.id FROM notifications n JOIN referrals r ON r.id = n.referral_id
    WHERE n.id = ANY (:ids) AND (
        n.event IN ('new_referral', 'reminder_referral', 'deputy_referral') AND (r.partner <> n.partner OR n.created_at < r.held_since)
        OR n.event IN ('reminder_referral', 'deputy_referral') AND r.state <> 'offered'
        OR n.event = 'new_referral' AND r.state NOT IN ('offered', 'seen'))
    """
)


def moot(tx: Transaction, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these notices that ask for something that nobody has to do any more."""
    return frozenset(row.id for row in tx.execute(_MOOT, {"ids": list(ids)})) if ids else frozenset()


def of_referral(tx: Transaction, referral_id: UUID) -> tuple[UUID, ...]:
    """All notices about a referral."""
    return tuple(row.id for row in tx.execute(sa.select(notifications.c.id).where(notifications.c.referral_id == referral_id)))


def to(tx: Transaction, partner: str, recipient: Address) -> tuple[UUID, ...]:
    """All notices to an address that it got for a partner."""
    same = (notifications.c.partner == partner, notifications.c.hash == tx.vault.hash_address(recipient))
    return tuple(row.id for row in tx.execute(sa.select(notifications.c.id).where(*same)))


def note_sent(tx: Transaction, sent: Sequence[tuple[UUID, str]]) -> None:
    """The provider took these (notification id, provider id)."""
    statement = (
        sa.update(notifications)
        .where(notifications.c.id == sa.bindparam("row"))
        .values(provider_id=sa.bindparam("provider"), status=sa.func.greatest(notifications.c.status, int(Status.SENDING)))
    )
    if sent:
        tx.execute(statement, [{"row": row, "provider": provider} for row, provider in sent])


def note_failed(tx: Transaction, notification_id: UUID, error_code: str) -> None:
    """The notice will not be tried again."""
    tx.execute(
        sa.update(notifications)
        .where(notifications.c.id == notification_id, notifications.c.status < int(Status.UNDELIVERED))
        .values(status=int(Status.FAILED), error_code=error_code)
    )


def raise_status(tx: Transaction, notification_id: UUID, provider_id: str, status: Status, error_code: str | None) -> bool:
    """Move a status forward. False when it was as far already, or there is no such notice."""
    statement = (
        sa.update(notifications)
        .where(notifications.c.id == notification_id, notifications.c.status < int(status))
        .values(
            status=int(status),
            provider_id=sa.func.coalesce(notifications.c.provider_id, provider_id),
            error_code=sa.func.coalesce(error_code, notifications.c.error_code),
        )
    )
    return tx.execute(statement).rowcount == 1


def arrived(tx: Transaction, notification_id: UUID) -> bool:
    """Whether the notice is known to have reached a phone."""
    statement = sa.select(notifications.c.id).where(notifications.c.id == notification_id, notifications.c.status >= int(Status.DELIVERED))
    return tx.execute(statement).first() is not None


def readdress(tx: Transaction, notification_id: UUID, recipient: Address) -> None:
    """The notice goes to another address of the same partner."""
    tx.execute(
        sa.update(notifications)
        .where(notifications.c.id == notification_id)
        .values(
            means=recipient.channel,
            hash=tx.vault.hash_address(recipient),
            recipient=tx.vault.seal(recipient.value, "notifications.recipient", notification_id),
        )
    )
