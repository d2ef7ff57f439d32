"""Conversations in files: what a phone says and what must come back.

Plain text, one step a line:

    # a comment
    > what I send
    < a fragment that must come, in any case and with or without accents
    tap Oui
    wait 2s

or the same as YAML: a list of `send`, `expect` (one or several), `tap` and `wait`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

Verb = Literal["send", "expect", "tap", "wait"]
VERBS: tuple[Verb, ...] = ("send", "expect", "tap", "wait")
_WAIT = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s)?")
# SMS writes some letters and marks in a plainer way; a script is written once for all channels.
_PLAIN = str.maketrans({"ŋ": "ng", "œ": "oe", "æ": "ae", "’": "'", "‘": "'", "…": "...", **dict.fromkeys('«»“”"')})


class ScriptError(Exception):
    """A script that cannot be read; the text names file, line and reason."""


@dataclass(frozen=True, slots=True)
class Line:
    """One step. `text` is what is sent, expected or tapped; `seconds` how long a wait lasts. Lines count from 1."""

    number: int
    verb: Verb
    text: str = ""
    seconds: float = 0.0


def folded(text: str) -> str:
    """`text` without case, accents, typography, quotation marks and runs of blanks: what two spellings of one sentence share."""
    letters = unicodedata.normalize("NFD", text.casefold().translate(_PLAIN))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def comes_in(fragment: str, text: str) -> bool:
    """Whether the fragment is in the text, in any spelling."""
    return folded(fragment) in folded(text)


def read_script(path: Path) -> tuple[Line, ...]:
    """The steps of a file, by its ending: .yml and .yaml are YAML, all else plain text. Raises `ScriptError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path}: cannot be read ({error})") from None
    lines = tuple(_from_yaml(path, text) if path.suffix in {".yml", ".yaml"} else _from_text(path, text))
    if not any(line.verb in {"send", "tap"} for line in lines):
        raise ScriptError(f"{path}: sends nothing; write a line like `> Salaam aleekum`")
    return lines


def _from_text(path: Path, text: str) -> Iterator[Line]:
    for number, written in enumerate(text.splitlines(), 1):
        line = written.strip()
        if not line or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if line[0] in "<>":
            yield _line(path, number, "send" if line[0] == ">" else "expect", line[1:].strip())
        elif word in {"tap", "wait"}:
            yield _line(path, number, word, rest.strip())
        else:
            raise ScriptError(f"{path}:{number}: a line begins with >, <, tap, wait or #")


def _from_yaml(path: Path, text: str) -> Iterator[Line]:
    try:
        # Nodes instead of values: each knows its line, and `yes` and `012` stay what was written.
        document = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ScriptError(f"{path}:{line}: is no YAML ({error.problem})") from None
    if not isinstance(document, yaml.SequenceNode):
        raise ScriptError(f"{path}:1: write a list of steps, like `- send: Salaam aleekum`")
    for step in document.value:
        number = step.start_mark.line + 1
        if not isinstance(step, yaml.MappingNode) or len(step.value) != 1:
            raise ScriptError(f"{path}:{number}: one step has one of {', '.join(VERBS)}")
        ((verb, value),) = step.value
        for part in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if not isinstance(part, yaml.ScalarNode):
                raise ScriptError(f"{path}:{number}: {verb.value} takes a text")
            yield _line(path, number, str(verb.value), part.value)


def _line(path: Path, number: int, verb: str, text: str) -> Line:
    known = next((word for word in VERBS if word == verb), None)
    if known is None:
        raise ScriptError(f"{path}:{number}: {verb} is none of {', '.join(VERBS)}")
    if known != "wait":
        if known != "send" and not text:
            raise ScriptError(f"{path}:{number}: {known} needs a text")
        return Line(number, known, text)
    match = _WAIT.fullmatch(text)
    if match is None:
        raise ScriptError(f"{path}:{number}: write wait like `wait 2s` or `wait 300ms`")
    return Line(number, known, seconds=float(match[1]) / (1000 if match[2] == "ms" else 1))
