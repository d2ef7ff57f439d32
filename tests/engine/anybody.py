"""Somebody who writes anything at all, and what must hold after every turn."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from random import Random

from bot.content import Content
from bot.content.load import load_content
from bot.domain.contacts import Contact
from bot.domain.messages import InboundKind
from bot.domain.referrals import ReferralSummary, due_at
from bot.domain.understanding import Entity, Guess, Understanding
from bot.engine import conversation
from bot.engine.events import (
    ContactStarted,
    ContactStopped,
    FieldChanged,
    LanguageChanged,
    MessageSaid,
    ReferralOpened,
    SessionEnded,
    SessionFailed,
)
from bot.engine.opening import GUESS
from bot.engine.state import Session, load_session
from bot.engine.turn import Given, Heard, Turn
from bot.settings import PROJECT

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
KINDS: tuple[InboundKind, ...] = ("voice", "image", "video", "document", "sticker", "location", "contact_card", "empty")
COMMANDS = ("menu", "retour", "passer", "encore", "dellu", "tëb", "STATUT", "wolof", "français", "start", "aide", "agent", "DONNEES")
ODD: tuple[str, ...] = (
    *("", " ", "?", "K7M4PA", "{{ results.place }}", "\u0000", "👍🏽", "oui non", "1 2", "999999999999", "x" * 3000, "Bambey"),
    *(
        "Médina Gounass",
        "tivaouame",
        "waaw",
        "déedéet",
        "benn",
        "ñaar",
        "trois",
        "02/2026",
        "77 123 45 67",
        "Awa",
        "je vis à Touba avec ma famille",
    ),
)


@lru_cache(maxsize=1)
def content() -> Content:
    """The shipped content."""
    return load_content(PROJECT, sandbox=True)


@lru_cache(maxsize=1)
def texts() -> tuple[str, ...]:
    """What people may write: keywords, everyday words and labels of both languages, numbers, commands, oddities."""
    flows = content().flows
    said = [word for flow in flows.flows.values() for trigger in flow.triggers for words in trigger.keywords.values() for word in words]
    questions = [node.ask for flow in flows.flows.values() for node in flow.nodes.values() if node.ask]
    questions += [asked.question for form in flows.forms.values() for asked in form.questions]
    for option in (option for question in questions for option in question.options):
        said += [*option.words, option.label.source, content().translate(option.label, "wo")]
    numbers = [str(number) for number in range(12)]
    return tuple(dict.fromkeys([*said, *numbers * 4, *COMMANDS, *ODD]))


@lru_cache(maxsize=1)
def meanings() -> tuple[str, ...]:
    """Every intent that the understanding service may name."""
    return tuple(sorted(content().intents))


def anything(chance: Random) -> Heard | None:
    """A text with or without a meaning, a number, a tap or a file; None is silence until the wait is over."""
    roll = chance.random()
    if roll < 0.08:
        return None
    if roll < 0.16:
        return Heard("", chance.choice(KINDS))
    if roll < 0.22:
        return Heard(chance.choice(texts()), "button", chance.choice(("yes", "no", "none", "job", "training", "x", *meanings())))
    if roll < 0.5:
        return Heard(str(chance.randrange(10)))
    text = chance.choice(texts()) if chance.random() < 0.8 else " ".join(chance.choices(texts(), k=4))
    return Heard(text, understanding=_meant(chance) if chance.random() < 0.5 else Understanding())


def _meant(chance: Random) -> Understanding:
    confidences = sorted((chance.random() for _ in range(4)), reverse=True)
    guesses = tuple(Guess(chance.choice(meanings()), confidence) for confidence in confidences)
    place = (Entity("place", chance.choice(("Bambey", "Touba", "nulle part")), 0, 5),) if chance.random() < 0.2 else ()
    danger = guesses[0].intent if guesses[0].intent.startswith("danger_") else None
    return Understanding(guesses, place, chance.choice(("fr", "wo", "mixed", None)), danger, "nlu")


@dataclass
class Anybody:
    """One person and the engine; after every turn the promises of the engine are checked."""

    contact: Contact = field(default_factory=lambda: Contact("sms"))
    session: Session | None = None
    now: datetime = NOON
    codes: "count[int]" = field(default_factory=count)

    def does(self, heard: Heard | None) -> Turn:
        """Hear something, or nothing for as long as the session waits."""
        number = next(self.codes)
        self.now += timedelta(seconds=self.session.wait_seconds if heard is None and self.session else 60)
        if heard is None and self.session is None:
            return Turn(None, (), content().flows.version)
        turn = self._turn(heard, number)
        assert _read(turn) == _read(self._turn(heard, number)), "the same turn twice is the same turn"
        self._holds(turn, heard)
        self._take(turn)
        return turn

    def _turn(self, heard: Heard | None, number: int) -> Turn:
        given = Given(self.now, lambda: f"K{number:05d}"[:6])
        if self.session is None:
            return conversation.start(content(), self.contact, heard or Heard(), given)
        before = self.session.dump()
        if heard is None:
            turn = conversation.time_out(content(), self.contact, self.session, given)
        else:
            turn = conversation.resume(content(), self.contact, self.session, heard, given)
        assert self.session.dump() == before, "the session that is handed in is not changed"
        return turn

    def _holds(self, turn: Turn, heard: Heard | None) -> None:
        assert not [event for event in turn.events if isinstance(event, SessionFailed)]
        said = [event for event in turn.events if isinstance(event, MessageSaid)]
        assert heard is None or said or any(isinstance(event, ContactStopped) for event in turn.events), "nobody is left without an answer"
        assert all(event.text.strip() for event in said)
        if turn.session is None:
            assert any(isinstance(event, SessionEnded) for event in turn.events)
            return
        assert turn.session.wait_seconds > 0
        assert _waits(turn.session), "a session that is kept stands at a question"
        assert load_session(json.loads(json.dumps(turn.session.dump()))) == turn.session

    def _take(self, turn: Turn) -> None:
        self.session = load_session(json.loads(json.dumps(turn.session.dump()))) if turn.session else None
        for event in turn.events:
            if isinstance(event, LanguageChanged):
                self.contact = replace(self.contact, language=event.language, language_fixed=event.fixed)
            elif isinstance(event, FieldChanged):
                self.contact = replace(self.contact, fields={**self.contact.fields, event.name: event.value})
            elif isinstance(event, ContactStopped | ContactStarted):
                self.contact = replace(self.contact, stopped=isinstance(event, ContactStopped))
            elif isinstance(event, ReferralOpened):
                due = due_at(self.now, event.urgency)
                opened = ReferralSummary(event.code, "new", event.need, event.partner, event.urgency, self.now, due)
                self.contact = replace(self.contact, referrals=(opened, *self.contact.referrals)[:3])


def _waits(session: Session) -> bool:
    top, flows = session.top, content().flows
    if top.kind == "form":
        return any(asked.name == top.at for asked in flows.forms[top.name].questions)
    return top.name == GUESS or flows.flows[top.name].nodes[top.at].ask is not None


def _read(turn: Turn) -> tuple[object, ...]:
    return turn.session.dump() if turn.session else None, turn.events, turn.flows
