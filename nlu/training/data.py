"""Hand files: the sentences one imagined person (a *hand*) would write, one file per hand and language.

    version: "3.1"
    # Voice: mason, 34, Touba ...
    # Register: everyday
    nlu:
    - intent: greet
      examples: |
        - salam
        - bonjour depuis [Touba](place)

The files are Rasa's own training format; this reader is strict, knows line numbers and takes a tenth of the time.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
TRAINING: Final = ROOT / "data"
DEVELOPMENT: Final = ROOT / "development"

_ENTITY: Final = re.compile(r"\[(?P<text>[^\[\]]*)\](?:\((?P<name>\w+)\)|\{(?P<json>[^{}]*)\})")
_JSON_NAME: Final = re.compile(r'"entity"\s*:\s*"(\w+)"')
_HEADER: Final = re.compile(r"#\s*(Voice|Register)\s*:\s*(.*)", re.IGNORECASE)
_INTENT: Final = re.compile(r"- intent:\s*(\S+)\s*$")


class DataError(ValueError):
    """A hand file that cannot be read; names file and line."""


@dataclass(frozen=True, slots=True)
class Span:
    """A marked piece of a sentence: `text[start:end]` (characters of the unmarked text) is an `entity`."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its intent, marks, and where it came from."""

    text: str
    intent: str
    spans: tuple[Span, ...] = ()
    language: str = ""
    hand: str = ""
    register: str = ""
    file: str = ""
    line: int = 0


def unmark(marked: str) -> tuple[str, tuple[Span, ...]]:
    """A sentence without its inline marks, and the marks.

    >>> unmark("à [Touba](place)")
    ('à Touba', (Span(entity='place', value='Touba', start=2, end=7),))
    """
    parts: list[str] = []
    spans: list[Span] = []
    length = last = 0
    for match in _ENTITY.finditer(marked):
        named = _JSON_NAME.search(match["json"] or "")
        before, value = marked[last : match.start()], match["text"]
        start = length + len(before)
        spans.append(Span(match["name"] or (named[1] if named else ""), value, start, start + len(value)))
        parts += [before, value]
        length, last = start + len(value), match.end()
    parts.append(marked[last:])
    return "".join(parts), tuple(spans)


def read_file(path: Path, language: str) -> Iterator[Sentence]:
    """The sentences of one hand file in order. Raises DataError on anything that is not in the format."""
    header = {"voice": "", "register": ""}
    intent, in_examples = "", False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        stripped = line.strip()
        if found := _HEADER.match(stripped):
            header[found[1].lower()] = found[2].strip()
        elif found := _INTENT.match(stripped):
            intent, in_examples = found[1], False
        elif stripped == "examples: |":
            in_examples = True
        elif stripped.startswith("- ") and in_examples:
            text, spans = unmark(stripped[2:].strip())
            yield Sentence(text, intent, spans, language, path.stem, header["register"], str(path), number)
        elif stripped and not stripped.startswith(("#", "version:", "nlu:", "-")):
            raise DataError(f"{path}:{number}: expected an intent, `examples: |` or `- sentence`, found {stripped[:40]!r}")


def hand_files(folder: Path) -> list[tuple[str, Path]]:
    """(language, file) of every hand below `folder/<language>/`, sorted; a folder that is absent has none."""
    return [(path.parent.name, path) for path in sorted(folder.glob("*/*.yml"))]


def read_folder(folder: Path) -> list[Sentence]:
    """All sentences below `folder/<language>/*.yml`. Raises DataError."""
    return [sentence for language, path in hand_files(folder) for sentence in read_file(path, language)]


def distinct(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The first of every (text, intent); later copies are dropped."""
    seen: dict[tuple[str, str], Sentence] = {}
    for sentence in sentences:
        seen.setdefault((sentence.text.casefold(), sentence.intent), sentence)
    return list(seen.values())
