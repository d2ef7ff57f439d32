"""Reading YAML that people write: every scalar is a word, every part knows its line, every mistake becomes a fault with a hint.

`Yes`, `no`, `on` and `012` stay what was typed. Anchors, aliases, duplicate keys, tabs and files over one megabyte are refused:
they are either mistakes here or somebody else's attack.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from bot.content.parsing import LARGEST, Faults, Items, Mapping, Part, Scalar, compose, nearest

__all__ = ["Faults", "Items", "Mapping", "Scalar", "Section", "nearest", "read_file", "read_text"]


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
    part = compose(text, name, faults)
    if part is None:
        return None
    if not isinstance(part, Mapping):
        faults.add(name, part.line, "", "not_a_mapping")
        return None
    return Section(part, name, "", faults)


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
