"""Talking to the draft: one line typed, one turn played. What was said can be kept as a test conversation."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.content import Content
from bot.content.reading import Faults, read_text
from bot.domain.contacts import Contact
from bot.domain.messages import InboundKind
from bot.domain.understanding import Guess, Understanding
from bot.engine.events import Event, LanguageChanged, SessionEnded, SessionFailed
from bot.engine.turn import Heard
from bot.flowtools.chat import NOON, Chat
from bot.flowtools.playing import Line, lines_of, plain, reply_of
from bot.flowtools.wording import phrase

Meaning = Callable[[str], Understanding]
THINGS: dict[str, InboundKind] = {
    "/voice": "voice",
    "/photo": "image",
    "/document": "document",
    "/sticker": "sticker",
    "/place": "location",
    "/empty": "empty",
}


@dataclass(slots=True)
class Talk:
    """A talk with the content of a folder. `meaning` understands what is typed, `lang` is the author's language, `now` is when it
    begins. `said` are the events of the last turn."""

    content: Content
    contact: Contact
    meaning: Meaning
    lang: str | None = None
    now: datetime = NOON
    said: tuple[Event, ...] = field(init=False, default=())
    chat: Chat = field(init=False)
    kept: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.chat = Chat(self.content, self.contact, self.now)

    def go_on_with(self, content: Content, meaning: Meaning) -> None:
        """The files were saved: the talk stays where it is and goes on with what they say now."""
        self.content, self.meaning = content, meaning
        self.chat.content = content

    def take(self, typed: str) -> Iterator[Line]:
        """What comes of a typed line: our answers, and notes on what happened behind them."""
        command, _, rest = typed.strip().partition(" ")
        self.said = ()
        if command in THINGS:
            yield from self._hear(Heard(kind=THINGS[command]), f"send: {THINGS[command]}")
        elif command == "/tap":
            yield from self._tap(rest)
        elif command == "/wait":
            yield from self._wait(rest)
        elif command == "/as":
            intent, _, text = rest.partition(" ")
            yield from self._say(text, Understanding((Guess(intent, 0.9),), source="given"), f"\n        intent: {intent}")
        elif command == "/state":
            yield from self._state()
        elif command == "/test":
            yield Line("note", self.as_test())
        elif command.startswith("/"):
            yield Line("note", phrase("try_help", self.lang))
        else:
            yield from self._say(typed.strip(), None, "")

    def as_test(self) -> str:
        """The talk so far as a conversation for flows/tests."""
        head = [
            "  - name: " + json.dumps(phrase("try_test_name", self.lang), ensure_ascii=False),
            f"    language: {self.contact.language}",
            f"    channel: {self.contact.channel}",
            "    steps:",
        ]
        return "\n".join([*head, *self.kept])

    def _say(self, text: str, given: Understanding | None, more: str) -> Iterator[Line]:
        understood = given or self._understand(text)
        if understood.intent and given is None:
            yield Line("note", phrase("try_meaning", self.lang, name=understood.intent, share=f"{understood.confidence:.2f}"))
            if understood.source == "nlu":
                more = f"\n        intent: {understood.intent}"
        yield from self._hear(Heard(text, understanding=understood), f"say: {json.dumps(text, ensure_ascii=False)}{more}")

    def _understand(self, text: str) -> Understanding:
        """As in the service: what is a keyword is not asked about."""
        return Understanding() if self.content.is_known_word(text) else self.meaning(text)

    def press(self, label: str, choice: str) -> Iterator[Line]:
        """What comes of a tapped button, also of an old one that is still on the phone. `choice` is its id."""
        yield from self._hear(Heard(label, "button", choice), f"tap: {json.dumps(label, ensure_ascii=False)}")

    def _tap(self, label: str) -> Iterator[Line]:
        for number, choice in enumerate(self.chat.choices, 1):
            if plain(label) in (plain(choice.label), plain(choice.id), str(number)):
                yield from self.press(choice.label, choice.id)
                return
        labels = ", ".join(choice.label for choice in self.chat.choices) or "-"
        yield Line("note", phrase("nothing_to_tap", self.lang, name=label, allowed=labels))

    def _wait(self, span: str) -> Iterator[Line]:
        faults = Faults()
        section = read_text(f"wait: {json.dumps(span)}".encode(), "", faults)
        seconds = section.span("wait", 0) if section else 0
        if faults.found or not seconds:
            yield Line("note", phrase("not_a_span", self.lang, value=span))
            return
        yield from self._after(self.chat.pass_(timedelta(seconds=seconds)), f"wait: {span}")

    def _hear(self, heard: Heard, step: str) -> Iterator[Line]:
        yield from self._after(self.chat.hear(heard), step)

    def _after(self, events: tuple[Event, ...], step: str) -> Iterator[Line]:
        self.said = events
        self.kept.append(f"      - {step}")
        first = next((line for line in reply_of(events).splitlines() if line), "")
        if first:
            self.kept.append(f"      - expect: {json.dumps(' '.join(first.split()[:5]), ensure_ascii=False)}")
        yield from lines_of(events)
        for event in events:
            if isinstance(event, SessionFailed):
                yield Line("note", phrase("flow_failed", self.lang, code=event.code, node=event.node))
            elif isinstance(event, SessionEnded):
                yield Line("note", phrase("has_ended_note", self.lang))
            elif isinstance(event, LanguageChanged):
                yield Line("note", phrase("try_language", self.lang, language=event.language))

    def _state(self) -> Iterator[Line]:
        for frame in self.chat.session.frames if self.chat.session else ():
            results = ", ".join(f"{name}: {value}" for name, value in frame.results.items()) or "-"
            yield Line("note", phrase("try_frame", self.lang, name=f"{frame.name}.{frame.at}", results=results))
        fields = ", ".join(f"{name}: {value}" for name, value in self.chat.contact.fields.items()) or "-"
        yield Line("note", phrase("try_contact", self.lang, language=self.chat.contact.language, fields=fields))
