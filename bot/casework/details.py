"""A person's details, only for the caseworker who took the referral: by a link that opens once, or by text after a PIN."""

from collections.abc import Mapping

from bot.casework.acting import refusal
from bot.casework.desk import Desk, Matter, Outcome
from bot.casework.pins import matches
from bot.casework.reach import Details, details_of
from bot.casework.reading import Order
from bot.content import Content
from bot.domain.places import place_of
from bot.domain.referrals import OPEN, TAKEN
from bot.storage import casework, guesses, referrals
from bot.storage.casework import LINK_OPENS_FOR
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow

PATH = "/d/"


def show(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """DETAILS: a link; with a PIN, the least that is needed to call."""
    row = matter.row
    if row.state not in OPEN:
        return refusal(desk, row)
    if row.state not in TAKEN:
        return desk.say("details_first", row)
    found = details_of(desk.tx, row)
    if found is None:
        return desk.say("details_none", row)
    if order.pin is not None:
        return _by_text(desk, row, found, order.pin)
    token = casework.new_link(desk.tx, row.id, partner=row.partner, member=desk.who.id)
    minutes = str(int(LINK_OPENS_FOR.total_seconds()) // 60)
    return desk.say("details_link", row, left=minutes, link=f"{desk.public_url.rstrip('/')}{PATH}{token}")


def _by_text(desk: Desk, row: ReferralRow, found: Details, pin: str) -> Outcome:
    if desk.who.pin is None or desk.who.address is None:
        return desk.say("no_pin", row)
    if guesses.too_many(desk.tx, "pin", desk.who.id):
        return desk.say("locked_pin", row)
    if not matches(desk.tx.vault, desk.who.pin, desk.who.address, pin):
        guesses.note_wrong(desk.tx, "pin", desk.who.id)
        return desk.say("wrong_pin", row)
    told = labels(desk.content, found, desk.who.language)
    parts = (found.first_name, found.number, told["way"], told["message"])
    return desk.say("details_text", row, who=", ".join(part for part in parts if part))


def open_link(content: Content, tx: Transaction, token: str) -> Details | None:
    """What a link shows, which uses it up. None when it is used, over or unknown, or when the referral is no longer that partner's:
    who lost it meanwhile sees nothing."""
    link = casework.open_link(tx, token)
    row = referrals.lock(tx, link.referral_id) if link else None
    if link is None or row is None or row.partner != link.partner or row.state not in TAKEN:
        return None
    return details_of(tx, row)


def labels(content: Content, found: Details, language: str) -> Mapping[str, str]:
    """The details as a caseworker reads them: answers by their labels, codes by their words."""
    place = place_of(found.place) if found.place else None
    return {
        "code": found.row.code,
        "first_name": found.first_name,
        "way": _label(content, "safe_contact", found.way, language),
        "message": _label(content, "phone_use", found.message, language),
        "address": found.number,
        "place": ", ".join(dict.fromkeys(part for part in (place.commune, place.department, place.region) if part)) if place else "",
        "need": content.word_for("needs", found.row.need, language),
        "consent": ", ".join(content.word_for("purposes", purpose, language) for purpose in found.purposes),
    }


def _label(content: Content, question: str, value: str, language: str) -> str:
    text = content.flows.labels.get((question, value))
    return content.translate(text, language) if text else ""
