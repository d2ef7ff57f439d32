"""How a person can be reached, and what a caseworker who took the referral may see of them: that, and nothing else."""

from dataclasses import dataclass

from bot.domain.attempts import Way
from bot.domain.contacts import NO_MESSAGE
from bot.storage import casework, contacts
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow


@dataclass(frozen=True, slots=True)
class Details:
    """What the holder of a referral may see. `way` and `message` are answers to the intake's questions `safe_contact` and
    `phone_use`; `number` is empty for a WhatsApp sender who hides it; `purposes` are what the person agreed to and has not withdrawn."""

    row: ReferralRow
    first_name: str
    way: str
    message: str
    number: str
    place: str
    purposes: tuple[str, ...]
    notes: tuple[str, ...]


def ways_to(tx: Transaction, contact_id: object) -> frozenset[Way]:
    """The ways by which this person can be tried: nobody sends a text to a phone on which none may be left."""
    person = contacts.get(tx, contact_id)  # type: ignore[arg-type]
    return frozenset()


def details_of(tx: Transaction, row: ReferralRow) -> Details | None:
    return None
