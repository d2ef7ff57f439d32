"""Notices to partners about a referral. No personal data by construction: code, need, department, urgency, deadline, what to answer."""

from bot import telemetry
from bot.content import Content
from bot.domain.sending import LIFETIMES
from bot.storage import notifications, outbox
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow

NOTICE = "notice"


def announce(content: Content, tx: Transaction, referral: ReferralRow, event: str) -> int:
    """Tell the partner who holds the referral, on each of its addresses. How many notices are new."""
    count = 0
    if not content.partner_addresses(referral.partner):
        # Nobody can be told: staff have to be, for a referral that nobody hears of is worse than none.
        telemetry.log().error("partner_without_address", partner=referral.partner, referral=str(referral.id))
    for recipient, language in content.partner_addresses(referral.partner):
        text = content.notice(event, referral.summary, referral.place, language)
        notification_id = notifications.add(
            tx,
            referral_id=referral.id,
            effect_key=f"notice:{referral.code}:{event}:{referral.partner}:{tx.vault.hash_address(recipient).hex()}",
            partner=referral.partner,
            event=event,
            recipient=recipient,
            text=text,
        )
        if notification_id is not None:
            key = f"notice:{tx.vault.hash_address(recipient).hex()}"
            outbox.add(tx, [(NOTICE, notification_id, key)], lifetime=LIFETIMES["notice"])
            count += 1
    return count
