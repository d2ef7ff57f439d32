"""A file of members, as a spreadsheet saves it: one line is one phone that answers for one partner. Every mistake is noted at once.

No number of anybody is ever in a mistake: its line is enough to find it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from bot.content.parsing import LARGEST, Faults, nearest
from bot.domain.addresses import CHANNEL_TYPES, Address, ChannelType

Column = Literal["partner", "phone", "channel", "role", "language", "digest", "deputy", "pin"]
COLUMNS: tuple[Column, ...] = get_args(Column)
# How each may be headed. The first is French and is what the example and mistakes say; the second is English.
HEADINGS: Mapping[Column, tuple[str, ...]] = {
    "partner": ("partenaire", "partner", "service"),
    "phone": ("téléphone", "phone", "numéro", "adresse", "number", "address"),
    "channel": ("canal", "channel"),
    "role": ("fonction", "role", "rôle"),
    "language": ("langue", "language"),
    "digest": ("résumé quotidien", "digest", "résumé"),
    "deputy": ("suppléant", "deputy", "suppléante"),
    "pin": ("code PIN", "pin"),
}
_MUST: tuple[Column, ...] = ("partner", "phone")
_LANGUAGES = {"fr": ("fr", "français", "french"), "wo": ("wo", "wolof")}
_YES, _NO = ("oui", "yes", "x", "1", "vrai", "true"), ("non", "no", "0", "faux", "false", "")
_LONGEST_ROLE = 80
# From so many on they may be a telephone number.
_FEW_DIGITS = 6
# Blanks, also those that spreadsheets and French typography put into numbers, dots, hyphens, brackets; an apostrophe that kept a
# spreadsheet from counting with the number.
_BETWEEN = re.compile(r"[\s\u00a0\u202f.()/'’-]+")
_SCIENTIFIC = re.compile(r"^\d([.,]\d+)?E\+?\d+$", re.IGNORECASE)
# The nought that is dialled inside a country alone: +33 (0)6 12 34 56 78.
_BRACKETED = re.compile(r"\(\s*0\s*\)")
# In France it never follows the country code; in Senegal there is none.
_TRUNK = re.compile(r"^\+(33|221)0")
# E.164 has at most fifteen digits, the country code included; no country code begins with 0.
_NUMBER = re.compile(r"^\+[1-9]\d{7,14}$")
_WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `given` are the columns that the file has: what it has not, it says nothing about. `deputy` is a number, empty where
    nobody is named."""

    line: int
    partner: str
    address: Address
    role: str
    language: str
    digest: bool
    deputy: str = field(repr=False)
    pin: str = field(repr=False)
    given: frozenset[Column]


@dataclass(frozen=True, slots=True)
class Roster:
    """The lines that can be read, and the numbers of those that cannot."""

    entries: tuple[Entry, ...]
    faulty: tuple[int, ...] = ()


EMPTY = Roster(())


def read_roster(path: Path, partners: Collection[str], faults: Faults) -> Roster:
    """The lines of a file. Mistakes are noted under the file's name; with errors in `faults` nothing of it must be used.

    Raises `OSError` when there is no such file.
    """
    text = _text(path.read_bytes(), path.name, faults)
    return EMPTY if text is None else _Reader(path.name, partners, faults).read(text)


def _text(raw: bytes, name: str, faults: Faults) -> str | None:
    if raw.startswith(_WORKBOOK):
        faults.add(name, 0, "", "roster_workbook")
    elif len(raw) > LARGEST:
        faults.add(name, 0, "", "too_large")
    else:
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            faults.add(name, raw[: error.start].count(b"\n") + 1, "", "roster_not_utf8")
    return None


def heading(column: Column) -> str:
    """How a column is called in French."""
    return HEADINGS[column][0]


