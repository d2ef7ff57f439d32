"""Reading YAML that people write: every scalar is a word, every part knows its line, every mistake becomes a fault with a hint.

`Yes`, `no`, `on` and `012` stay what was typed. Anchors, aliases, duplicate keys, tabs and files over one megabyte are refused:
they are either mistakes here or somebody else's attack.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import yaml

from bot.domain.errors import Fault

LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word or a text as typed."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Part", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in order."""

    entries: dict[str, "Part"]
    lines: dict[str, int]
    line: int


Part = Scalar | Items | Mapping


@dataclass(slots=True)
class Faults:
    """The mistakes found so far, in one file or many."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, line: int, key: str, code: str, hint: str = "", severity: str = "error", **values: str) -> None:
        """Note a mistake."""
        self.found.append(Fault(file, line, key, code, tuple(values.items()), hint, severity))

    @property
    def errors(self) -> list[Fault]:
        """Those that keep the content from being used."""
        return [fault for fault in self.found if fault.severity == "error"]


def nearest(word: str, known: Collection[str]) -> str:
    """The known name that was probably meant, or nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


def read_file(path: Path, name: str, faults: Faults) -> "Section | None":
    """The file as a section, None when it cannot be read at all; `name` is how faults call it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        faults.add(name, 0, "", "unreadable", reason=error.strerror or "")
        return None
    return read_text(raw, name, faults)


def read_text(raw: bytes, name: str, faults: Faults) -> "Section | None":
    """The bytes of a YAML file as a section."""
    if len(raw) > LARGEST:
        faults.add(name, 0, "", "too_large")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(name, raw[: error.start].count(b"\n") + 1, "", "not_utf8")
        return None
    part = _compose(text, name, faults)
    if part is None:
        return None
    if not isinstance(part, Mapping):
        faults.add(name, part.line, "", "not_a_mapping")
        return None
    return Section(part, name, "", faults)


def _compose(text: str, name: str, faults: Faults) -> Part | None:
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                faults.add(name, event.start_mark.line + 1 if event.start_mark else 0, "", "anchor")
                return None
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        if node is None:
            faults.add(name, 1, "", "empty_file")
            return None
        return _part(node, name, faults, 0)
    except yaml.YAMLError as error:
        _explain(error, text, name, faults)
        return None
    except RecursionError:
        faults.add(name, 0, "", "too_deep")
        return None


def _explain(error: yaml.YAMLError, text: str, name: str, faults: Faults) -> None:
    """A YAML error in plain words: what people really do wrong is tabs, a colon in an unquoted text, and quotes left open."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    written = lines[min(line, len(lines)) - 1] if lines else ""
    problem = str(getattr(error, "problem", "") or getattr(error, "reason", "") or "")
    if "\t" in written or "'\\t'" in problem:
        faults.add(name, line, "", "tab")
    elif "mapping values are not allowed" in problem:
        faults.add(name, line, "", "colon_in_text")
    elif "unacceptable character" in problem or "special characters" in problem:
        faults.add(name, line, "", "control_character")
    elif "found unexpected end of stream" in problem or "quoted scalar" in str(getattr(error, "context", "")):
        context = getattr(error, "context_mark", None)
        faults.add(name, context.line + 1 if context else line, "", "quote_left_open")
    elif "multiple documents" in problem or "document" in str(getattr(error, "context", "")):
        faults.add(name, line, "", "two_documents")
    else:
        faults.add(name, line, "", "yaml_syntax")


def _part(node: yaml.Node, name: str, faults: Faults, depth: int) -> Part:
    line = node.start_mark.line + 1
    if depth > 20:
        raise RecursionError
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_part(item, name, faults, depth + 1) for item in node.value), line)
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Part] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                faults.add(name, key.start_mark.line + 1, "", "odd_key")
                continue
            if key.value in entries:
                faults.add(name, key.start_mark.line + 1, key.value, "duplicate_key", first=str(lines[key.value]))
                continue
            entries[key.value] = _part(value, name, faults, depth + 1)
            lines[key.value] = key.start_mark.line + 1
        return Mapping(entries, lines, line)
    return Scalar(str(node.value), line)


_YES, _NO = ("yes", "oui", "true", "1"), ("no", "non", "false", "0")
_SPAN = re.compile(r"^(\d{1,4})\s*(m|min|h|d|j|w)$")
_SECONDS = {"m": 60, "min": 60, "h": 3600, "d": 86_400, "j": 86_400, "w": 604_800}


