"""Messages with known answers, to measure a model on: JSON lines, or a folder of hand files."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.data import DataError, read_folder


@dataclass(frozen=True, slots=True)
class Case:
    """One message and what is true of it. `entities` are (entity, value) pairs; None where nobody marked them."""

    text: str
    intent: str
    language: str
    register: str = ""
    entities: tuple[tuple[str, str], ...] | None = None


def read_cases(path: Path) -> list[Case]:
    """The cases of a JSONL file (`text`, `intent`, `lang`, `register`, `entities`) or of a folder `<language>/<hand>.yml`.

    Raises DataError when a line or file cannot be read, FileNotFoundError when there is none.
    """
    if path.is_dir():
        return [
            Case(s.text, s.intent, s.language, s.register, tuple((span.entity, span.value) for span in s.spans)) for s in read_folder(path)
        ]
    return list(_lines(path))


def _lines(path: Path) -> Iterator[Case]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield _case(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise DataError(f"{path}:{number}: {type(error).__name__}: {error}") from error


def _case(found: Mapping[str, Any]) -> Case:
    entities = found.get("entities")
    pairs = None if entities is None else tuple((str(entity["entity"]), str(entity["value"])) for entity in entities)
    return Case(str(found["text"]), str(found["intent"]), str(found.get("lang", "")), str(found.get("register", "")), pairs)
