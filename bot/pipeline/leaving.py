"""Somebody stops answering for a partner: whatever they followed is taken up by their colleagues, or goes one step up."""

from bot.casework import people
from bot.casework.escalation import hand_up
from bot.casework.notices import tell
from bot.content import Content
from bot.domain.members import Member
from bot.domain.referrals import TAKEN
from bot.storage import members, referrals
from bot.storage.database import Transaction
from bot.storage.history import SERVICE


def leave(content: Content, tx: Transaction, member: Member) -> int:
    """Remove a member. How many referrals of the partner were brought to somebody's mind: to its other readers, or, when nobody reads
    there any more, to the region's coordinator or the national desk."""
    members.remove(tx, member.id)
    readers = people.readers(content, tx, member.partner)
    moved = 0
    for row in referrals.held_by(tx, [member.partner]):
        if readers:
            moved += row.state in TAKEN and bool(tell(content, tx, row, "left_referral", readers))
            continue
        locked = referrals.lock(tx, row.id) or row
        up = hand_up(content, tx, locked, "coordinator", SERVICE, why="not_seen", reason="left")
        moved += (up or hand_up(content, tx, locked, "national", SERVICE, why="not_seen", reason="left")) is not None
    return moved
