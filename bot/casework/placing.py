"""Finding the next holder of a referral. Exactly one partner holds it at any time, and every holder hears of it."""

from bot import telemetry
from bot.casework.notices import announce
from bot.content import Content
from bot.storage import history, referrals
from bot.storage.database import Transaction
from bot.storage.history import Author
from bot.storage.referrals import ReferralRow

REFUSED = Author("service", "refusal")


def place_elsewhere(content: Content, tx: Transaction, row: ReferralRow) -> ReferralRow | None:
    """Offer a declined referral to the next partner, in the end to the coordinator. None when everybody declined: then it stays
    open and declined, in the coordinator's list."""
    tried = history.decliners(tx, row.id)
    routed = content.route_again(row.need, row.place, row.urgency, tx.now, tried)
    if routed is None:
        telemetry.log().error("referral_declined_by_all", referral=str(row.id))
        return None
    offered = referrals.hand(tx, row, "offer", REFUSED, partner=routed.partner, why=routed.reason, reason="refused")
    announce(content, tx, offered, "new_referral")
    return offered
