"""Somebody answers no more for a partner, or wants no messages: what they followed is brought to their colleagues' mind."""

from collections.abc import Sequence
from dataclasses import replace

from bot.casework import covering, people
from bot.casework.notices import tell
from bot.casework.people import Reader
from bot.content import Content
from bot.domain.addresses import Address
from bot.domain.caseworkers import Caseworker
from bot.domain.members import Member
from bot.domain.referrals import TAKEN
from bot.storage import history, incidents, notifications, outbox, referrals
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow


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
    return _bring(content, tx, kept, told, told)


def take_up(content: Content, tx: Transaction, partner: str, held: Sequence[ReferralRow], reader: Reader) -> int:
    """Whoever joins hears of what their partner took and nobody follows any more. Of how many.

    Who is away comes back to what they follow; who stopped us does not.
    """
    duty = people.duty(content, tx)
    here = [one for one in people.readers(content, tx, partner) if one.address in duty.readers(partner)]
    taken = [row for row in held if row.state in TAKEN]
    return _bring(content, tx, taken, [reader], (*here, *people.away(tx, duty, partner)))


def fall_silent(content: Content, tx: Transaction, who: Caseworker, address: Address) -> None:
    """Somebody stopped our messages at this address. Their colleagues take up what they followed; where nobody else reads, no refused
    notice will tell an admin: this does. What stays unread goes on (`covering`)."""
    duty = people.duty(content, tx)
    for partner in who.partners:
        others = duty.readers(partner) - {address, who.address}
        if not others:
            incidents.note(tx, "partner_stopped", partner)
            continue
        taken = [row for row in referrals.held_by(tx, [partner]) if row.state in TAKEN]
        readers = [reader for reader in people.readers(content, tx, partner) if reader.address in others]
        _bring(content, tx, taken, readers, readers)


def _bring(content: Content, tx: Transaction, held: Sequence[ReferralRow], told: Sequence[Reader], here: Sequence[Reader]) -> int:
    """Of these referrals, those that nobody of `here` follows are brought to the mind of `told`. How many."""
    # The one message a day names what nobody has seen: of this it would not speak.
    single, present = [replace(reader, digest=False) for reader in told], {reader.member for reader in here}
    left = [row for row in held if history.follower(tx, row.id) not in present]
    return sum(bool(tell(content, tx, row, "left_referral", single)) for row in left)
