"""Somebody stops answering for a partner: whatever they followed is taken up by their colleagues, or goes one step up."""

from bot.casework import people
from bot.casework.escalation import hand_up
from bot.casework.notices import tell
from bot.domain.members import Member
from bot.domain.referrals import TAKEN
from bot.pipeline.effects import tell_person
from bot.runtime import Runtime
from bot.storage import members, referrals
from bot.storage.database import Transaction
from bot.storage.history import SERVICE
from bot.storage.referrals import ReferralRow


def leave(rt: Runtime, tx: Transaction, member: Member) -> int:
    """Remove a member. How many referrals of the partner were brought to somebody's mind: to its other readers, or, when nobody reads
    there any more, to the region's coordinator or the national desk; then the person hears that somebody else takes over."""
    members.remove(tx, member.id)
    readers = people.readers(rt.content, tx, member.partner)
    held = referrals.held_by(tx, [member.partner])
    if readers:
        return sum(bool(tell(rt.content, tx, row, "left_referral", readers)) for row in held if row.state in TAKEN)
    return sum(_goes_up(rt, tx, row) for row in held)


def _goes_up(rt: Runtime, tx: Transaction, row: ReferralRow) -> bool:
    locked = referrals.lock(tx, row.id) or row
    up = hand_up(rt.content, tx, locked, "coordinator", SERVICE, why="left", reason="left")
    up = up or hand_up(rt.content, tx, locked, "national", SERVICE, why="left", reason="left")
    if up is not None:
        tell_person(rt, tx, up, "told_moved")
    return up is not None
