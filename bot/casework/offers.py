"""The owner of an offer that is over is asked by text whether it goes on, and answers OUI or NON from the number that was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wolof.spelling import fold_text

from bot import telemetry
from bot.casework import people
from bot.casework.desk import Outcome
from bot.content import Content
from bot.domain.addresses import CHANNEL_TYPES, Address
from bot.domain.confirmations import renewed_until
from bot.domain.directory import EVERYWHERE, Offer
from bot.domain.places import place_of
from bot.domain.referrals import find_code, without_code
from bot.engine.placeholders import fill
from bot.storage import offer_confirmations, referrals
from bot.storage.database import Transaction
from bot.storage.offer_confirmations import Question
from bot.translation import readable_date


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is asked about an offer: a caseworker of its partner, else of the region's coordinator."""

    partner: str
    address: Address
    language: str


def owner_of(content: Content, tx: Transaction, offer: Offer) -> Owner | None:
    """The owner of an offer; None when nobody can be asked by text."""
    place = None if EVERYWHERE in offer.places or not offer.places else place_of(offer.places[0])
    coordinator = content.directory.region_of(place).coordinator
    for partner in (offer.partner, coordinator):
        for reader in people.readers(content, tx, partner):
            if reader.address.channel in CHANNEL_TYPES:
                return Owner(partner, reader.address, reader.language)
    return None


def question_text(content: Content, offer: Offer, code: str, language: str) -> str:
    """What the owner reads when the last day of an offer is over."""
    return _text(content, "notices.offer_over", language, offer, code, offer.valid_until)


def handle(content: Content, tx: Transaction, address: Address, partners: Sequence[str], text: str) -> Outcome | None:
    """Take an answer about an offer. None when the text is none: then it is about referrals.

    A yes without a code counts only where nothing else waits for one: a wrong guess would renew an offer in place of a person's
    referral, or the other way round.
    """
    asked = [question for question in offer_confirmations.asked_of(tx, address) if _offer(content, question)]
    if not asked:
        return None
    language, code, goes_on = content.partner_language(partners[0]), find_code(text), _goes_on(content, text)
    if code is not None:
        question = next((question for question in asked if question.code == code), None)
        if question is None:
            return None
        return _which(content, [question], language) if goes_on is None else _settle(content, tx, question, language, goes_on=goes_on)
    waiting = [question for question in asked if question.goes_on is None]
    if goes_on is None or not waiting:
        return None
    if len(waiting) > 1 or referrals.held_by(tx, partners):
        return _which(content, waiting, language)
    return _settle(content, tx, waiting[0], language, goes_on=goes_on)


def _goes_on(content: Content, text: str) -> bool | None:
    """Yes, no or neither: the first word, or the first two, of a text less its code."""
    words = fold_text(without_code(text)[:200]).split()
    said = {" ".join(words[:count]) for count in (1, 2)}
    yes, no = ({fold_text(word) for word in known} for known in (content.flows.words.yes, content.flows.words.no))
    if said & no:
        return False
    return True if said & yes else None


def _settle(content: Content, tx: Transaction, question: Question, language: str, *, goes_on: bool) -> Outcome:
    until = renewed_until(tx.now.date()) if goes_on else None
    offer_confirmations.answer(tx, question.id, valid_until=until)
    telemetry.log().info("offer_answered", key=question.offer, partner=question.partner, state="renewed" if goes_on else "withdrawn")
    offer = _offer(content, question)
    key = "replies.offer_renewed" if goes_on else "replies.offer_withdrawn"
    return Outcome(_text(content, key, language, offer, question.code, until))


def _which(content: Content, questions: Sequence[Question], language: str) -> Outcome:
    lines = [_text(content, "replies.offer_which", language, _offer(content, one), one.code, one.expiry) for one in questions[:8]]
    return Outcome("\n".join(lines))


def _offer(content: Content, question: Question) -> Offer | None:
    """The offer of a question; one that left the directory since has no question any more."""
    return next((offer for offer in content.directory.offer_list if offer.id == question.offer), None)


def _text(content: Content, key: str, language: str, offer: Offer | None, code: str, day: date | None) -> str:
    values = {
        "offer.title": offer.title if offer else "",
        "offer.code": code,
        "offer.until": readable_date(day, language) if day else "",
    }
    return fill(content.translate(content.notices.texts[key], language), values.get)
