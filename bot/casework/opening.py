"""A referral was opened: its holder hears of it, unless the person has asked for the same thing already and waits for it."""

from bot.casework.notices import announce
from bot.content import Content
from bot.domain.directory import SECRETARIAT
from bot.storage import referrals
from bot.storage.database import Transaction
from bot.storage.history import Author
from bot.storage.referrals import ReferralRow

_FLOW = Author("service", "flow")


def announce_or_join(content: Content, tx: Transaction, row: ReferralRow) -> ReferralRow:
    """The referral afterwards: announced, or a duplicate of the one that waits.

    Only what is not urgent is joined: a danger told again is a danger again. Two wishes about one's data are two.
    """
    twin = referrals.open_twin(tx, row.contact_id, need=row.need, place=row.place, but=row.id)
    if twin is None or row.urgency != "normal" or row.need in SECRETARIAT:
        announce(content, tx, row, "new_referral")
        return row
    return referrals.step(tx, row, "merge", _FLOW, reason="duplicate", detail=twin.code)