class Section:
    """A mapping being read. Every reader notes a fault instead of raising, and gives a harmless value."""

    def __init__(self, part: Mapping, file: str, path: str, faults: Faults) -> None:
        self._part = part
        self._read: set[str] = set()
        self.file = file
        self.path = path
        self.faults = faults

    @property
    def line(self) -> int:
        """Where the section begins."""
        return self._part.line

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that were written, in order."""
        return tuple(self._part.entries)

    def line_of(self, key: str) -> int:
        """Where a key stands; where the section begins when it does not."""
        return self._part.lines.get(key, self._part.line)

    def has(self, key: str) -> bool:
        """Whether the key was written."""
        return key in self._part.entries

    def fault(self, key: str, code: str, hint: str = "", severity: str = "error", **values: str) -> None:
        """Note a mistake at a key."""
        self.faults.add(self.file, self.line_of(key), self._path(key), code, hint, severity, **values)

    def text(self, key: str) -> str:
        """A text that must be there."""
        part = self._part.entries.get(key)
        self._read.add(key)
        if part is None:
            self.faults.add(self.file, self.line, self._path(key), "missing_key", name=key)
        elif not isinstance(part, Scalar):
            self.fault(key, "not_a_text", name=key)
        elif not part.text.strip():
            self.fault(key, "empty_text", name=key)
        else:
            return part.text.strip()
        return ""

    def optional(self, key: str) -> str | None:
        """A text that may be left out."""
        self._read.add(key)
        return self.text(key) or None if self.has(key) else None

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of a few words; the default may be left out."""
        if default is not None and not self.has(key):
            self._read.add(key)
            return default
        value = self.text(key)
        if value and value not in allowed:
            self.fault(key, "not_allowed", nearest(value, allowed), value=value, allowed=", ".join(allowed))
        return value if value in allowed else default or ""

    def flag(self, key: str, *, default: bool = False) -> bool:
        """yes or no."""
        value = self.optional(key)
        if value is None:
            return default
        if value.lower() not in (*_YES, *_NO):
            self.fault(key, "not_yes_no", value=value)
        return value.lower() in _YES

    def number(self, key: str, default: int | None = None) -> int | None:
        """A whole number."""
        value = self.optional(key)
        if value is None:
            return default
        if not re.fullmatch(r"\d{1,9}", value):
            self.fault(key, "not_a_number", value=value)
            return default
        return int(value)

    def span(self, key: str, default: int) -> int:
        """A length of time in seconds, written `30m`, `24h`, `3d` or `3j`."""
        value = self.optional(key)
        if value is None:
            return default
        match = _SPAN.match(value)
        if match is None:
            self.fault(key, "not_a_span", value=value)
            return default
        return int(match[1]) * _SECONDS[match[2]]

    def day(self, key: str) -> date | None:
        """A date, written 2026-12-31."""
        value = self.optional(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fault(key, "not_a_date", value=value)
            return None

    def words(self, key: str) -> tuple[str, ...]:
        """One text or a list of texts; nothing when the key is left out."""
        self._read.add(key)
        part = self._part.entries.get(key)
        return () if part is None else tuple(scalar.text.strip() for scalar in self._scalars(key, part))

    def scalars(self, key: str) -> tuple[Scalar, ...]:
        """Like `words`, with lines."""
        self._read.add(key)
        part = self._part.entries.get(key)
        return () if part is None else tuple(self._scalars(key, part))

    def _scalars(self, key: str, part: Part) -> Iterator[Scalar]:
        for item in part.items if isinstance(part, Items) else (part,):
            if isinstance(item, Scalar) and item.text.strip():
                yield item
            else:
                self.faults.add(self.file, item.line, self._path(key), "not_a_text", name=key)

    def section(self, key: str) -> "Section | None":
        """A mapping below a key; None when it is left out."""
        self._read.add(key)
        part = self._part.entries.get(key)
        if part is None:
            return None
        if not isinstance(part, Mapping):
            self.fault(key, "not_a_mapping", name=key)
            return None
        return Section(part, self.file, self._path(key), self.faults)

    def sections(self, key: str, named_by: str = "name") -> tuple["Section", ...]:
        """A list of mappings below a key. Their paths carry the value of `named_by` where they have it."""
        self._read.add(key)
        part = self._part.entries.get(key)
        if part is None:
            return ()
        if not isinstance(part, Items):
            self.fault(key, "not_a_list", name=key)
            return ()
        found = []
        for number, item in enumerate(part.items, 1):
            if not isinstance(item, Mapping):
                self.faults.add(self.file, item.line, self._path(key), "not_a_mapping", name=key)
                continue
            label = item.entries.get(named_by)
            path = f"{self._path(key)}.{label.text if isinstance(label, Scalar) else number}"
            found.append(Section(item, self.file, path, self.faults))
        return tuple(found)

    def ignore(self, key: str) -> None:
        """Count a key as read: its fault is noted already."""
        self._read.add(key)

    def finish(self) -> None:
        """Note every key that nobody read: a mistyped key must not be silently ignored."""
        for key in self._part.entries:
            if key not in self._read:
                self.fault(key, "unknown_key", nearest(key, self._read), name=key)

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
