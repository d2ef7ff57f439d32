"""Unasked texts tell nobody what they are about: a phone is shared, and its screen is read by whoever sits beside it.

Unasked are a form's reminder, what is said after silence, and what partners' caseworkers are told. An answer to a text that was
just written is not: the phone is in that person's hand.
"""

import re
from collections.abc import Iterator, Mapping

from bot.content import Content
from bot.domain.errors import Fault
from bot.domain.ladder import QUESTION_FLOWS
from bot.engine.definition import END, Flow, Text
from bot.flowtools.playing import plain

# Beginnings of words, without accents, by language. They name the road, the return, the organisations, the need or the danger.
TELLING: Mapping[str, tuple[str, ...]] = {
    "fr": (
        "migr", "emigr", "immigr", "rapatri", "expuls", "refoul", "clandestin", "reinser", "reintegr", "rentre", "voyage", "pirogue",
        "oim", "iom", "baos", "ofii", "caritas", "danger", "violen", "viol", "suicid", "mourir", "tuer", "frapp", "menac",
        "exploit", "esclav", "protection", "enfant", "mineur", "dette", "police", "plainte", "sante", "soign", "malad", "samu",
        "psych", "ecoute", "aide", "besoin", "secours",
    ),
    "wo": (
        "tukki", "gaddaay", "nibbi", "nibbisi", "dellusi", "oim", "iom", "baos", "ofii", "karitaas", "musiba", "ndimbal", "dimbal",
        "soxla", "door", "tekku", "siif", "dee", "xaru", "bor", "bakkan", "paj", "faj", "feebar", "aar", "xale", "polis", "nax",
        "pelent", "samu", "deglu",
    ),
}  # fmt: skip
# Caseworkers need the kind of help to answer at all; what would mark a person out is still not theirs to read on a screen.
_NOTICE_MAY = frozenset({"besoin", "soxla", "aide", "ndimbal", "samu"})

# Sentences of flows/words.yml that are said when something happened elsewhere.
_UNASKED_WORDS = "told_"


def check_discretion(content: Content) -> Iterator[Fault]:
    """Unasked texts, in every language, that hold a telling word."""
    for text, may in _unasked(content):
        for language in content.catalogues.languages:
            said = content.translate(text, language)
            found = telling(said, language, may)
            if found:
                values = (("words", ", ".join(found)), ("language", language))
                yield Fault(text.where.file, text.where.line, f"{text.context} [{language}]", "indiscreet", values)


def telling(text: str, language: str, may: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The words of a text that tell a stranger what it is about; placeholders are not looked into."""
    words = re.findall(r"[\w-]+", plain(re.sub(r"\{\{.*?\}\}", " ", text)))
    beginnings = [begin for begin in TELLING.get(language, ()) if begin not in may]
    return tuple(dict.fromkeys(word for word in words if any(_begins(word, begin, language) for begin in beginnings)))


def _begins(word: str, begin: str, language: str) -> bool:
    """Short Wolof words stand inside many others, so there the whole word counts."""
    return word == begin if language == "wo" and len(begin) <= 4 else word.startswith(begin)


def _unasked(content: Content) -> Iterator[tuple[Text, frozenset[str]]]:
    yield from ((form.nudge, frozenset()) for form in content.flows.forms.values() if form.nudge)
    for flow in content.flows.flows.values():
        yield from ((text, frozenset()) for name in sorted(_after_silence(flow)) for text in flow.nodes[name].say)
        if flow.name in QUESTION_FLOWS.values():
            yield from ((text, frozenset()) for text in flow.nodes[flow.first].say)
    yield from ((text, frozenset()) for key, text in content.flows.words.texts.items() if key.startswith(_UNASKED_WORDS))
    yield from ((text, _NOTICE_MAY) for key, text in content.notices.texts.items() if key.startswith("notices."))


def _after_silence(flow: Flow) -> set[str]:
    """The nodes that are played when a wait ends without an answer, up to the next question."""
    ahead = [route.go for node in flow.nodes.values() for route in node.routes if route.timeout]
    found: set[str] = set()
    while ahead:
        node = flow.nodes.get(ahead.pop())
        if node is None or node.name in found or node.name == END:
            continue
        found.add(node.name)
        if not node.ask:
            ahead += [route.go for route in node.routes] + ([node.go] if node.go else [])
    return found
