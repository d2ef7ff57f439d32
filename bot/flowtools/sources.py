"""Every text that somebody reads, with what its translator must know: purpose, the question before it, what it may cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.content import Content
from bot.content.notices import Notices
from bot.domain.directory import Offer
from bot.engine.definition import FlowSet, Node, Question, Text, Where

# message: sent as it stands. label: a choice or a name in a list. notice: to partners' caseworkers. name: said inside another text.
Kind = Literal["message", "label", "notice", "name"]

_LABELS = ("yes", "no", "none_of_these")
_NAMES = ("needs", "urgencies", "states", "reasons")
GUESSES = 3


@dataclass(frozen=True, slots=True)
class Source:
    """One text. `options` are the choices that are sent below it; `before` is the text that stands before it."""

    text: Text
    kind: Kind
    about: str
    before: str = ""
    options: tuple[Text, ...] = ()


def sources(content: Content) -> Iterator[Source]:
    """Every text of the flows, forms, words, notices and offers, in the order of the files: what catalogues must translate."""
    yield from spoken(content.flows)
    yield from notice_sources(content.notices)
    for offer in content.directory.offer_list:
        yield from offer_sources(offer)


def spoken(flows: FlowSet) -> Iterator[Source]:
    """The texts of flows, forms and words."""
    for flow in flows.flows.values():
        for trigger in flow.triggers:
            if trigger.label:
                yield Source(trigger.label, "label", flow.about)
        for node in flow.nodes.values():
            yield from node_sources(flows, node, flow.about)
    yield from _forms(flows)
    for key, text in flows.words.texts.items():
        yield Source(text, "label" if key in _LABELS else "message", "words.yml", options=_word_options(flows, key))


def node_sources(flows: FlowSet, node: Node, about: str) -> Iterator[Source]:
    """The texts of one node: choices hang below its last text."""
    shown = shown_options(flows, node.ask) if node.ask else ()
    before = ""
    for number, text in enumerate(node.say, 1):
        yield Source(text, "message", about, before, shown if number == len(node.say) else ())
        before = text.source
    if node.ask:
        yield from _asked(node.ask, about, before, shown)


def _forms(flows: FlowSet) -> Iterator[Source]:
    for form in flows.forms.values():
        before = ""
        for asked in form.questions:
            shown = shown_options(flows, asked.question)
            yield Source(asked.say, "message", form.about, before, shown)
            yield from _asked(asked.question, form.about, asked.say.source, shown)
            before = asked.say.source
        if form.nudge:
            yield Source(form.nudge, "message", form.about)


def _asked(question: Question, about: str, before: str, shown: tuple[Text, ...]) -> Iterator[Source]:
    for option in question.options:
        yield Source(option.label, "label", about, before)
    if question.reask:
        yield Source(question.reask, "message", about, before, shown)


def shown_options(flows: FlowSet, question: Question) -> tuple[Text, ...]:
    """The choices that are sent with a question."""
    if question.answer == "yes_no":
        return (flows.words.texts["yes"], flows.words.texts["no"])
    return tuple(option.label for option in question.options)


def _word_options(flows: FlowSet, key: str) -> tuple[Text, ...]:
    """What the engine sends below its own sentences: the dearest guesses, or yes and no."""
    words = flows.words.texts
    if key == "guess":
        labels = [trigger.label for flow in flows.flows.values() for trigger in flow.triggers if trigger.label]
        longest = sorted(labels, key=lambda label: -len(label.source))[:GUESSES]
        return (*longest, words["none_of_these"])
    return (words["yes"], words["no"]) if key == "confirm_place" else ()


def notice_sources(notices: Notices) -> Iterator[Source]:
    """The texts for partners' caseworkers."""
    for key, text in notices.texts.items():
        yield Source(text, "name" if key.partition(".")[0] in _NAMES else "notice", "notices.yml")


def offer_sources(offer: Offer, title_line: int = 0, text_line: int = 0) -> Iterator[Source]:
    """The texts of an offer; the directory does not remember lines, so whoever knows them gives them."""
    file = f"config/offers/{offer.id}.yml"
    yield Source(Text(offer.title, f"offer.{offer.id}.title", Where(file, title_line)), "name", offer.title)
    yield Source(Text(offer.text, f"offer.{offer.id}.text", Where(file, text_line)), "message", offer.title)
