"""What a publication does to every waiting conversation."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from bot.engine.definition import FlowSet
from bot.engine.state import Session, load_session
from bot.publishing.landing import Landing, Map, land
from bot.storage.flow_versions import Waiting

# stays: ends on the version that it began with. moves: goes on in the new version at the same question. asks_again: goes on in the new
# version, where its question reads differently and is asked once more first. needs_map: neither is possible until its step has a
# new name. unreadable: starts anew whatever is published.
Outcome = Literal["stays", "moves", "asks_again", "needs_map", "unreadable"]
# Why a conversation that could be asked to move does not.
Why = Literal["", "gone", "repeats", "on_it"]

FlowsOf = Callable[[str], FlowSet | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for: new names of steps, and whether everybody who can is moved."""

    moves: Map
    move_all: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """One waiting conversation: where it waits, what happens to it, and its state where it moves."""

    contact_id: UUID
    flow: str
    node: str
    outcome: Outcome
    why: Why = ""
    landing: Session | None = None

    @property
    def to(self) -> str:
        """`flow.node` after the publication; empty where it stays."""
        return f"{self.landing.top.name}.{self.landing.top.at}" if self.landing else ""


@dataclass(frozen=True, slots=True)
class Row:
    """Conversations that wait at one step and share one fate."""

    flow: str
    node: str
    outcome: Outcome
    why: Why
    to: str
    waiting: int


def plan(waiting: Iterable[Waiting], flows_of: FlowsOf, new: FlowSet, choice: Choice) -> list[Fate]:
    """The fate of each conversation. `flows_of` gives the flows of a version that is kept."""
    return [fate(one, flows_of, new, choice) for one in waiting]


def fate(one: Waiting, flows_of: FlowsOf, new: FlowSet, choice: Choice) -> Fate:
    """What happens to one conversation."""
    try:
        session = load_session(one.state)
    except (ValueError, KeyError, TypeError):
        return Fate(one.contact_id, "", "", "unreadable")
    place = (one.contact_id, session.top.name, session.top.at)
    if session.flows == new.version:
        return Fate(*place, "stays", "on_it")
    old = flows_of(session.flows)
    landing = land(session, old, new, choice.moves)
    if landing.session and (choice.move_all or landing.mapped or old is None):
        return Fate(*place, "moves" if landing.kind == "same" else "asks_again", "", landing.session)
    return Fate(*place, "needs_map" if old is None else "stays", _why(landing))


def _why(landing: Landing) -> Why:
    return landing.kind if landing.kind in ("gone", "repeats") else ""


def table(fates: Iterable[Fate]) -> list[Row]:
    """The fates grouped by step, the most awaited first."""
    counted = Counter((one.flow, one.node, one.outcome, one.why, one.to) for one in fates)
    rows = [Row(*key, many) for key, many in counted.items()]
    return sorted(rows, key=lambda row: (row.flow, row.node, -row.waiting, row.outcome, row.to))