@dataclass(slots=True)
class _Reader:
    name: str
    partners: Collection[str]
    faults: Faults
    faulty: set[int] = field(default_factory=set)
    # (partner, address) -> the line where it stood first.
    seen: dict[tuple[str, Address], int] = field(default_factory=dict)

    def read(self, text: str) -> Roster:
        rows = ((line, cells) for line, cells in self._rows(text) if any(cells))
        line, head = next(rows, (0, []))
        if head and head[0].lower().startswith("sep="):
            line, head = next(rows, (0, []))
        if not head:
            self.faults.add(self.name, 0, "", "empty_file")
            return EMPTY
        columns = self._columns(line, head)
        if columns is None:
            return EMPTY
        entries = [entry for line, cells in rows if (entry := self._entry(line, cells, columns)) is not None]
        if not entries and not self.faulty:
            self.faults.add(self.name, 0, "", "roster_empty")
        return Roster(tuple(entries), tuple(sorted(self.faulty)))

    def _rows(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line it begins on; cells without blanks around them."""
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        begins = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self._fault(begins, "", "roster_quotes")
                return
            yield begins, [" ".join(cell.split()) for cell in cells]
            begins = reader.line_num + 1

    def _columns(self, line: int, head: list[str]) -> dict[int, Column] | None:
        """Where each column stands; None when the headings cannot be used."""
        known = {_plain(word): column for column, words in HEADINGS.items() for word in words}
        found: dict[int, Column] = {}
        bad = False
        for at, written in enumerate(head):
            column = known.get(_plain(written))
            if column is not None and column not in found.values():
                found[at] = column
            elif written:
                bad = True
                hint = nearest(written.lower(), [word for words in HEADINGS.values() for word in words])
                code = "roster_heading_twice" if column is not None else "roster_heading"
                self.faults.add(self.name, line, _shown(written), code, "" if column else hint, allowed=_named(COLUMNS))
        for column in _MUST:
            if column not in found.values():
                bad = True
                self.faults.add(self.name, line, heading(column), "roster_no_heading", name=heading(column), allowed=_named(COLUMNS))
        return None if bad else found

    def _entry(self, line: int, cells: list[str], columns: dict[int, Column]) -> Entry | None:
        if any(cell for at, cell in enumerate(cells) if at not in columns):
            self._fault(line, "", "roster_cells", columns=str(len(columns)))
            return None
        said: dict[Column, str] = {column: cells[at] if at < len(cells) else "" for at, column in columns.items()}
        channel = self._channel(line, said.get("channel", ""))
        partner, number = self._partner(line, said["partner"]), self._number(line, "phone", said["phone"])
        entry = Entry(
            line,
            partner,
            Address(channel, number),
            self._role(line, said.get("role", "")),
            self._language(line, said.get("language", "")),
            self._digest(line, said.get("digest", "")),
            self._number(line, "deputy", said["deputy"]) if said.get("deputy") else "",
            self._pin(line, said.get("pin", "")),
            frozenset(columns.values()),
        )
        first = self.seen.setdefault((partner, entry.address), line) if partner and number else line
        if first != line:
            self._fault(line, heading("phone"), "roster_twice", first=str(first))
        return None if line in self.faulty else entry

    def _partner(self, line: int, written: str) -> str:
        found = next((partner for partner in self.partners if partner == written.lower()), "")
        if not written:
            self._fault(line, heading("partner"), "roster_blank", name=heading("partner"))
        elif not found:
            hint = nearest(written.lower(), self.partners)
            # What is like no partner may be somebody's name that slipped in from another column.
            self._fault(line, heading("partner"), "unknown_partner", hint, name=_shown(written) if hint else "...")
        return found

    def _number(self, line: int, column: Column, written: str) -> str:
        bare = _BETWEEN.sub("", _BRACKETED.sub("", written))
        number = bare if bare.startswith(("+", "00")) else _BETWEEN.sub("", written)
        number = f"+{number[2:]}" if number.startswith("00") else number
        # A spreadsheet takes +221... for a sum and drops the sign; shorter than this it may be a number without its country.
        number = f"+{number}" if number.isdecimal() and len(number) > 10 and number[0] != "0" else number
        if _NUMBER.match(number) and not _TRUNK.match(number):
            return number
        wrong = "roster_trunk" if _TRUNK.match(number) else "roster_scientific" if _SCIENTIFIC.match(number) else "roster_phone"
        self._fault(line, heading(column), wrong if written else "roster_blank", name=heading(column))
        return ""

    def _channel(self, line: int, written: str) -> ChannelType:
        found = next((channel for channel in CHANNEL_TYPES if channel == written.lower()), None)
        if found is None and written:
            self._word(line, "channel", CHANNEL_TYPES)
        return found or "sms"

    def _language(self, line: int, written: str) -> str:
        found = next((code for code, words in _LANGUAGES.items() if _plain(written) in map(_plain, words)), "")
        if not found and written:
            self._word(line, "language", tuple(_LANGUAGES))
        return found or "fr"

    def _digest(self, line: int, written: str) -> bool:
        if written.lower() not in (*_YES, *_NO):
            self._word(line, "digest", ("oui", "non"))
        return written.lower() in _YES

    def _role(self, line: int, written: str) -> str:
        if len(written) > _LONGEST_ROLE:
            self._fault(line, heading("role"), "roster_long", limit=str(_LONGEST_ROLE))
        if _shown(written) != written or "@" in written or not written.isprintable():
            self._fault(line, heading("role"), "roster_role")
        return written

    def _pin(self, line: int, written: str) -> str:
        if written and not (written.isdecimal() and written.isascii() and 4 <= len(written) <= 8):
            self._fault(line, heading("pin"), "members_pin_form")
        return written

    def _word(self, line: int, column: Column, allowed: tuple[str, ...]) -> None:
        """A cell that holds none of a few words. What it holds is not repeated: it may have slipped in from another column."""
        self._fault(line, heading(column), "roster_word", allowed=", ".join(allowed))

    def _fault(self, line: int, key: str, code: str, hint: str = "", **values: str) -> None:
        self.faulty.add(line)
        self.faults.add(self.name, line, key, code, hint, **values)


def _delimiter(text: str) -> str:
    """What stands between the headings most often: a semicolon in a French spreadsheet, else a comma, or a tab."""
    lines = [line for line in text.splitlines() if line.strip(';,\t "') and not line.lower().startswith("sep=")]
    return max(";,\t", key=lines[0].count) if lines else ";"


def _named(columns: Collection[Column]) -> str:
    return ", ".join(heading(column) for column in columns)


def _plain(word: str) -> str:
    """A heading without accents, case, brackets: `Téléphone`, `telephone`, `TELEPHONE` are one."""
    letters = "".join(sign if sign.isalnum() else " " for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))
    return " ".join(letters.casefold().split())


def _shown(written: str) -> str:
    """What was written, unless it may be a number of somebody: in a file without headings, or with columns out of place."""
    return "..." if sum(map(str.isdigit, written)) >= _FEW_DIGITS else written
