"""A person takes a referral back: it stops at once, and whoever knows of the person hears it the same minute."""

from dataclasses import replace

from bot.casework.notices import announce, call_back
from bot.content import Content
from bot.domain.errors import Conflict
from bot.storage import casework, referrals
from bot.storage.database import Transaction
from bot.storage.history import Author
from bot.storage.referrals import ReferralRow

CONTACT = Author("contact", "text")


def withdraw(content: Content, tx: Transaction, row: ReferralRow) -> ReferralRow:
    """Revoke a referral. The referral afterwards; as it was when it is over already, which another hand may have done meanwhile.

    Links to the details die, notices that wait are not sent, and besides the holder every partner that opened the details is told.
    """
    locked = referrals.lock(tx, row.id) or row
    try:
        revoked = referrals.step(tx, locked, "revoke", CONTACT)
    except Conflict:
        return locked
    if revoked is locked:
        return locked
    casework.drop_links(tx, row.id)
    call_back(tx, row.id)
    for partner in dict.fromkeys((locked.partner, *casework.saw_details(tx, row.id))):
        announce(content, tx, replace(revoked, partner=partner), "withdrawn_referral")
    return revoked
