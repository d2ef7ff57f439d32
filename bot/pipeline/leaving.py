"""Somebody stops answering for a partner: whatever they followed is taken up by their colleagues, or goes on to another service."""

from bot.casework.parting import part
from bot.domain.members import Member
from bot.pipeline import covering
from bot.runtime import Runtime
from bot.storage import members


def leave(rt: Runtime, member: Member) -> int:
    """Remove a member; what waits to be sent to them for this partner is not sent. How many referrals were brought to somebody's mind:
    to the partner's other readers, or, when nobody reads there any more, to whoever takes over (`covering`)."""
    with rt.database.writing() as tx:
        members.remove(tx, member.id)
        told = part(rt.content, tx, member)
    return told + covering.play(rt, member.partner)
