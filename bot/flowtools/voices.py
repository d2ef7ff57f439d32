"""Recordings and pictures beside texts: what has one, what lost it when its text changed, and the index that is written.

The index is `flows/media/index.yml`, the files lie beside it under the hash of their content. Nothing is ever written over: a
version that was published keeps the files that it names.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from bot.content import Content
from bot.content.reading import nearest
from bot.content.recordings import INDEX
from bot.domain.errors import Fault
from bot.domain.recordings import LARGEST, FileKind, Recording, ending_of, kind_of, mark_of, name_of
from bot.engine.placeholders import fill, names
from bot.flowtools.facts import told
from bot.flowtools.sources import Source

State = Literal["current", "stale", "missing", "lost", "varies"]
# Values that are the same for everybody: a recording may say them. All others differ from person to person.
_FIXED = ("hotline.", "region.", "partner.")
# What is offered below these differs from text to text.
_VARYING = frozenset({"words.guess"})
_HEAD = "# Written by `dellusi flows voice`: which recording or picture belongs to which text, bound to its words.\nrecordings:\n"


class Unusable(Exception):
    """A file or a text that cannot be bound. `code` and `values` make the sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Spoken:
    """One text in one language, as it is read: `labels` are the choices below it. `state` is about one kind of file:

    current: it has a file of exactly these words. stale: its words changed since. missing: none was ever made. lost: the index names a
    file that is not there. varies: the text holds values that differ from person to person, so none can be made.
    """

    text: str
    language: str
    words: str
    labels: tuple[str, ...]
    state: State
    recording: Recording | None = None


def spoken(content: Content, folder: Path, language: str, kind: FileKind = "audio") -> Iterator[Spoken]:
    """Every text that people are told in a language, in the order of the files."""
    known = {one.text: one for one in content.recordings.entries if one.kind == kind and one.language == language}
    for source in told(content):
        yield _spoken(content, folder, source, language, known.get(source.text.context))


def _spoken(content: Content, folder: Path, source: Source, language: str, known: Recording | None) -> Spoken:
    words, labels = as_read(content, source, language)
    state: State = "missing"
    if source.text.context in _VARYING or any(not name.startswith(_FIXED) for name in names(source.text.source)):
        state = "varies"
    elif known:
        there = (folder / "flows" / "media" / known.name).exists()
        state = "lost" if not there else "current" if known.says == mark_of(words, labels) else "stale"
    return Spoken(source.text.context, language, words, labels, state, known)


def as_read(content: Content, source: Source, language: str) -> tuple[str, tuple[str, ...]]:
    """A text and the choices below it, in a language, with the values that are the same for everybody."""
    translated = content.offer_texts.translate if source.text.context.startswith("offer.") else content.catalogues.translate
    text = translated(source.text.source, source.text.context, language)
    words = fill(text, lambda name: content.value(name, language) if name.startswith(_FIXED) else None).strip()
    return words, tuple(content.translate(option, language) for option in source.options)


def find(content: Content, folder: Path, text: str, language: str, kind: FileKind) -> Spoken:
    """One text by its name. Raises `Unusable` when there is none of that name, or when it varies."""
    texts = {one.text: one for one in spoken(content, folder, language, kind)}
    if text not in texts:
        raise Unusable("voice_unknown", name=text, hint=nearest(text, texts))
    if texts[text].state == "varies":
        raise Unusable("voice_varies", name=text)
    return texts[text]


def record(content: Content, folder: Path, file: Path, text: str, language: str, by: str, day: date) -> Recording:
    """Bind a file to the present words of a text, and put it beside the index. Raises `Unusable`."""
    raw = file.read_bytes()
    ending = ending_of(raw)
    if ending is None:
        raise Unusable("voice_format", file=file.name)
    kind = kind_of(ending)
    if len(raw) > LARGEST[kind]:
        raise Unusable("voice_size", file=file.name, size=f"{len(raw) / 1024 / 1024:.1f}", most=LARGEST[kind] // 1024 // 1024)
    found = find(content, folder, text, language, kind)
    made = Recording(text, language, kind, mark_of(found.words, found.labels), name_of(raw, ending), len(raw), by, day.isoformat())
    media = folder / "flows" / "media"
    media.mkdir(exist_ok=True)
    (media / made.name).write_bytes(raw)
    write_index(folder, [*_others(content, made), made])
    return made


def accept(content: Content, folder: Path, text: str, language: str, kind: FileKind, by: str, day: date) -> Recording:
    """The text has changed, and what was recorded still says the same: bind it to the present words. Raises `Unusable`."""
    found = find(content, folder, text, language, kind)
    if found.recording is None:
        raise Unusable("voice_none", name=text, language=language)
    made = replace(found.recording, says=mark_of(found.words, found.labels), by=by, day=day.isoformat())
    write_index(folder, [*_others(content, made), made])
    return made


def forget(content: Content, folder: Path, text: str, language: str, kind: FileKind) -> None:
    """Take an entry out of the index. The file stays: an earlier version may name it. Raises `Unusable`."""
    gone = next((one for one in content.recordings.entries if (one.text, one.language, one.kind) == (text, language, kind)), None)
    if gone is None:
        raise Unusable("voice_none", name=text, language=language)
    write_index(folder, _others(content, gone))


def _others(content: Content, one: Recording) -> list[Recording]:
    return [other for other in content.recordings.entries if (other.text, other.language, other.kind) != (one.text, one.language, one.kind)]


def write_index(folder: Path, recordings: Iterable[Recording]) -> None:
    """The index, in the order of the texts, so that a diff shows what changed and nothing else."""
    ordered = sorted(recordings, key=lambda one: (one.text, one.language, one.kind))
    lines = [
        f'  - text: {one.text}\n    language: {one.language}\n    says: "{one.says}"\n    file: {one.name}\n'
        f"    bytes: {one.size}\n    by: {json.dumps(one.by, ensure_ascii=False)}\n    day: {one.day}\n"
        for one in ordered
    ]
    path = folder / "flows" / INDEX
    path.parent.mkdir(exist_ok=True)
    path.write_text(_HEAD.replace("recordings:\n", "recordings: []\n") if not lines else _HEAD + "".join(lines), encoding="utf-8")


def check_voices(content: Content, folder: Path) -> Iterator[Fault]:
    """Recordings that no longer say their text (warnings: they are not sent), and files that are not there (errors)."""
    known = {source.text.context: source for source in told(content)}
    for one in content.recordings.entries:
        key = f"{one.text} [{one.language}]"
        if one.text not in known:
            yield Fault(f"flows/{INDEX}", 0, key, "recording_orphan", (("file", one.name),), severity="warning")
            continue
        words, labels = as_read(content, known[one.text], one.language)
        if one.says != mark_of(words, labels):
            yield Fault(f"flows/{INDEX}", 0, key, "recording_stale", (("name", one.text), ("language", one.language)), severity="warning")
        if not (folder / "flows" / "media" / one.name).exists():
            yield Fault(f"flows/{INDEX}", 0, key, "recording_lost", (("file", one.name),))
