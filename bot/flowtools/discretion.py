"""Unasked texts tell nobody what they are about: a phone is shared, and its screen is read by whoever sits beside it.

Unasked are a form's reminder, what is said after silence, what a person hears when a service answers, and what partners' caseworkers
are told. An answer to a text that was
just written is not: the phone is in that person's hand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.content import Content
from bot.content.assets import partner_name
from bot.domain.errors import Fault
from bot.domain.ladder import QUESTION_FLOWS
from bot.engine.definition import END, Flow, FlowSet, Node, Option, Text, Where
from bot.engine.placeholders import names
from bot.flowtools.hearing import plain
from bot.translation import SOURCE

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
_NOTICE_MAY = frozenset({"besoin", "soxla", "aide", "ndimbal", "samu", "sante", "paj"})
# What these say is the answer to a question that nobody asked just now.
_TELLING_ACTIONS = ("tell_offers", "tell_status")
# Placeholders whose value is one of a few words of notices.yml.
_WORDED = {"referral.need": "needs.", "referral.state": "states.", "referral.urgency": "urgencies."}

# Sentences of flows/words.yml that are said when something happened elsewhere.
_UNASKED_WORDS = "told_"


def check_discretion(content: Content) -> Iterator[Fault]:
    """Unasked texts, in every language, that hold a telling word, themselves or in what their placeholders may become."""
    for text, may in _unasked(content):
        for language in content.catalogues.languages:
            found = [*telling(content.translate(text, language), language, may), *_in_values(content, text, language, may)]
            if found:
                yield _fault(text.where, f"{text.context} [{language}]", found, language)
    for flow, node in _after_silence(content.flows):
        for do in node.do:
            if do.action in _TELLING_ACTIONS:
                yield _fault(do.where, f"{flow.name}.{node.name}.{do.action}", [do.action], SOURCE)


def _fault(where: Where, key: str, found: Sequence[str], language: str) -> Fault:
    return Fault(where.file, where.line, key, "indiscreet", (("words", ", ".join(found)), ("language", language)))


def _in_values(content: Content, text: Text, language: str, may: frozenset[str]) -> Iterator[str]:
    """`{{ status.partner }} (oim, baos)` for each placeholder of which some value is telling."""
    for name in dict.fromkeys(names(text.source)):
        if name == "referral.partner" and text.context.startswith("notices."):
            # Whoever reads a notice works there.
            continue
        words = dict.fromkeys(word for value in _values(content, name, language) for word in telling(value, language, may))
        if words:
            yield f"{{{{ {name} }}}} ({', '.join(words)})"


def _values(content: Content, name: str, language: str) -> Iterable[str]:
    """What may stand for a placeholder. Titles of offers are not looked into: only their owner reads them, and they name no person."""
    scope, _, key = name.partition(".")
    if name in ("status.partner", "referral.partner"):
        return [partner_name(partner) for partner in content.directory.partners.values()]
    if scope in ("partner", "region"):
        return [content.value(name, language) or ""]
    if name in _WORDED:
        return [content.translate(text, language) for of, text in content.notices.texts.items() if of.startswith(_WORDED[name])]
    if scope in ("results", "contact"):
        return [content.translate(option.label, language) for option in _options(content.flows, key)]
    return ()


def _options(flows: FlowSet, kept_as: str) -> Iterator[Option]:
    """The choices of the questions whose answer is kept under this name."""
    nodes = (node for flow in flows.flows.values() for node in flow.nodes.values())
    asked = [one for form in flows.forms.values() for one in form.questions]
    questions = [node.ask for node in nodes if node.ask and node.ask.save_as == kept_as]
    for question in (*questions, *(one.question for one in asked if kept_as in (one.field, one.question.save_as))):
        yield from question.options


def telling(text: str, language: str, may: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The words of a text that tell a stranger what it is about; placeholders are not looked into."""
    words = re.findall(r"[\w-]+", plain(re.sub(r"\{\{.*?\}\}", " ", text)))
    beginnings = [begin for begin in TELLING.get(language, ()) if begin not in may]
    return tuple(dict.fromkeys(word for word in words if any(_begins(word, begin, language) for begin in beginnings)))


def _begins(word: str, begin: str, language: str) -> bool:
    """Short Wolof words stand inside many others, so there the whole word counts."""
    return word == begin if language == "wo" and len(begin) <= 4 else word.startswith(begin)


def _unasked(content: Content) -> Iterator[tuple[Text, frozenset[str]]]:
    nudges = [form.nudge for form in content.flows.forms.values() if form.nudge]
    silent = [text for _, node in _after_silence(content.flows) for text in node.say]
    states = [text for key, text in content.flows.words.texts.items() if key.startswith("told_")]
    begun = [flow for name, flow in content.flows.flows.items() if name in QUESTION_FLOWS.values()]
    states += [text for flow in begun for text in flow.nodes[flow.first].say]
    yield from ((text, frozenset()) for text in (*nudges, *silent, *states))
    yield from ((text, _NOTICE_MAY) for key, text in content.notices.texts.items() if key.startswith("notices."))


def _after_silence(flows: FlowSet) -> list[tuple[Flow, Node]]:
    """The nodes that are played when a wait ends without an answer, up to the next question, through the flows that they call."""
    ahead = [(flow, route.go) for flow in flows.flows.values() for node in flow.nodes.values() for route in node.routes if route.timeout]
    found: dict[tuple[str, str], tuple[Flow, Node]] = {}
    while ahead:
        flow, name = ahead.pop()
        node = flow.nodes.get(name)
        if node is None or (flow.name, name) in found or name == END:
            continue
        found[flow.name, name] = (flow, node)
        if node.call and node.call in flows.flows:
            called = flows.flows[node.call]
            ahead.append((called, next(iter(called.nodes))))
        if not node.ask:
            ahead += [(flow, go) for go in (*(route.go for route in node.routes), node.go) if go]
    return [found[key] for key in sorted(found)]
