"""One person and the engine on the content of a folder: no database, no provider, a clock that stands still until it is moved."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from bot.content import Content
from bot.domain.contacts import Contact
from bot.domain.messages import Choice
from bot.domain.referrals import ReferralSummary, due_at, new_code
from bot.domain.understanding import NOTHING, Understanding
from bot.engine import conversation
from bot.engine.events import (
    ContactStarted,
    ContactStopped,
    Event,
    FieldChanged,
    LanguageChanged,
    MessageSaid,
    ReferralOpened,
    ReferralWithdrawn,
)
from bot.engine.state import Session
from bot.engine.turn import Given, Heard, Turn

# A Wednesday at noon, a working day in every calendar we ship.
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
FIRST_CODE = "KX7M4P"
Meaning = Callable[[str], Understanding]


class Chat:
    """A conversation being held. What is heard and the silence that passes give the events of their turns."""

    def __init__(self, content: Content, contact: Contact, now: datetime = NOON) -> None:
        self.content = content
        self.contact = contact
        self.now = now
        self.session: Session | None = None
        self.choices: tuple[Choice, ...] = ()
        self._deadline: datetime | None = None
        self._codes = _codes()

    def hear(self, heard: Heard) -> tuple[Event, ...]:
        """The turn for something the person sends."""
        given = self._given()
        if self.session is None:
            return self._take(conversation.start(self.content, self.contact, heard, given), heard.understanding)
        return self._take(conversation.resume(self.content, self.contact, self.session, heard, given), heard.understanding)

    def begin(self, flow: str) -> tuple[Event, ...]:
        """The turn that begins with a flow nobody asked for by a word; it is about the person's last referral, where there is one."""
        referrals = self.contact.referrals
        about = {"case_code": referrals[-1].code} if referrals else {}
        return self._take(conversation.begin(self.content, self.contact, flow, self._given(), about))

    def pass_(self, span: timedelta) -> tuple[Event, ...]:
        """Let time pass: every wait that ends meanwhile has its turn."""
        events: list[Event] = []
        until = self.now + span
        while self.session is not None and self._deadline is not None and self._deadline <= until:
            self.now = self._deadline
            events += self._take(conversation.time_out(self.content, self.contact, self.session, self._given()))
        self.now = until
        return tuple(events)

    def meaning_of(self, text: str) -> Understanding:
        """What is understood without the understanding service: the words of danger, unless the text is a keyword."""
        danger = None if self.content.is_known_word(text) else self.content.danger_in(text)
        return Understanding(danger=danger, source="phrases") if danger else NOTHING

    def _given(self) -> Given:
        return Given(self.now, lambda: next(self._codes))

    def _take(self, turn: Turn, understood: Understanding = NOTHING) -> tuple[Event, ...]:
        self.session = turn.session
        if turn.session is not None:
            self._deadline = self.now + timedelta(seconds=turn.session.wait_seconds)
        said = turn.events if self._may_speak(turn, understood) else _without_texts(turn.events)
        for event in turn.events:
            self._apply(event)
        self.choices = next((event.choices for event in reversed(said) if isinstance(event, MessageSaid) and event.choices), ())
        return said

    def _may_speak(self, turn: Turn, understood: Understanding) -> bool:
        """Nothing is said to a person who stopped us, unless they come back or are in danger."""
        started = any(isinstance(event, ContactStarted) for event in turn.events)
        return not self.contact.stopped or started or understood.danger is not None

    def _apply(self, event: Event) -> None:
        match event:
            case LanguageChanged():
                self.contact = replace(self.contact, language=event.language, language_fixed=event.fixed)
            case FieldChanged():
                fields = {name: value for name, value in self.contact.fields.items() if name != event.name}
                self.contact = replace(self.contact, fields={**fields, event.name: event.value} if event.value else fields)
            case ContactStopped() | ContactStarted():
                self.contact = replace(self.contact, stopped=isinstance(event, ContactStopped))
            case ReferralOpened():
                opened = ReferralSummary(
                    event.code, "offered", event.need, event.partner, event.urgency, self.now, due_at(self.now, event.urgency)
                )
                self.contact = replace(self.contact, referrals=(*self.contact.referrals, opened))
            case ReferralWithdrawn():
                kept = tuple(replace(one, state="revoked") if one.code == event.code else one for one in self.contact.referrals)
                self.contact = replace(self.contact, referrals=kept)


def _without_texts(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple(event for event in events if not isinstance(event, MessageSaid))


def _codes() -> Iterator[str]:
    """The same codes in every run, so that tests can expect them."""
    chance = Random(FIRST_CODE)
    yield FIRST_CODE
    while True:
        yield new_code(chance.randrange)
