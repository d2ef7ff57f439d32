"""What each text costs as an SMS, in every language, with the longest values filled in and rendered as it is really sent."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.content import Content
from bot.domain.errors import Fault
from bot.domain.segments import Cost, measure, offenders, render_for_sms
from bot.engine.placeholders import fill
from bot.flowtools.samples import Samples
from bot.flowtools.sources import Source, sources
from bot.translation import SOURCE

# Segments. A text of more than two is expensive, and too long for a small phone.
STEP_BUDGET = 2
_SPELLED = {"ŋ": "ng", "Ŋ": "Ng", "œ": "oe", "Œ": "Oe", "ɓ": "b", "ɗ": "d", "ƴ": "y", "Ɓ": "B", "Ɗ": "D"}


@dataclass(frozen=True, slots=True)
class Price:
    """The cost of one text in one language in the worst case. `dear` are the letters whose replacement would save segments."""

    source: Source
    language: str
    sent: str
    cost: Cost
    dear: tuple[str, ...] = ()


class Prices:
    """Prices of the texts of a content, counted once each."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._samples = Samples(content)
        self._known: dict[tuple[str, str], Price] = {}

    def of(self, source: Source, language: str) -> Price:
        """The price of a text in a language."""
        key = (source.text.context, language)
        if key not in self._known:
            self._known[key] = self._count(source, language)
        return self._known[key]

    def _count(self, source: Source, wanted: str) -> Price:
        language = wanted if _translated(self._content, source, wanted) else SOURCE
        sent = max((self._sent(source, language, rare=rare) for rare in (False, True)), key=lambda text: measure(text).segments)
        cost = measure(sent)
        saves = measure(cheaper(sent)).segments < cost.segments
        return Price(source, language, sent, cost, offenders(sent) if saves else ())

    def _sent(self, source: Source, language: str, *, rare: bool) -> str:
        text = fill(self._content.translate(source.text, language), lambda name: self._samples.worst(name, language, rare=rare))
        labels = (self._content.translate(option, language) for option in source.options)
        return render_for_sms("\n".join((text, *(f"{number} {label}" for number, label in enumerate(labels, 1)))), language)


def _translated(content: Content, source: Source, language: str) -> bool:
    return content.catalogues.has(source.text.source, source.text.context, language)


def cheaper(text: str) -> str:
    """The text with every letter outside the SMS alphabet written plainly, or left out where it has no plain form."""
    return "".join(letter if not offenders(letter) else _plain(letter) for letter in text)


def _plain(letter: str) -> str:
    if letter in _SPELLED:
        return _SPELLED[letter]
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if not offenders(base) else ""


def check_costs(content: Content, budget: int = STEP_BUDGET, prices: Prices | None = None) -> Iterator[Fault]:
    """Texts over the budget are errors; rare letters that cost segments are named, with a cheaper wording.

    A missing translation is another fault: its French is counted as French.
    """
    counted = prices or Prices(content)
    for language in content.catalogues.languages:
        for source in sources(content):
            if source.kind in ("message", "notice") and _translated(content, source, language):
                yield from _faults(counted.of(source, language), budget)


def _faults(price: Price, budget: int) -> Iterator[Fault]:
    text = price.source.text
    where, key = text.where, f"{text.context} [{price.language}]"
    if price.dear:
        words = [word for word in price.sent.split() if set(word) & set(price.dear)][:5]
        values = {
            "letters": " ".join(price.dear),
            "segments": str(price.cost.segments),
            "cheaper": str(measure(cheaper(price.sent)).segments),
            "words": ", ".join(f"{word} -> {cheaper(word)}" for word in words),
        }
        yield Fault(where.file, where.line, key, "dear_letters", tuple(values.items()), severity="warning")
    if price.cost.segments > budget:
        values = {
            "segments": str(price.cost.segments),
            "limit": str(budget),
            "units": str(price.cost.units),
            "encoding": price.cost.encoding,
        }
        yield Fault(where.file, where.line, key, "step_too_dear", tuple(values.items()))
