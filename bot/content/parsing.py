"""YAML text -> parts that know their lines. What people really do wrong is explained in plain words, never as a traceback."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches

import yaml

from bot.domain.errors import Fault

LARGEST = 1_000_000
# What the parser says when a text begins with a sign of its own, and what half a text in quotes looks like.
_SPECIAL = (
    "found undefined alias",
    "cannot start any token",
    "block sequence entries are not allowed",
    "mapping keys are not allowed",
    "undefined tag handle",
)
_HALF_QUOTED = re.compile(r"""\s*(?:- +)?(?:[\w-]+: *)?["'\[{]""")


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


def compose(text: str, name: str, faults: Faults) -> Part | None:
    """The parts of a YAML text; None with a fault noted when it cannot be read."""
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
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
    if isinstance(error, yaml.reader.ReaderError):
        faults.add(name, text.encode()[: error.position].count(b"\n") + 1, "", "control_character")
        return
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    written = lines[min(line, len(lines)) - 1] if lines else ""
    problem = str(getattr(error, "problem", "") or "")
    if "\t" in written or "'\\t'" in problem:
        faults.add(name, line, "", "tab")
    elif _special_sign(error, problem):
        faults.add(name, line, "", "anchor")
    elif "did not find expected key" in problem and _HALF_QUOTED.match(written):
        faults.add(name, line, "", "half_quoted")
    elif "mapping values are not allowed" in problem:
        faults.add(name, line, "", "colon_in_text")
    elif "found unexpected end of stream" in problem or "quoted scalar" in str(getattr(error, "context", "")):
        context = getattr(error, "context_mark", None)
        faults.add(name, context.line + 1 if context else line, "", "quote_left_open")
    elif "multiple documents" in problem or "document" in str(getattr(error, "context", "")):
        faults.add(name, line, "", "two_documents")
    else:
        faults.add(name, line, "", "yaml_syntax")


def _special_sign(error: yaml.YAMLError, problem: str) -> bool:
    """Whether a text without quotes begins with a sign of YAML: *important*, @awa, - un."""
    scanned = str(getattr(error, "context", "") or "").removeprefix("while scanning ")
    return scanned in ("an alias", "an anchor", "a tag") or any(sentence in problem for sentence in _SPECIAL)


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
