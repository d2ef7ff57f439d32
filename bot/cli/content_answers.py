"""What owners of offers were asked and answered, for `dellusi content stale`."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.domain.directory import Offer, Partner
from bot.domain.errors import SettingsError, Unavailable
from bot.settings import load
from bot.storage import offer_confirmations
from bot.storage.offer_confirmations import Question

Questions = Sequence[Question] | None


def owners_answers() -> Questions:
    """All questions with their answers; None without settings or without a database that answers: files alone can be read anywhere."""
    try:
        settings = load()
    except SettingsError:
        return None
    from bot.bootstrap import make_database

    database = make_database(settings)
    try:
        with database.reading() as tx:
            return offer_confirmations.everything(tx)
    except Unavailable:
        return None
    finally:
        database.close()


def asked_lines(entry: Partner | Offer, day: date, questions: Questions) -> Iterator[tuple[str, dict[str, object]]]:
    """(key of a sentence, its values) about what was asked for an offer that is over; `answer` is the key of a sentence, too."""
    if not isinstance(entry, Offer) or questions is None or entry.valid_until is None or entry.valid_until >= day:
        return
    about = _about(entry, questions)
    for question in about:
        answer = "no_answer" if question.goes_on is None else "goes_on" if question.goes_on else "over"
        until = question.valid_until.isoformat() if question.valid_until else ""
        yield "asked", {"partner": question.partner, "asked": f"{question.asked_at:%Y-%m-%d}", "answer": answer, "until": until}
    if not about:
        yield "not_asked", {}


def asked_data(entry: Partner | Offer, questions: Questions) -> Sequence[dict[str, object]] | None:
    """The same for machines; None where the answers are not known."""
    if questions is None:
        return None
    return [
        {
            "partner": question.partner,
            "expiry": question.expiry.isoformat(),
            "asked_at": question.asked_at.isoformat(),
            "goes_on": question.goes_on,
            "answered_at": question.answered_at.isoformat() if question.answered_at else None,
            "valid_until": question.valid_until.isoformat() if question.valid_until else None,
        }
        for question in _about(entry, questions)
    ]


def _about(entry: Partner | Offer, questions: Sequence[Question]) -> list[Question]:
    """Questions about the last day that the file says, and those that followed from a yes."""
    if not isinstance(entry, Offer) or entry.valid_until is None:
        return []
    return [question for question in questions if question.offer == entry.id and question.expiry >= entry.valid_until]
