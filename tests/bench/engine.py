"""The engine alone: turns per second on one core, on the shipped flows, with real content."""

import time

from bot.content.load import load_content
from bot.domain.contacts import Contact
from bot.engine import conversation
from bot.engine.state import Session, load_session
from bot.engine.turn import Given, Heard
from bot.settings import PROJECT
from bot.storage.database import utc_now

SCRIPT = ("menu", "2", "Touba", "1", "1", "1", "1", "1", "1", "1", "1", "retour", "1", "Modou")


def engine_turns(seconds: float = 3.0) -> float:
    """Turns per second, the session saved and loaded between turns as in the service."""
    content = load_content(PROJECT, sandbox=True)
    given = Given(utc_now(), lambda: "KX7M4P")
    contact = Contact("sms", "fr")
    turns, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        session: Session | None = None
        for text in SCRIPT:
            heard = Heard(text)
            turn = (
                conversation.resume(content, contact, session, heard, given)
                if session
                else conversation.start(content, contact, heard, given)
            )
            session = load_session(turn.session.dump()) if turn.session else None
            turns += 1
    return turns / (time.perf_counter() - started)
