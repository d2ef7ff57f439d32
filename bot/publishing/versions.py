"""Making a version active: published from files, or an earlier one again. Each in one transaction, whole or not at all."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.content import Content
from bot.content.files import collect, pack, unpack, version_of
from bot.content.load import Around, load_around, load_version, read_version
from bot.content.reading import Faults
from bot.domain.errors import BotError, ContentError, Fault
from bot.engine.definition import FlowSet
from bot.publishing.plan import Choice, Fate, FlowsOf, plan
from bot.storage import flow_versions
from bot.storage.database import Database, Transaction
from bot.storage.flow_versions import Activation, Moved, Waiting


class Stranded(BotError):
    """Conversations wait at steps that neither their own version nor the new one has. `fates` are all fates."""

    code = "stranded"

    def __init__(self, fates: list[Fate]) -> None:
        super().__init__("conversations would be stranded")
        self.fates = fates


class UnknownVersion(BotError):
    """No version of that name is stored, or there is nothing to go back to."""

    code = "unknown_version"


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of a folder as a version that could be published."""

    version: str
    packed: bytes
    content: Content
    beside: Around


@dataclass(frozen=True, slots=True)
class Stored:
    """A version as the list shows it. `last` is its last activation, None for files that were served without being published."""

    version: str
    active: bool
    waiting: int
    last: Activation | None

    @property
    def at(self) -> datetime | None:
        """When it was last made active."""
        return self.last.at if self.last else None


def draft(folder: Path, *, home: str, sandbox: bool) -> tuple[Draft | None, list[Fault]]:
    """The flows of the folder, read once: what is checked is what will be stored. With every fault, warnings included."""
    faults = Faults()
    beside = load_around(folder, faults, home=home, sandbox=sandbox)
    files = collect(folder / "flows")
    content, found = read_version(files, beside)
    faults.found += found.found
    if content is None or faults.errors:
        return None, faults.found
    return Draft(version_of(files), pack(files), content, beside), faults.found


def dry_run(database: Database, made: Draft, choice: Choice) -> tuple[str | None, list[Fate]]:
    """The active version, and the fate of every waiting conversation if the draft were published now."""
    with database.reading() as tx:
        return flow_versions.active(tx), plan(flow_versions.waiting(tx), _flows_of(tx, made.beside), made.content.flows, choice)


def publish(database: Database, made: Draft, choice: Choice, author: str, note: str) -> list[Fate]:
    """Store the draft, make it active and move whoever is to move. The fates as they were carried out.

    Raises `Stranded` when a conversation could neither stay nor move; then nothing has happened.
    """
    with database.writing() as tx:
        flow_versions.keep(tx, made.version, made.packed)
        activation = flow_versions.activate(tx, made.version, "publish", author, note)
        flows_of, new = _flows_of(tx, made.beside), made.content.flows
        fates = plan(flow_versions.waiting(tx), flows_of, new, choice)
        # Those that move are locked and read again: their people may have written since.
        moving = [one.contact_id for one in fates if one.landing]
        flow_versions.lock(tx, moving)
        now = {one.contact_id: one for one in flow_versions.waiting(tx, moving)}
        moved = plan(now.values(), flows_of, new, choice)
        fates = [one for one in fates if not one.landing] + moved
        if any(one.outcome == "needs_map" for one in fates):
            raise Stranded(fates)
        flow_versions.move(tx, activation, [_moved(now[one.contact_id], one) for one in moved if one.landing])
    return fates


def rollback(database: Database, beside: Around, version: str | None, author: str, note: str) -> tuple[str, int]:
    """Make an earlier version active again: the one before the active one, or the named one (its first digits are enough).

    Conversations stay untouched; those that a later publication moved, and whose people said nothing since, are put back, byte for
    byte. The version, and how many were put back. Raises `UnknownVersion`, or `ContentError` when the program can no longer use it.
    """
    with database.writing() as tx:
        history = flow_versions.history(tx)
        target = _target(tx, history, version)
        load_version(unpack(target, flow_versions.files_of(tx, target) or b""), beside)
        flow_versions.activate(tx, target, "rollback", author, note)
        since = next((one.seq for one in history if one.version == target), 0)
        return target, flow_versions.put_back(tx, since)


def _target(tx: Transaction, history: tuple[Activation, ...], version: str | None) -> str:
    if version is not None:
        found = [one for one in flow_versions.stored(tx) if one.startswith(version)]
        if len(found) != 1:
            raise UnknownVersion(version)
        return found[0]
    way = _way_back(history)
    if len(way) < 2:
        raise UnknownVersion("")
    return way[-2]


def _way_back(history: tuple[Activation, ...]) -> list[str]:
    """The versions that going back step by step would meet: a rollback takes away what came after its version."""
    way: list[str] = []
    for one in reversed(history):
        if one.kind == "rollback" and one.version in way:
            del way[way.index(one.version) + 1 :]
        elif not way or way[-1] != one.version:
            way.append(one.version)
    return way


def listed(database: Database) -> tuple[list[Stored], int]:
    """All stored versions, newest activation first; and how many conversations wait on a version that is not stored."""
    with database.reading() as tx:
        history, counts = flow_versions.history(tx), flow_versions.waiting_counts(tx)
        stored, active = flow_versions.stored(tx), flow_versions.active(tx)
    last = {one.version: one for one in reversed(history)}
    names = [*dict.fromkeys(one.version for one in history), *sorted(stored - set(last))]
    found = [Stored(name, name == active, counts.get(name, 0), last.get(name)) for name in names]
    return found, sum(many for name, many in counts.items() if name not in stored)


def stored_content(tx: Transaction, beside: Around, version: str) -> Content | None:
    """The content of a version, None when it is not stored or the program can no longer use it."""
    packed = flow_versions.files_of(tx, version)
    try:
        return load_version(unpack(version, packed), beside) if packed else None
    except ContentError:
        return None


def _flows_of(tx: Transaction, beside: Around) -> FlowsOf:
    @cache
    def flows_of(version: str) -> FlowSet | None:
        found = stored_content(tx, beside, version)
        return found.flows if found else None

    return flows_of


def _moved(before: Waiting, one: Fate) -> Moved:
    if one.landing is None:
        raise ValueError("a conversation that does not move")
    top = one.landing.top
    return Moved(before, one.landing.dump(), one.landing.flows, top.name, top.at)
