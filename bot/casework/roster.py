"""Members of a file: what it changes, and changing that. Who is new is invited as by hand; what is so already stays as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from bot.casework import joining
from bot.casework.pins import matches, pin_hash
from bot.content import Content
from bot.content.parsing import Faults
from bot.content.roster import Column, Entry, Roster, heading
from bot.domain.addresses import Address
from bot.domain.members import Member
from bot.storage import members
from bot.storage.database import Transaction

Fate = Literal["new", "changed", "unchanged"]
# A member by what a file knows of them: the partner and the address.
Key = tuple[str, Address]


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of one line. `changes` are the columns that differ from what is kept; `deputy` is who stands in by the file."""

    entry: Entry
    fate: Fate
    changes: tuple[Column, ...] = ()
    known: Member | None = None
    deputy: Key | None = None


def plan(tx: Transaction, roster: Roster, name: str, faults: Faults) -> tuple[Planned, ...]:
    """What a file would change. A deputy who is in no line and no member is noted as a mistake of the file `name`."""
    known = {(member.partner, member.address): member for member in members.everyone(tx)}
    return tuple(_planned(tx, entry, roster, known, name, faults) for entry in roster.entries)


def carry_out(content: Content, tx: Transaction, planned: Iterable[Planned]) -> int:
    """Write what was planned. How many were invited."""
    invited, ids, lines = 0, {}, tuple(planned)
    for line in lines:
        member_id = line.known.id if line.known else _invited(content, tx, line.entry)
        invited += line.known is None
        ids[_key(line.entry)] = member_id
        if line.known is not None and line.fate == "changed":
            _change(tx, line, line.known)
    kept = {(member.partner, member.address): member.id for member in members.everyone(tx)} | ids
    for line in lines:
        if "deputy" in line.changes:
            members.set_deputy(tx, ids[_key(line.entry)], kept[line.deputy] if line.deputy else None)
    return invited


def _planned(tx: Transaction, entry: Entry, roster: Roster, known: Mapping[Key, Member], name: str, faults: Faults) -> Planned:
    deputy = _deputy(entry, [*map(_key, roster.entries), *known])
    if entry.deputy and deputy is None:
        own = entry.deputy == entry.address.value
        faults.add(name, entry.line, heading("deputy"), "members_own_deputy" if own else "roster_no_deputy")
    member = known.get(_key(entry))
    if member is None:
        return Planned(entry, "new", ("deputy",) if deputy else (), None, deputy)
    changes = tuple(_changes(tx, entry, member, deputy, known))
    return Planned(entry, "changed" if changes else "unchanged", changes, member, deputy)


def _deputy(entry: Entry, known: Iterable[Key]) -> Key | None:
    """Who has the deputy's number, of the same partner and on the same channel before others."""
    having = [key for key in known if key[1].value == entry.deputy and key[1].value != entry.address.value]
    return min(having, key=lambda key: (key[0] != entry.partner, key[1].channel != entry.address.channel), default=None)


def _changes(tx: Transaction, entry: Entry, member: Member, deputy: Key | None, known: Mapping[Key, Member]) -> Iterable[Column]:
    now = next((key for key, one in known.items() if one.id == member.deputy), None)
    differs: dict[Column, bool] = {
        "role": entry.role != member.role,
        "language": entry.language != member.language,
        "digest": entry.digest != member.digest,
        "deputy": deputy != now,
        # An empty cell leaves the PIN that is kept: it is in no file that comes from here.
        "pin": bool(entry.pin) and not (member.pin and matches(tx.vault, member.pin, entry.address, entry.pin)),
    }
    return (column for column, different in differs.items() if different and column in entry.given)


def _invited(content: Content, tx: Transaction, entry: Entry) -> UUID:
    made = members.add(
        tx,
        partner=entry.partner,
        address=entry.address,
        number=joining.new_number(tx, entry.address),
        role=entry.role,
        language=entry.language,
        digest=entry.digest,
        pin=pin_hash(tx.vault, entry.address, entry.pin) if entry.pin else None,
        source="file",
    )
    if made is None:
        # Somebody invited the same phone a moment ago.
        return next(one.id for one in members.at(tx, entry.address) if (one.partner, one.address) == _key(entry))
    joining.invite(content, tx, made)
    return made.id


def _change(tx: Transaction, line: Planned, member: Member) -> None:
    entry, kept = line.entry, frozenset(line.changes)
    members.change(
        tx,
        member.id,
        role=entry.role if "role" in kept else member.role,
        language=entry.language if "language" in kept else member.language,
        digest=entry.digest if "digest" in kept else member.digest,
        pin=pin_hash(tx.vault, entry.address, entry.pin) if "pin" in kept else None,
    )


def _key(entry: Entry) -> Key:
    return entry.partner, entry.address
