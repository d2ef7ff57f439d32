"""Playing a conversation against the real engine and judging every step of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.content import Content
from bot.domain.contacts import Contact
from bot.domain.merging import Bubble, merge, numbered
from bot.domain.messages import Choice
from bot.domain.understanding import Entity, Guess, Understanding
from bot.engine.events import Event, MessageSaid, ReferralOpened, SessionFailed
from bot.engine.turn import Heard
from bot.flowtools.chat import Chat
from bot.flowtools.coverage import Ledger
from bot.flowtools.hearing import as_heard, plain, played_as_given
from bot.flowtools.scripts import THINGS, Script, Step


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the chat as it went. `who` is person, bot, time or note."""

    who: str
    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """A step that did not come true: where it stands, and a code with values for its sentence."""

    line: int
    code: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Verdict:
    """How a conversation went. `replies` are what came, step by step, for each step that acts; `sent` the same as messages."""

    script: Script
    lines: list[Line] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)
    replies: dict[int, str] = field(default_factory=dict)
    sent: dict[int, list[Bubble]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether everything came true."""
        return not self.misses


def play(script: Script, content: Content, ledger: Ledger | None = None, heard: Mapping[str, Understanding] | None = None) -> Verdict:
    """Hold the conversation. After a step that fails, the rest of its answer is still looked at, and then it ends.

    With `heard`, what the understanding service makes of the texts takes the place of the meanings that the author gave.
    """
    watched = ledger.watch(content) if ledger else content
    chat = Chat(watched, Contact(script.channel, script.language, fields=dict(script.fields)))
    verdict = Verdict(script)
    events: tuple[Event, ...] = ()
    for step in script.steps:
        if not step.acts:
            verdict.misses += _judge(step, events, chat)
            continue
        if not verdict.passed:
            break
        before = chat.contact.language
        events = _act(step, chat, verdict, heard)
        verdict.replies[step.line] = reply_of(events)
        verdict.sent[step.line] = merge(_bubbles(events), script.channel, chat.contact.language or script.language)
        verdict.lines += lines_of(events)
        verdict.misses += [
            Miss(step.line, "flow_failed", (("code", event.code), ("node", event.node)))
            for event in events
            if isinstance(event, SessionFailed)
        ]
        if ledger:
            ledger.settle(chat.contact.language or "fr", events, before)
    return verdict


def _act(step: Step, chat: Chat, verdict: Verdict, meanings: Mapping[str, Understanding] | None) -> tuple[Event, ...]:
    if step.verb == "wait":
        verdict.lines.append(Line("time", step.text))
        return chat.pass_(step.span)
    if step.verb == "begin":
        return chat.begin(step.text)
    heard = _tapped(step, chat) if step.verb == "tap" else _heard(step, chat, meanings)
    if heard is None:
        labels = ", ".join(choice.label for choice in chat.choices) or "-"
        verdict.misses.append(Miss(step.line, "nothing_to_tap", (("name", step.text), ("allowed", labels))))
        return ()
    verdict.lines.append(Line("person", f"[{heard.kind}]" if step.verb == "send" else heard.text))
    if meanings is not None and heard.understanding.intent:
        verdict.lines.append(Line("note", f"{heard.understanding.intent} {heard.understanding.confidence:.2f}"))
    return chat.hear(heard)


def _heard(step: Step, chat: Chat, meanings: Mapping[str, Understanding] | None) -> Heard:
    if step.verb == "send":
        return Heard(kind=next(thing for thing in THINGS if thing == step.text))
    if meanings is not None and not played_as_given(step):
        return Heard(step.text, understanding=as_heard(step, meanings))
    understood = chat.meaning_of(step.text)
    if step.intent:
        danger = step.intent if step.intent.startswith("danger_") else understood.danger
        understood = Understanding((Guess(step.intent, step.confidence),), danger=danger, source="given")
    entities = tuple(Entity(name, value, 0, 0) for name, value in step.entities.items())
    return Heard(step.text, understanding=Understanding(understood.ranking, entities, None, understood.danger, understood.source))


def _tapped(step: Step, chat: Chat) -> Heard | None:
    """A button or list entry by its value or label; on SMS, where there are none, its number is typed."""
    for number, choice in enumerate(chat.choices, 1):
        if step.text == choice.id or plain(step.text) == plain(choice.label):
            return Heard(choice.label, "button", choice.id) if chat.contact.channel == "whatsapp" else Heard(str(number))
    return None


def _judge(step: Step, events: tuple[Event, ...], chat: Chat) -> list[Miss]:
    if step.verb in ("expect", "not_expect"):
        return _judge_texts(step, plain(reply_of(events)))
    if step.verb == "referral":
        return _judge_referral(step, [event for event in events if isinstance(event, ReferralOpened)])
    if step.verb == "field":
        return [
            Miss(step.line, "field_differs", (("name", name), ("value", value), ("found", chat.contact.fields.get(name, "-"))))
            for name, value in step.values.items()
            if chat.contact.fields.get(name, "") != value
        ]
    if step.verb == "language":
        found = chat.contact.language or "-"
        return [] if found == step.text else [Miss(step.line, "language_differs", (("value", step.text), ("found", found)))]
    ended = chat.session is None
    return [] if ended == (step.text == "yes") else [Miss(step.line, "still_waits" if step.text == "yes" else "has_ended")]


def _judge_texts(step: Step, reply: str) -> list[Miss]:
    wanted = step.verb == "expect"
    code = "expected_missing" if wanted else "unexpected_text"
    return [Miss(step.line, code, (("text", text),)) for text in step.texts if (plain(text) in reply) is not wanted]


def _judge_referral(step: Step, opened: list[ReferralOpened]) -> list[Miss]:
    for event in opened:
        found = {"need": event.need, "place": event.place, "urgency": event.urgency, "partner": event.partner}
        if all(found.get(key) == value for key, value in step.values.items()):
            return []
    wanted = ", ".join(f"{key} {value}" for key, value in step.values.items())
    found_words = "; ".join(f"need {event.need}, place {event.place or '-'}, urgency {event.urgency}" for event in opened) or "-"
    return [Miss(step.line, "referral_missing", (("value", wanted), ("found", found_words)))]


def written(event: MessageSaid) -> str:
    """A text with its choices as numbered lines, as people read it on SMS."""
    return numbered(event.text, event.choices)


def _bubbles(events: tuple[Event, ...]) -> list[Bubble]:
    return [Bubble(event.text, event.node, event.choices) for event in events if isinstance(event, MessageSaid)]


def _numbered(choices: tuple[Choice, ...]) -> tuple[str, ...]:
    return tuple(f"{number} {choice.label}" for number, choice in enumerate(choices, 1))


def reply_of(events: tuple[Event, ...]) -> str:
    """Everything that was said in a turn."""
    return "\n".join(written(event) for event in events if isinstance(event, MessageSaid))


def lines_of(events: tuple[Event, ...]) -> list[Line]:
    """A turn's events as lines of the chat."""
    lines = []
    for event in events:
        if isinstance(event, MessageSaid):
            lines.append(Line("bot", event.text, _numbered(event.choices)))
        elif isinstance(event, ReferralOpened):
            lines.append(Line("note", f"{event.code}: {event.need}, {event.place or '-'}, {event.urgency} -> {event.partner}"))
    return lines
