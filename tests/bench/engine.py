"""The engine alone: turns per second on one core, on the shipped flows, with real content."""

import cProfile
import pstats
import time

from bot.content import Content
from bot.content.load import load_content
from bot.domain.contacts import Contact
from bot.engine import conversation
from bot.engine.state import Session, load_session
from bot.engine.turn import Given, Heard
from bot.settings import PROJECT
from bot.storage.database import utc_now

SCRIPT = ("menu", "2", "Touba", "1", "1", "1", "1", "1", "1", "1", "1", "retour", "1", "Modou")


# What the time of a turn goes to: the functions whose cumulative time is taken for each share.
SHARES = {
    "loading and saving the session": ("load_session", "dump"),
    "routing (triggers, answers, ways on)": ("find_trigger", "read_answer", "next_node", "side_route", "guesses"),
    "rendering (translation, placeholders)": ("say",),
}


def _talk(content: Content, seconds: float) -> tuple[int, float]:
    """Turns and the seconds they took, the session saved and loaded between turns as in the service."""
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
    return turns, time.perf_counter() - started


def engine_turns(seconds: float = 3.0) -> float:
    """Turns per second on one core."""
    turns, took = _talk(load_content(PROJECT, sandbox=True), seconds)
    return turns / took


def engine_shares(seconds: float = 2.0) -> dict[str, float]:
    """The share of a turn's time by what it goes to, from a profile (which slows everything, but alike)."""
    content = load_content(PROJECT, sandbox=True)
    profile = cProfile.Profile()
    profile.enable()
    _talk(content, seconds)
    profile.disable()
    stats = pstats.Stats(profile)
    rows = stats.stats.items()  # type: ignore[attr-defined]
    whole = sum(row[2] for _, row in rows)
    ours = [(name, row[3]) for (file, _, name), row in rows if "/bot/engine/" in file]
    return {share: sum(took for name, took in ours if name in names) / whole for share, names in SHARES.items()}
