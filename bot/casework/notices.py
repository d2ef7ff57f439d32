"""Notices to partners about a referral. No personal data by construction: code, need, department, urgency, deadline, what to answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bot import telemetry
from bot.casework import people
from bot.casework.people import Reader
from bot.content import Content
from bot.domain.sending import LIFETIMES
from bot.storage import incidents, notifications, outbox
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow

NOTICE = "notice"
# These go at once at any hour: whoever hears late that a person withdrew may call them meanwhile.
_NEVER_HELD = ("withdrawn_referral", "moved_referral")


def announce(content: Content, tx: Transaction, referral: ReferralRow, event: str, *, occasion: datetime | None = None) -> int:
    """Tell the partner who holds the referral, on each of its addresses. How many notices are new.

    Each event is told once while one partner holds it; an `occasion` is told anew.
    """
    told = people.readers(content, tx, referral.partner)
    if not told:
        # Nobody can be told: staff have to be, for a referral that nobody hears of is worse than none.
        telemetry.log().error("partner_without_address", partner=referral.partner, referral=str(referral.id))
        incidents.note(tx, "partner_untold", referral.partner)
    return tell(content, tx, referral, event, told, occasion=occasion)


def tell(
    content: Content, tx: Transaction, referral: ReferralRow, event: str, told: Sequence[Reader], *, occasion: datetime | None = None
) -> int:
    """Tell these readers. What is normal waits for the morning of a working day, and whoever wants one message a day gets no other."""
    count, due_at, since = 0, _due(content, tx, referral, event), occasion or referral.held_since
    for reader in told:
        if reader.digest and referral.urgency == "normal" and event not in _NEVER_HELD:
            continue
        text = content.notice(event, referral.summary, referral.place, reader.language)
        whom = tx.vault.hash_address(reader.address).hex()
        notification_id = notifications.add(
            tx,
            referral_id=referral.id,
            # A referral that comes back to a partner is announced again.
            effect_key=f"notice:{referral.code}:{event}:{referral.partner}:{whom}:{since:%Y%m%dT%H%M%S}",
            partner=referral.partner,
            event=event,
            recipient=reader.address,
            text=text,
        )
        if notification_id is not None:
            _post(tx, notification_id, whom, reader.address.channel, due_at)
            count += 1
    return count


def digest(content: Content, tx: Transaction, reader: Reader, partner: str, codes: Sequence[str]) -> bool:
    """The one message a day. False when today's was written before."""
    whom = tx.vault.hash_address(reader.address).hex()
    notification_id = notifications.add(
        tx,
        referral_id=None,
        effect_key=f"digest:{whom}:{tx.now:%Y-%m-%d}",
        partner=partner,
        event="digest",
        recipient=reader.address,
        text=content.word("notices.digest", reader.language, codes=", ".join(codes)),
    )
    if notification_id is not None:
        _post(tx, notification_id, whom, reader.address.channel, None)
    return notification_id is not None


def call_back(tx: Transaction, referral_id: UUID) -> None:
    """What waits to be sent about a referral is not sent: the person took it back."""
    outbox.cancel_for_subjects(tx, notifications.of_referral(tx, referral_id))


def _due(content: Content, tx: Transaction, referral: ReferralRow, event: str) -> datetime | None:
    """When the notice goes; None for at once."""
    if referral.urgency != "normal" or event in _NEVER_HELD:
        return None
    allowed = content.directory.calendar.next_unasked(tx.now)
    return allowed if allowed > tx.now else None


def _post(tx: Transaction, notification_id: UUID, whom: str, channel: str, due_at: datetime | None) -> None:
    key = f"notice:{whom}"
    row = (NOTICE, notification_id, key if due_at is None else outbox.later(key), channel)
    outbox.add(tx, [row], due_at=due_at, lifetime=LIFETIMES["notice"])
