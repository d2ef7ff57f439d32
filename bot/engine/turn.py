"""One engine call: what it is given, what leaves it, and the stage that actions play on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from bot.domain.contacts import Contact
from bot.domain.formatting import unformatted
from bot.domain.messages import Choice, InboundKind
from bot.domain.referrals import ReferralSummary, Urgency
from bot.domain.understanding import NOTHING, Understanding
from bot.engine.definition import FlowSet, Text
from bot.engine.events import Event, FieldChanged, LanguageChanged, MessageSaid
from bot.engine.placeholders import fill
from bot.engine.state import Frame, Session


@dataclass(frozen=True, slots=True)
class Heard:
    """What the person sent. `payload` is the id of a tapped button or list entry."""

    text: str = ""
    kind: InboundKind = "text"
    payload: str | None = None
    understanding: Understanding = NOTHING


# A referral by its code and a detail that its owner chose; or why it is not told: the two do not go together (which is also the answer
# for a code that does not exist), or there were too many wrong guesses.
LookUp = Callable[[str, str], ReferralSummary | Literal["wrong", "locked"]]


def _nobodys(code: str, detail: str) -> Literal["wrong"]:
    return "wrong"


@dataclass(frozen=True, slots=True)
class Given:
    """The time, a supply of fresh public codes, and who looks up a referral that was opened from another phone."""

    now: datetime
    new_code: Callable[[], str]
    look_up: LookUp = _nobodys


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """What a place name may mean: (code, readable name) pairs; `certain` when there is one and no doubt."""

    options: tuple[tuple[str, str], ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Routed:
    """Who gets a referral, and why, in words that a caseworker understands."""

    partner: str
    reason: str


class Assets(Protocol):
    """What flows may look up: texts in every language, places, offers, partners."""

    @property
    def flows(self) -> FlowSet:
        """The flow set that new sessions begin with."""

    def as_of(self, version: str) -> "Assets":
        """The same with the flows and texts of that version; with today's when it is no longer kept."""

    def translate(self, text: Text, language: str) -> str:
        """The text in the language, French where it has no translation."""

    def read_place(self, text: str, language: str) -> PlaceReading:
        """The places that a text may mean."""

    def place_name(self, code: str, language: str) -> str:
        """How a place is written in the language."""

    def offers(self, need: str, place: str, now: datetime, language: str) -> tuple[str, ...]:
        """What may be told today about help for this need there, most local first."""

    def route(self, need: str, place: str, urgency: Urgency, language: str, now: datetime) -> Routed:
        """Who takes a referral: never nobody."""

    def value(self, name: str, language: str) -> str | None:
        """A value of the region, a partner or a hotline, as `hotline.samu`."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The outcome: the session to keep (None when it is over), what happened, in order, and in which version of the flows."""

    session: Session | None
    events: tuple[Event, ...]
    flows: str


class FlowFault(Exception):
    """A flow is at fault in a way the checks should have caught. `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Stage:
    """Where one turn plays: reading aids, and the events it has stated so far."""

    def __init__(self, assets: Assets, contact: Contact, session: Session, heard: Heard | None, given: Given) -> None:
        self.newest = assets
        self.assets = assets.as_of(session.flows)
        self.contact = contact
        self.session = session
        self.heard = heard
        self.given = given
        self.events: list[Event] = []
        self.values: dict[str, str] = {}
        self.finished = False
        self.flows = self.assets.flows
        session.flows = self.flows.version

    def renew(self) -> bool:
        """Go on with today's version: nothing of the one that the session began with is left. False when it is the same."""
        if self.session.flows == self.newest.flows.version:
            return False
        self.assets, self.flows = self.newest, self.newest.flows
        self.session.flows = self.flows.version
        return True

    @property
    def language(self) -> str:
        """The language to answer in."""
        return self.contact.language or "fr"

    @property
    def frame(self) -> Frame:
        """The run that is played."""
        return self.session.top

    def state(self, event: Event) -> None:
        """Note a fact. Language and fields count at once, for the rest of the turn too."""
        self.events.append(event)
        if isinstance(event, LanguageChanged):
            self.contact = replace(self.contact, language=event.language, language_fixed=event.fixed)
        elif isinstance(event, FieldChanged):
            fields = {name: value for name, value in self.contact.fields.items() if name != event.name}
            self.contact = replace(self.contact, fields={**fields, event.name: event.value} if event.value else fields)

    def say(self, text: Text, choices: tuple[Choice, ...] = ()) -> None:
        """Say a text in the person's language, placeholders filled. A text that comes out empty is not said."""
        said = fill(self.assets.translate(text, self.language), self.lookup).strip()
        if said:
            self.state(MessageSaid(said, text.context, choices))

    def word(self, key: str) -> Text:
        """A sentence of the engine itself."""
        return self.flows.words.texts[key]

    def raw(self, name: str) -> str | None:
        """The stored value of `results.x` or `contact.x`, as conditions compare it; `contact.channel` is sms or whatsapp."""
        scope, _, key = name.partition(".")
        if scope == "results":
            return self.frame.results.get(key) if self.session.frames else None
        if scope == "contact":
            return self.contact.channel if key == "channel" else self.contact.fields.get(key)
        return self.values.get(name)

    def lookup(self, name: str) -> str | None:
        """The readable value of a placeholder: labels of choices and names of places in the person's language."""
        value = self.raw(name)
        if value is None:
            return self.assets.value(name, self.language)
        label = self.flows.labels.get((name.partition(".")[2], value))
        if label is not None:
            return self.assets.translate(label, self.language)
        if name.endswith("place"):
            return self.assets.place_name(value, self.language)
        # Typed by a person: on WhatsApp a star in a name must not make the rest of our sentence bold.
        return unformatted(value) if self.contact.channel == "whatsapp" else value
