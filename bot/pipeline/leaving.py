"""Somebody stops answering for a partner: whatever they followed is taken up by their colleagues, or goes on to another service."""

from bot.casework import people
from bot.casework.notices import tell
from bot.domain.members import Member
from bot.domain.referrals import TAKEN
from bot.pipeline import covering
from bot.runtime import Runtime
from bot.storage import members, notifications, outbox, referrals


def leave(rt: Runtime, member: Member) -> int:
    """Remove a member; what waits to be sent to them for this partner is not sent. How many referrals were brought to somebody's mind:
    to the partner's other readers, or, when nobody reads there any more, to whoever takes over (`covering`)."""
    with rt.database.writing() as tx:
        members.remove(tx, member.id)
        outbox.cancel_for_subjects(tx, notifications.to(tx, member.partner, member.address))
        readers = people.readers(rt.content, tx, member.partner)
        taken = [row for row in referrals.held_by(tx, [member.partner]) if row.state in TAKEN]
        answers = people.duty(rt.content, tx).answers(member.partner)
        told = sum(bool(tell(rt.content, tx, row, "left_referral", readers)) for row in taken) if answers else 0
    return told + covering.play(rt, member.partner)
