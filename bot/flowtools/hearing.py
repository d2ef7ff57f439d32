"""Test conversations as the real understanding service hears them, beside the meanings that their authors gave.

A meaning that an author gave says what the flow must do when it is understood; whether the service understands it is another
question, and this answers it. A meaning given with little confidence plays a text that nobody could understand: it stays. So does
a named thing that does not stand in the text: nobody could find it there.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal

from bot.content import Content
from bot.domain.understanding import NOTHING, Entity, Understanding
from bot.engine.answers import SURE
from bot.flowtools.scripts import Script, Step

Meaning = Callable[[str], Understanding]
Kind = Literal["other", "unsure", "entity"]
# Questions to the service at a time: it has one model, and more of them would only wait.
SIDE_BY_SIDE = 4


class NotHeard(Exception):
    """The service left a text without an answer; the comparison would be worth nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One text that the service reads in another way than its author. `given` and `found` are intents, or names of entities;
    `share` is the confidence in `found`."""

    kind: Kind
    file: str
    line: int
    language: str
    text: str
    given: str
    found: str
    share: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many texts carry a meaning, and where the service differs."""

    compared: int
    differences: tuple[Difference, ...]

    @property
    def same(self) -> int:
        """Texts that the service reads as their authors do."""
        return self.compared - len({(one.file, one.line) for one in self.differences})


def played_as_given(step: Step) -> bool:
    """Whether a step keeps its given meaning also with the real service: it plays what cannot be understood."""
    return step.intent is not None and step.confidence < SURE


def as_heard(step: Step, heard: Mapping[str, Understanding]) -> Understanding:
    """What counts as understood at a step: what the service heard, and the named things that are given from outside the text."""
    understood = heard.get(step.text, NOTHING)
    outside = tuple(Entity(name, value, 0, 0) for name, value in step.entities.items() if not _stands_in(value, step.text))
    return replace(understood, entities=(*understood.entities, *outside))


def _stands_in(value: str, text: str) -> bool:
    return plain(value) in plain(text)


def plain(text: str) -> str:
    """The text without case, accents and runs of blanks."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())


def texts_of(scripts: Iterable[Script], content: Content) -> list[str]:
    """What the service is asked, once each: keywords are certain without it."""
    said = (step for script in scripts for step in script.steps if step.verb == "say" and not played_as_given(step))
    return list(dict.fromkeys(step.text for step in said if not content.is_known_word(step.text)))


def hear(texts: list[str], meaning: Meaning) -> dict[str, Understanding]:
    """Text -> what the service makes of it. Raises `NotHeard` when it stays silent on words."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        heard = dict(zip(texts, pool.map(meaning, texts), strict=True))
    silent = [
        text for text, understood in heard.items() if understood.source != "nlu" and any(sign.isascii() and sign.isalpha() for sign in text)
    ]
    if silent:
        raise NotHeard(f"{len(silent)}")
    return heard


def compare(scripts: Iterable[Script], content: Content, heard: Mapping[str, Understanding]) -> Comparison:
    """The given meanings beside those that were heard."""
    steps = [
        (script, step)
        for script in scripts
        for step in script.steps
        if step.verb == "say" and (step.intent or step.entities) and not played_as_given(step) and not content.is_known_word(step.text)
    ]
    found = tuple(one for script, step in steps for one in _differences(script, step, heard.get(step.text, NOTHING)))
    return Comparison(len(steps), found)


def _differences(script: Script, step: Step, heard: Understanding) -> Iterator[Difference]:
    where = (script.file, step.line, script.language, step.text)
    if step.intent:
        sure = heard.confidence >= SURE
        if not sure or heard.intent != step.intent:
            yield Difference("other" if sure else "unsure", *where, step.intent, heard.intent or "-", heard.confidence)
    named = {entity.name for entity in heard.entities}
    for name, value in step.entities.items():
        if name not in named and _stands_in(value, step.text):
            yield Difference("entity", *where, name, ", ".join(sorted(named)) or "-", 0.0)
