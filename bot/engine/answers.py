"""What counts as an answer, type by type. Each reader gives the value to keep, or None."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from bot.engine.definition import AnswerType, Option, Question
from bot.engine.turn import Heard, Stage
from bot.engine.words import contains, is_one_of, number_of, word_count

SURE = 0.45
_YES_MEANINGS, _NO_MEANINGS = ("affirm",), ("deny",)


def read_answer(stage: Stage, question: Question, heard: Heard) -> str | None:
    """The value to keep of what was heard, or None when it is no answer to this question."""
    return READERS[question.answer](stage, question, heard)


def pick(heard: Heard, options: tuple[tuple[str, str], ...]) -> str | None:
    """The value among (value, label) pairs that was picked, by button, number or label."""
    if heard.payload is not None:
        return next((value for value, _ in options if value == heard.payload), None)
    number = number_of(heard.text)
    if number is not None and 1 <= number <= len(options):
        return options[number - 1][0]
    return next((value for value, label in options if is_one_of(heard.text, (label,))), None)


def _yes_no(stage: Stage, question: Question, heard: Heard) -> str | None:
    words = stage.flows.words
    picked = pick(heard, (("yes", ""), ("no", "")))
    if picked:
        return picked
    if is_one_of(heard.text, words.yes) or _means(heard, _YES_MEANINGS):
        return "yes"
    if is_one_of(heard.text, words.no) or _means(heard, _NO_MEANINGS):
        return "no"
    return None


def picked_in_words(stage: Stage, question: Question, heard: Heard) -> str | None:
    """The choice that was picked by button, number, label or one of its words, whatever else the text may mean."""
    labels = tuple((option.value, stage.assets.translate(option.label, stage.language)) for option in question.options)
    return pick(heard, labels) or _by_words(question.options, heard)


def _choice(stage: Stage, question: Question, heard: Heard) -> str | None:
    return picked_in_words(stage, question, heard) or next((o.value for o in question.options if _means(heard, o.intents)), None)


def _by_words(options: tuple[Option, ...], heard: Heard) -> str | None:
    for option in options:
        if is_one_of(heard.text, (*option.words, option.label.source)):
            return option.value
    found = [option.value for option in options if word_count(heard.text) <= 6 and contains(heard.text, option.words)]
    return found[0] if len(found) == 1 else None


def _means(heard: Heard, intents: tuple[str, ...]) -> bool:
    return heard.understanding.intent in intents and heard.understanding.confidence >= SURE


def _number(stage: Stage, question: Question, heard: Heard) -> str | None:
    number = number_of(heard.text)
    if number is None:
        found = re.findall(r"\d{1,9}", heard.text)
        number = int(found[0]) if len(found) == 1 else None
    if number is None:
        return None
    low = question.minimum if question.minimum is not None else 0
    high = question.maximum if question.maximum is not None else 999_999_999
    return str(number) if low <= number <= high else None


_DAY = re.compile(r"\b(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\b")
_MONTH = re.compile(r"\b(\d{1,2})[/.\- ](\d{4})\b")
_YEAR = re.compile(r"\b(19\d\d|20\d\d)\b")


def _date(stage: Stage, question: Question, heard: Heard) -> str | None:
    if match := _DAY.search(heard.text):
        day, month, year = (int(part) for part in match.groups())
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return None
    if (match := _MONTH.search(heard.text)) and 1 <= int(match[1]) <= 12:
        return f"{match[2]}-{int(match[1]):02d}"
    if match := _YEAR.search(heard.text):
        return match[1]
    period = heard.understanding.entity("date_period")
    return period.canonical or period.value if period else None


def _place(stage: Stage, question: Question, heard: Heard) -> str | None:
    named = heard.understanding.entity("place")
    for text in (heard.text, named.value if named else ""):
        reading = stage.assets.read_place(text, stage.language) if text else None
        if reading and reading.certain:
            return reading.options[0][0]
        if reading and reading.options:
            stage.frame.clarify = dict(reading.options[:3])
            return None
    return None


def _phone(stage: Stage, question: Question, heard: Heard) -> str | None:
    digits = re.sub(r"[^\d+]", "", heard.text)
    if re.fullmatch(r"(\+221|00221)?[37]\d{8}", digits):
        return "+221" + digits[-9:]
    return digits if re.fullmatch(r"\+\d{8,15}", digits) else None


def _name(stage: Stage, question: Question, heard: Heard) -> str | None:
    """A first name or alias: short, no question, no number. Kept literally."""
    text = " ".join(heard.text.split())
    if not text or len(text) > 40 or word_count(text) > 4 or "?" in text or any(sign.isdigit() for sign in text):
        return None
    return text


def _text(stage: Stage, question: Question, heard: Heard) -> str | None:
    return heard.text.strip()[:1000] or None


def _media(stage: Stage, question: Question, heard: Heard) -> str | None:
    return heard.kind if heard.kind in ("voice", "image", "video", "document") else None


Reader = Callable[[Stage, Question, Heard], str | None]
READERS: Mapping[AnswerType, Reader] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "number": _number,
    "date": _date,
    "place": _place,
    "phone": _phone,
    "name": _name,
    "text": _text,
    "media": _media,
}
