"""Flows as the engine runs them. Made by `bot.content.flows` from YAML; every part remembers its file and line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from bot.engine.conditions import Condition

FlowKind = Literal["conversation", "answer", "interrupt"]
AnswerType = Literal["yes_no", "choice", "number", "date", "place", "phone", "name", "text", "media"]
END = "end"


@dataclass(frozen=True, slots=True)
class Where:
    """The place in a content file that something came from. Lines count from 1."""

    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for a person: its French source and the context (`flow.node.key`) that catalogues know it by."""

    source: str
    context: str
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question. `words` are everyday ways to say it, `intents` meanings that count as this answer."""

    value: str
    label: Text
    words: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    go: str | None = None
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked and what counts as an answer.

    `skip_known` passes over the question when the answer is on the run or among the contact's fields; `wait` is how long
    silence lasts before the timeout route is taken.
    """

    answer: AnswerType
    save_as: str
    options: tuple[Option, ...] = ()
    reask: Text | None = None
    wait: timedelta = timedelta(days=1)
    optional: bool = False
    skip_known: bool = False
    minimum: int | None = None
    maximum: int | None = None
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Route:
    """One way on. Exactly one of the tests is set; `otherwise` is the last resort."""

    go: str
    answer: str | None = None
    intents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    entity: str | None = None
    condition: Condition | None = None
    timeout: bool = False
    otherwise: bool = False
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Do:
    """A call of an action with its values, placeholders not yet filled."""

    action: str
    values: Mapping[str, str] = field(default_factory=dict)
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Node:
    """One step: actions, then texts, then at most one of a question, a form or a sub-flow, then the way on."""

    name: str
    do: tuple[Do, ...] = ()
    say: tuple[Text, ...] = ()
    ask: Question | None = None
    form: str | None = None
    call: str | None = None
    routes: tuple[Route, ...] = ()
    go: str | None = None
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts a flow. `sets` are results the run begins with; `label` is what the trigger is called in a list of guesses."""

    intents: tuple[str, ...] = ()
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    label: Text | None = None
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Flow:
    """One conversation. An `answer` flow may be visited in the middle of another; an `interrupt` flow comes before everything."""

    name: str
    version: int
    about: str
    kind: FlowKind
    triggers: tuple[Trigger, ...]
    nodes: Mapping[str, Node]
    first: str
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question of a form. It is passed over when its condition does not hold. `field` keeps the answer for good."""

    name: str
    say: Text
    question: Question
    condition: Condition | None = None
    field: str | None = None
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Form:
    """Questions in order, with what is said after silence."""

    name: str
    version: int
    about: str
    questions: tuple[FormQuestion, ...]
    nudge: Text | None = None
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Words:
    """The words that work everywhere, and the sentences of the engine itself, by key."""

    commands: Mapping[str, tuple[str, ...]]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    languages: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class FlowSet:
    """Everything we can say, as one immutable value. `version` is the hash of its files."""

    flows: Mapping[str, Flow]
    forms: Mapping[str, Form]
    words: Words
    version: str
    labels: Mapping[tuple[str, str], Text] = field(default_factory=dict)
