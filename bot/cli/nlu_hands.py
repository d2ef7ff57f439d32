"""The hand files of `nlu/data` and `nlu/development`, as far as reviewed messages need them: read by line, added to at the end.

The full reader belongs to the understanding service, whose environment this one does not share; `dellusi nlu check` has the last word.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.domain.unclear import UnclearText, words_of

LANGUAGES = ("fr", "wo", "mixed")
_MARK = re.compile(r"\[([^\[\]]*)\](?:\(\w+\)|\{[^{}]*\})")
_INTENT = re.compile(r"- intent:\s*(\S+)\s*$")
_ID = 8


@dataclass(frozen=True, slots=True)
class Known:
    """A sentence that is there already. `where` is its file and line, below the folder."""

    words: frozenset[str]
    intent: str
    where: str


def sentences(folder: Path) -> Iterator[Known]:
    """Every sentence below `folder/<language>/*.yml`, its marks removed."""
    for path in sorted(folder.glob("*/*.yml")):
        intent = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            stripped = line.strip()
            if found := _INTENT.match(stripped):
                intent = found[1]
            elif stripped.startswith("- "):
                yield Known(words_of(_MARK.sub(r"\1", stripped[2:])), intent, f"{path.relative_to(folder)}:{number}")


def file_name(language: str, month: datetime) -> str:
    """Where the reviewed messages of a month go, below `nlu/data`."""
    return f"{language}/reviewed_{month:%Y_%m}.yml"


def addition(groups: Sequence[tuple[UnclearText, ...]], places: Sequence[str], now: datetime, by: str, *, new: bool) -> str:
    """Reviewed messages in the hands' format, with where they come from. Each group becomes one sentence: its first text.

    `places` are names that stand for places: they get the mark that the other hands give them.
    """
    head = ['version: "3.1"', "# Voice: reviewed messages", "# Register: everyday"] if new else []
    texts = [text for group in groups for text in group]
    lines = [*head, *_provenance(texts, len(groups), now, by), *(["nlu:"] if new else [])]
    for intent in sorted({text.label or "" for text in texts}):
        chosen = [group for group in groups if group[0].label == intent]
        lines += [f"# {' '.join(str(text.id)[:_ID] for group in chosen for text in group)}", f"- intent: {intent}", "  examples: |"]
        lines += [f"    - {_marked(group[0].text, places)}" for group in chosen]
    return "\n".join(lines) + "\n"


def _provenance(texts: Sequence[UnclearText], count: int, now: datetime, by: str) -> list[str]:
    days = sorted(f"{text.labelled_at:%Y-%m-%d}" for text in texts if text.labelled_at)
    people = ", ".join(sorted({text.labelled_by or "" for text in texts}))
    when = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    return [
        f"# {count} sentences of {len(texts)} messages that were not understood, labelled by {_line(people)} ({when}).",
        f"# Exported by {_line(by)} on {now:%Y-%m-%d}. Names, numbers, addresses and places are stand-ins.",
    ]


def _line(text: str) -> str:
    return " ".join(text.split())


def _marked(text: str, places: Sequence[str]) -> str:
    names = "|".join(re.escape(name) for name in sorted(places, key=len, reverse=True))
    return re.sub(rf"(?<!\w)({names})(?!\w)", r"[\1](place)", text) if names else text


def append(path: Path, text: str) -> None:
    """Add to a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    beside = path.with_suffix(".new")
    beside.write_text(before + text, encoding="utf-8")
    os.replace(beside, path)
