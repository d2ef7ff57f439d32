"""Which flow a text starts, and which way a node goes on."""

from dataclasses import dataclass

from bot.domain.referrals import find_code, without_code
from bot.engine.answers import SURE
from bot.engine.definition import Flow, FlowSet, Node, Route, Text, Trigger
from bot.engine.turn import Heard, Stage
from bot.engine.words import contains, folded, is_one_of

# Below this, a meaning is not even worth a place among the guesses.
GUESSABLE = 0.06
MOST_GUESSES = 3
STATUS = "case_status"


@dataclass(frozen=True, slots=True)
class Found:
    """A flow that a text starts, by a keyword or by meaning. `language` is the language of the keyword where it has one."""

    flow: Flow
    trigger: Trigger
    by_keyword: bool = False
    language: str | None = None


def find_trigger(flows: FlowSet, heard: Heard) -> Found | None:
    """The flow that was asked for: interrupting ones first, keywords before meanings."""
    return (
        _by_keyword(flows, heard, interrupting=True)
        or _by_meaning(flows, heard, interrupting=True)
        or _by_keyword(flows, heard, interrupting=False)
        or _by_meaning(flows, heard, interrupting=False)
    )


def _by_keyword(flows: FlowSet, heard: Heard, *, interrupting: bool) -> Found | None:
    said = without_code(heard.text[:80])
    if not folded(said):
        # A code and nothing else asks where that matter stands.
        asks_status = not interrupting and find_code(heard.text[:80]) is not None
        found = trigger_of(flows, STATUS) if asks_status else None
        return Found(found.flow, found.trigger, by_keyword=True) if found else None
    for flow in flows.flows.values():
        if (flow.kind == "interrupt") is not interrupting:
            continue
        for trigger in flow.triggers:
            for language, keywords in trigger.keywords.items():
                if is_one_of(said, keywords):
                    return Found(flow, trigger, by_keyword=True, language=None if language == "any" else language)
    return None


def _by_meaning(flows: FlowSet, heard: Heard, *, interrupting: bool) -> Found | None:
    intent = heard.understanding.intent
    if intent is None or heard.understanding.confidence < SURE:
        return None
    found = trigger_of(flows, intent)
    return found if found and (found.flow.kind == "interrupt") is interrupting else None


def trigger_of(flows: FlowSet, intent: str) -> Found | None:
    """The flow that an intent starts."""
    for flow in flows.flows.values():
        for trigger in flow.triggers:
            if intent in trigger.intents:
                return Found(flow, trigger)
    return None


def guesses(flows: FlowSet, heard: Heard) -> tuple[tuple[str, Text], ...]:
    """The likeliest meanings as (intent, words for it), at most three, each flow and label once."""
    named: dict[str, tuple[str, Text]] = {}
    for guess in heard.understanding.ranking:
        found = trigger_of(flows, guess.intent) if guess.confidence >= GUESSABLE else None
        if found and found.trigger.label:
            named.setdefault(found.trigger.label.source, (guess.intent, found.trigger.label))
    return tuple(named.values())[:MOST_GUESSES]


def next_node(stage: Stage, node: Node, answer: str | None) -> str | None:
    """The name of the node to go on with, None when the run is over by falling off its end."""
    if answer is not None and node.ask:
        for option in node.ask.options:
            if option.value == answer and option.go:
                return option.go
    for route in node.routes:
        if _leads(stage, route, answer):
            return route.go
    return node.go


def side_route(node: Node, heard: Heard) -> str | None:
    """The way that a meaning or a word takes although it is no answer to the node's question."""
    for route in node.routes:
        if route.intents and heard.understanding.intent in route.intents and heard.understanding.confidence >= SURE:
            return route.go
        if route.words and contains(heard.text, route.words):
            return route.go
        if route.entity and heard.understanding.entity(route.entity):
            return route.go
    return None


def _leads(stage: Stage, route: Route, answer: str | None) -> bool:
    if route.answer is not None:
        return route.answer == answer
    if route.condition is not None:
        return route.condition.holds(stage.raw)
    return route.otherwise
