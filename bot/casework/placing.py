"""Finding the next holder of a referral. Exactly one partner holds it at any time, and every holder hears of it."""

from bot import telemetry
from bot.casework.notices import announce
from bot.content import Content
from bot.content.assets import fill_reason
from bot.domain.places import place_of
from bot.engine.turn import Routed
from bot.storage import history, referrals
from bot.storage.database import Transaction
from bot.storage.history import Author
from bot.storage.referrals import ReferralRow

REFUSED = Author("service", "refusal")


def place_elsewhere(content: Content, tx: Transaction, row: ReferralRow) -> ReferralRow | None:
    """Offer a declined referral to the next partner, in the end to the coordinator of its region.

    None when everybody declined, the coordinator last: then it stays open and declined, in the coordinator's list.
    """
    tried = history.decliners(tx, row.id)
    routed = content.route_again(row.need, row.place, row.urgency, tx.now, tried)
    if routed is None:
        telemetry.log().error("referral_declined_by_all", referral=str(row.id))
        routed = _coordinator(content, row)
    if routed is None:
        return None
    offered = referrals.hand(tx, row, "offer", REFUSED, partner=routed.partner, why=routed.reason, reason="refused")
    announce(content, tx, offered, "new_referral")
    return offered


def _coordinator(content: Content, row: ReferralRow) -> Routed | None:
    """The named last resort, also after it declined before; None when it has just declined."""
    region = content.directory.region_of(place_of(row.place) if row.place else None)
    if row.partner == region.coordinator:
        return None
    return Routed(region.coordinator, fill_reason(content.notices, "coordinator", {"region": region.name}))
