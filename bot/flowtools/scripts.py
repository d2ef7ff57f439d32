"""Conversations that authors write as tests: flows/tests/*.yml -> steps that know their lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from bot.content import Content
from bot.content.reading import Faults, Section, nearest, read_file
from bot.domain.addresses import CHANNEL_TYPES, ChannelType
from bot.domain.messages import InboundKind

Verb = Literal["say", "send", "tap", "wait", "begin", "expect", "not_expect", "referral", "field", "ended", "language"]
VERBS: tuple[Verb, ...] = ("say", "send", "tap", "wait", "begin", "expect", "not_expect", "referral", "field", "ended", "language")
THINGS: tuple[InboundKind, ...] = ("voice", "image", "video", "document", "sticker", "location", "contact_card", "empty")
REFERRAL_KEYS = ("need", "place", "urgency", "partner")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a conversation: what the person does, or what must be true after it. `values` holds pairs (referral, field)."""

    verb: Verb
    line: int
    texts: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    span: timedelta = timedelta()
    intent: str | None = None
    confidence: float = 0.9
    entities: Mapping[str, str] = field(default_factory=dict)

    @property
    def acts(self) -> bool:
        """Whether the person does something, time passes or the service asks by itself; else the step looks at what came of it."""
        return self.verb in ("say", "send", "tap", "wait", "begin")

    @property
    def text(self) -> str:
        """The first text."""
        return self.texts[0] if self.texts else ""


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation. `fields` are what is known of the person before it."""

    name: str
    language: str
    channel: ChannelType
    steps: tuple[Step, ...]
    file: str
    line: int
    fields: Mapping[str, str] = field(default_factory=dict)


def read_scripts(paths: Collection[Path], folder: Path, content: Content, faults: Faults) -> list[Script]:
    """The conversations of these files; faults are noted, and a conversation with one is still given for its other steps."""
    found: list[Script] = []
    for path in paths:
        section = read_file(path, _name(path, folder), faults)
        if section is None:
            continue
        tests = section.sections("tests")
        if not section.has("tests"):
            section.fault("tests", "missing_key", name="tests")
        found += [_script(test, content) for test in tests]
        section.finish()
    return found


def _name(path: Path, folder: Path) -> str:
    """How faults call a file: from the folder of the content where it is inside it."""
    full, root = path.resolve(), folder.resolve()
    return str(full.relative_to(root)) if full.is_relative_to(root) else str(path)


def _script(test: Section, content: Content) -> Script:
    channel = test.choice("channel", CHANNEL_TYPES, "sms")
    steps = tuple(_step(step, content) for step in test.sections("steps", "step"))
    if not steps:
        test.fault("steps", "no_steps")
    script = Script(
        name=test.text("name"),
        language=test.choice("language", content.catalogues.languages, "fr"),
        channel=next(known for known in CHANNEL_TYPES if known == channel),
        steps=steps,
        file=test.file,
        line=test.line,
        fields=_pairs(test, "fields"),
    )
    test.finish()
    return script


def _step(step: Section, content: Content) -> Step:
    verbs: list[Verb] = [verb for verb in VERBS if step.has(verb)]
    if len(verbs) != 1:
        step.fault("", "one_verb_per_step", found=", ".join(verbs) or "-", allowed=", ".join(VERBS))
        for key in step.keys:
            step.ignore(key)
        return Step("expect", step.line)
    made = _READERS.get(verbs[0], _words)(step, verbs[0], content)
    step.finish()
    return made


def _say(step: Section, verb: Verb, content: Content) -> Step:
    intent, entities = step.optional("intent"), _pairs(step, "entities")
    if intent and intent not in content.intents:
        step.fault("intent", "unknown_intent", nearest(intent, content.intents), name=intent)
    for name in entities:
        if name not in content.entities:
            step.fault("entities", "unknown_entity", nearest(name, content.entities), name=name)
    return Step(verb, step.line, (step.text("say"),), intent=intent, confidence=_share(step), entities=entities)


def _share(step: Section) -> float:
    written = step.optional("confidence") or "0.9"
    try:
        share = float(written)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        step.fault("confidence", "not_a_share", value=written)
        return 0.9
    return share


def _send(step: Section, verb: Verb, content: Content) -> Step:
    return Step(verb, step.line, (step.choice("send", THINGS),))


def _wait(step: Section, verb: Verb, content: Content) -> Step:
    return Step(verb, step.line, (step.optional("wait") or "",), span=timedelta(seconds=step.span("wait", 0)))


def _begin(step: Section, verb: Verb, content: Content) -> Step:
    return Step(verb, step.line, (step.choice("begin", tuple(content.flows.flows)),))


def _referral(step: Section, verb: Verb, content: Content) -> Step:
    values = _pairs(step, "referral")
    for key in values:
        if key not in REFERRAL_KEYS:
            step.fault("referral", "unknown_key", nearest(key, REFERRAL_KEYS), name=key)
    return Step(verb, step.line, values=values)


def _field(step: Section, verb: Verb, content: Content) -> Step:
    return Step(verb, step.line, values=_pairs(step, "field"))


def _ended(step: Section, verb: Verb, content: Content) -> Step:
    return Step(verb, step.line, ("yes" if step.flag("ended") else "no",))


def _language(step: Section, verb: Verb, content: Content) -> Step:
    return Step(verb, step.line, (step.choice("language", content.catalogues.languages),))


def _words(step: Section, verb: Verb, content: Content) -> Step:
    texts = step.words(verb)
    if not texts:
        step.fault(verb, "empty_text", name=verb)
    return Step(verb, step.line, texts)


_READERS = {
    "say": _say,
    "send": _send,
    "wait": _wait,
    "begin": _begin,
    "referral": _referral,
    "field": _field,
    "ended": _ended,
    "language": _language,
}


def _pairs(section: Section, key: str) -> dict[str, str]:
    part = section.section(key)
    return {name: part.optional(name) or "" for name in part.keys} if part else {}
