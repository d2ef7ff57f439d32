"""Somebody answers no more for a partner: nothing waits for them, and what they followed is brought to their colleagues' mind."""

from dataclasses import replace

from bot.casework import covering, people
from bot.casework.notices import tell
from bot.content import Content
from bot.domain.members import Member
from bot.domain.referrals import TAKEN
from bot.storage import incidents, notifications, outbox, referrals
from bot.storage.database import Transaction


def part(content: Content, tx: Transaction, member: Member) -> int:
    """What somebody leaves behind who was removed, or who said no after a yes. How many referrals were brought to somebody's mind.

    What their partner keeps although everybody is away is written to those who are away, who read it when they are back; until then an
    admin knows. What it does not keep goes on (`covering`).
    """
    outbox.cancel_for_subjects(tx, notifications.to(tx, member.partner, member.address))
    duty, told = people.duty(content, tx), people.readers(content, tx, member.partner)
    kept = [row for row in referrals.held_by(tx, [member.partner]) if row.state in TAKEN and covering.gap(duty, row, tx) is None]
    if not duty.answers(member.partner):
        told = (*told, *people.away(tx, duty, member.partner))
        if kept:
            incidents.note(tx, "partner_untold", member.partner)
    # The one message a day names what nobody has seen: of this it would not speak.
    single = [replace(reader, digest=False) for reader in told]
    return sum(bool(tell(content, tx, row, "left_referral", single)) for row in kept)
