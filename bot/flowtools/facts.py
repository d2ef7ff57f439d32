"""Where every fact comes from that people are told: the entry of the directory behind it, its source, the day it was checked.

A text names a fact by a placeholder for a number, by the name of an organisation, or by being the text of an offer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.content import Content
from bot.domain.directory import Partner
from bot.engine.placeholders import names
from bot.engine.words import joined
from bot.flowtools.sources import Source, sources

Kind = Literal["offer", "partner", "hotline"]
_HOTLINE = "hotline."
# Capitals that name no organisation: means of writing, and the airport.
_NO_NAMES = frozenset({"SMS", "AIBD", "OK"})
_CAPITALS = re.compile(r"\b[A-Z0-9][A-Z0-9/-]*[A-Z][A-Z0-9/-]*\b")
_NUMBERS = re.compile(r"(?<!\d)\d{3,}(?: \d{2,3})*(?!\d)")
_SITES = re.compile(r"\b(?:www\.)?[\w-]+\.(?:sn|org|int|com|net|fr|be)\b")


@dataclass(frozen=True, slots=True)
class Fact:
    """One text that rests on one entry. `checked` is a day, empty where the entry keeps none."""

    text: str
    kind: Kind
    entry: str
    source: tuple[str, ...]
    checked: str
    verified: bool


def facts(content: Content) -> Iterator[Fact]:
    """Every text that people are told and that rests on an entry, in the order of the files."""
    by_name = _by_name(content)
    for source in told(content):
        context = source.text.context
        if context.startswith("offer."):
            offer = next(one for one in content.directory.offer_list if context == f"offer.{one.id}.text")
            yield Fact(context, "offer", offer.id, offer.source, offer.checked.isoformat(), offer.verified)
            continue
        for name in dict.fromkeys(names(source.text.source)):
            hotline = content.directory.country.hotlines.get(name.removeprefix(_HOTLINE)) if name.startswith(_HOTLINE) else None
            if hotline:
                yield Fact(context, "hotline", hotline.id, (hotline.source,), "", verified=True)
        for partner in _named(source.text.source, by_name):
            yield Fact(context, "partner", partner.id, partner.source, partner.checked.isoformat(), partner.usable)


def told(content: Content) -> Iterator[Source]:
    """The texts that people are told: not the labels they choose from, nor what caseworkers read."""
    return (source for source in sources(content) if source.kind == "message")


def untraced(content: Content) -> Iterator[tuple[str, str]]:
    """(text, what it names) for numbers, sites and organisations of flows that no entry stands behind."""
    by_name = _by_name(content)
    sites = {way.value for partner in content.directory.partners.values() for way in partner.ways_in if way.kind == "web"}
    commands = {joined(word) for word in content.known_words}
    for source in told(content):
        text, context = re.sub(r"\{\{.*?\}\}", " ", source.text.source), source.text.context
        if context.startswith("offer."):
            continue
        found = [word for word in _CAPITALS.findall(text) if word not in by_name and word not in _NO_NAMES]
        yield from ((context, word) for word in found if joined(word) not in commands and word not in _asked(content))
        yield from ((context, number) for number in _NUMBERS.findall(text))
        yield from ((context, site) for site in _SITES.findall(text) if not any(site in known for known in sites))


def _asked(content: Content) -> frozenset[str]:
    """Words in capitals that people are asked to send, such as PASSER."""
    words = content.flows.words
    spelled = [word for spellings in words.commands.values() for word in spellings]
    return frozenset(word.upper() for word in (*spelled, *words.yes, *words.no))


def _by_name(content: Content) -> dict[str, Partner]:
    """Acronyms and names -> an entry that bears it, a usable one where there is one."""
    found: dict[str, Partner] = {}
    for partner in sorted(content.directory.partners.values(), key=lambda one: not one.usable):
        for name in (partner.acronym, partner.name):
            if name:
                found.setdefault(name, partner)
    return found


def _named(text: str, by_name: dict[str, Partner]) -> list[Partner]:
    plain = re.sub(r"\{\{.*?\}\}", " ", text)
    found = [partner for name, partner in by_name.items() if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", plain)]
    return list({partner.id: partner for partner in found}.values())
