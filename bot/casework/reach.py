"""How a person can be reached, and what a caseworker who took the referral may see of them: that, and nothing else."""

from dataclasses import dataclass

from bot.domain.attempts import Way
from bot.domain.contacts import NO_CONTACT, NO_MESSAGE
from bot.domain.ids import ContactId
from bot.storage import casework, contacts
from bot.storage.contacts import AddressRow, ContactRow
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow


@dataclass(frozen=True, slots=True)
class Details:
    """What the holder of a referral may see.

    `way` and `message` are answers to the questions `safe_contact` and `phone_use`, empty when they were not asked; `number` is
    empty for a WhatsApp sender who hides it and for who wants to write first; `place` is a code, down to the commune; `purposes`
    are what the person agreed to and has not withdrawn; `notes` the partner's own.
    """

    row: ReferralRow
    first_name: str
    way: str
    message: str
    number: str
    place: str
    purposes: tuple[str, ...]
    notes: tuple[str, ...]


def details_of(tx: Transaction, row: ReferralRow) -> Details | None:
    """The details behind a referral, for its present holder; None when the person is no longer known or took the agreement back."""
    person = contacts.get(tx, row.contact_id)
    if person is None or contacts.withdrew(tx, row.contact_id):
        return None
    fields = person.fields
    return Details(
        row=row,
        first_name=fields.get("first_name", ""),
        way=fields.get("safe_contact", ""),
        message=fields.get("phone_use", ""),
        number=_number(person, contacts.latest_address(tx, row.contact_id)),
        place=fields.get("place") or row.place,
        purposes=contacts.agreed_to(tx, row.contact_id),
        notes=casework.notes(tx, row.id, row.partner),
    )


def ways_to(tx: Transaction, contact_id: ContactId) -> frozenset[Way]:
    """The ways by which this person can be tried: no text goes to a phone on which no message may be left."""
    person = contacts.get(tx, contact_id)
    if person is None or person.fields.get("safe_contact") == NO_CONTACT:
        return frozenset()
    known = [found.address for found in contacts.addresses_of(tx, contacts.address_ids(tx, contact_id)).values()]
    numbered = any(address.has_number for address in known) or "phone" in person.fields
    silent = person.fields.get("phone_use") == NO_MESSAGE
    open_ways: dict[Way, bool] = {
        "call": numbered,
        "sms": numbered and not silent,
        "whatsapp": not silent and any(address.channel == "whatsapp" for address in known),
    }
    return frozenset(way for way, is_open in open_ways.items() if is_open)


def _number(person: ContactRow, latest: AddressRow | None) -> str:
    if person.fields.get("safe_contact") == NO_CONTACT:
        return ""
    corrected = person.fields.get("phone")
    if corrected:
        return corrected
    return latest.address.value if latest and latest.address.has_number else ""
