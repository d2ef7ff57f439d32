"""A small real world for engine tests: flows from YAML text, a handful of places, offers and partners."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.content.flows import read_flow, read_form, read_words
from bot.content.load import labels
from bot.content.places import load_places
from bot.content.reading import Faults, read_file, read_text
from bot.domain.contacts import Contact
from bot.domain.places import PlaceIndex
from bot.domain.referrals import Urgency
from bot.domain.understanding import Entity, Guess, Understanding
from bot.engine import conversation
from bot.engine.definition import FlowSet, Text
from bot.engine.events import Event, FieldChanged, LanguageChanged, MessageSaid
from bot.engine.state import Session, load_session
from bot.engine.turn import Given, Heard, PlaceReading, Routed, Turn

PROJECT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)


def flow_set(*sources: str, forms: tuple[str, ...] = ()) -> FlowSet:
    """A flow set from YAML texts with the shipped words."""
    faults = Faults()
    flows = [read_flow(section) for source in sources if (section := read_text(source.encode(), "test.yml", faults))]
    made = [read_form(section) for source in forms if (section := read_text(source.encode(), "form.yml", faults))]
    section = read_file(PROJECT / "flows" / "words.yml", "words.yml", faults)
    words = read_words(section) if section else None
    assert not faults.found, faults.found
    assert words is not None
    named, asked = {flow.name: flow for flow in flows if flow}, {form.name: form for form in made if form}
    return FlowSet(named, asked, words, "test", labels(named.values(), asked.values()))


@dataclass(frozen=True)
class SmallAssets:
    """Assets with a marker before each Wolof text, so that a test sees the language."""

    flows: FlowSet
    places: PlaceIndex = field(default_factory=lambda: load_places(PROJECT / "config" / "places.csv", "places.csv", Faults()))

    def as_of(self, version: str) -> "SmallAssets":
        return self

    def translate(self, text: Text, language: str) -> str:
        return text.source if language == "fr" else f"[{language}] {text.source}"

    def read_place(self, text: str, language: str) -> PlaceReading:
        found = self.places.resolve(text)
        return PlaceReading(tuple((place.code, place.name) for place in found.candidates), found.certain)

    def place_name(self, code: str, language: str) -> str:
        return code.rsplit("/", maxsplit=1)[-1]

    def offers(self, need: str, place: str, now: datetime, language: str) -> tuple[str, ...]:
        return (f"Offre {need} {place}",) if need != "other" else ()

    def route(self, need: str, place: str, urgency: Urgency, language: str, now: datetime) -> Routed:
        return Routed("baos", "la plus proche")

    def value(self, name: str, language: str) -> str | None:
        return {"partner.baos": "BAOS"}.get(name)


class Chat:
    """One person and the engine, turn after turn; the session is saved and loaded between turns as in the service."""

    def __init__(self, flows: FlowSet, contact: Contact | None = None) -> None:
        self.assets = SmallAssets(flows)
        self.contact = contact or Contact("sms", "fr")
        self.saved: Mapping[str, object] | None = None
        self.now = NOON
        self.events: list[Event] = []
        self._codes = count(1)

    def say(self, text: str, intent: str | None = None, confidence: float = 0.9, **more: object) -> str:
        """Hear a text and give everything that is said back, joined."""
        entities = more.pop("entities", {})
        assert isinstance(entities, dict)
        understanding = Understanding(
            ranking=(Guess(intent, confidence),) if intent else (),
            entities=tuple(Entity(name, value, 0, 0) for name, value in entities.items()),
            danger=intent if intent and intent.startswith("danger_") else None,
        )
        return self.hear(Heard(text, understanding=replace(understanding, **more)))  # type: ignore[arg-type]

    def hear(self, heard: Heard) -> str:
        """Hear anything."""
        given = Given(self.now, lambda: f"C{next(self._codes):05d}")
        if self.saved is None:
            return self._take(conversation.start(self.assets, self.contact, heard, given))
        return self._take(conversation.resume(self.assets, self.contact, self.session, heard, given))

    def wait(self, span: timedelta) -> str:
        """Let time pass; silence is noticed when the wait is over."""
        self.now += span
        if self.saved is None or self.session.wait_seconds > span.total_seconds():
            return ""
        return self._take(conversation.time_out(self.assets, self.contact, self.session, Given(self.now, lambda: "C00000")))

    @property
    def session(self) -> Session:
        assert self.saved is not None
        return load_session(self.saved)

    def _take(self, turn: Turn) -> str:
        self.saved = turn.session.dump() if turn.session else None
        self.events = list(turn.events)
        for event in turn.events:
            if isinstance(event, LanguageChanged):
                self.contact = replace(self.contact, language=event.language, language_fixed=event.fixed)
            if isinstance(event, FieldChanged):
                self.contact = replace(self.contact, fields={**self.contact.fields, event.name: event.value})
        return "\n".join(
            "\n".join((event.text, *(f"{n} {c.label}" for n, c in enumerate(event.choices, 1))))
            for event in turn.events
            if isinstance(event, MessageSaid)
        )
