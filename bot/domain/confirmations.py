"""What the owners of offers answer when the last day of an offer is over: it goes on, or it does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.directory import FRESH, Directory, Offer

# An owner's yes counts as long as any other check of the directory.
RENEWED_FOR = FRESH


@dataclass(frozen=True, slots=True)
class Answer:
    """An owner's answer about an offer whose last day was `expiry`. `valid_until` is the new last day, None when it is over."""

    offer: str
    expiry: date
    valid_until: date | None


def renewed_until(today: date) -> date:
    """The new last day of an offer that its owner confirms today."""
    return today + RENEWED_FOR


def confirmed(directory: Directory, answers: Sequence[Answer]) -> Directory:
    """The directory as its owners answered, in the order of their answers.

    The files are the record of an offer: one that was given a later last day since the question is told as the file says.
    """
    about: dict[str, list[Answer]] = {}
    for answer in answers:
        about.setdefault(answer.offer, []).append(answer)
    if not about:
        return directory
    return replace(directory, offer_list=tuple(_answered(offer, about.get(offer.id, ())) for offer in directory.offer_list))


def _answered(offer: Offer, answers: Sequence[Answer]) -> Offer:
    if offer.valid_until is None:
        return offer
    counting = [answer for answer in answers if answer.expiry >= offer.valid_until]
    if not counting:
        return offer
    # About the latest last day; of several answers about it, by several owners, the one that came last.
    last = sorted(counting, key=lambda answer: answer.expiry)[-1]
    return replace(offer, on=False) if last.valid_until is None else replace(offer, valid_until=last.valid_until)
