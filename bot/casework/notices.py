"""Notices to partners about a referral. No personal data by construction: code, need, department, urgency, deadline, what to answer."""

from bot import telemetry
from bot.casework import people
from bot.content import Content
from bot.domain.sending import LIFETIMES
from bot.storage import notifications, outbox
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow

NOTICE = "notice"


def announce(content: Content, tx: Transaction, referral: ReferralRow, event: str) -> int:
    """Tell the partner who holds the referral, on each of its addresses. How many notices are new."""
    count = 0
    told = people.readers(content, tx, referral.partner)
    if not told:
        # Nobody can be told: staff have to be, for a referral that nobody hears of is worse than none.
        telemetry.log().error("partner_without_address", partner=referral.partner, referral=str(referral.id))
    for reader in told:
        recipient, text = reader.address, content.notice(event, referral.summary, referral.place, reader.language)
        whom = tx.vault.hash_address(recipient).hex()
        notification_id = notifications.add(
            tx,
            referral_id=referral.id,
            # A referral that comes back to a partner is announced again.
            effect_key=f"notice:{referral.code}:{event}:{referral.partner}:{whom}:{referral.held_since:%Y%m%dT%H%M%S}",
            partner=referral.partner,
            event=event,
            recipient=recipient,
            text=text,
        )
        if notification_id is not None:
            outbox.add(tx, [(NOTICE, notification_id, f"notice:{whom}")], lifetime=LIFETIMES["notice"])
            count += 1
    return count
