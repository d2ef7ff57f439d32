"""The translators' files as they stand, entry by entry with lines, and what is missing or wrong in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.content import Content
from bot.domain.errors import Fault
from bot.engine.checks import BUTTON_LENGTH, BUTTONS, ENTRIES, ENTRY_LENGTH
from bot.engine.definition import Text
from bot.engine.placeholders import names
from bot.flowtools.sources import sources
from bot.translation import DOMAIN, SOURCE

FOLDER = Path("flows") / "translations"
REVIEW = "awaiting a native reviewer"


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """One language's file. `name` is how faults call it."""

    language: str
    path: Path
    name: str
    catalogue: Catalog


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a language is. `unused` are entries whose text is gone, `unreviewed` those that wait for a native reader."""

    language: str
    total: int
    translated: int
    fuzzy: int
    missing: int
    unused: int
    unreviewed: int

    @property
    def complete(self) -> bool:
        """Whether every text has a translation that counts."""
        return self.translated == self.total


def path_of(folder: Path, language: str) -> Path:
    """Where a language's file is, or has to be."""
    return folder / FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_files(folder: Path) -> list[CatalogueFile]:
    """The files of every language of the folder. They were found readable when the content was loaded."""
    found = []
    for path in sorted((folder / FOLDER).glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3], domain=DOMAIN)
        found.append(CatalogueFile(path.parts[-3], path, path.relative_to(folder).as_posix(), catalogue))
    return found


def check_catalogues(content: Content, files: list[CatalogueFile]) -> Iterator[Fault]:
    """Missing, fuzzy and outdated translations (warnings), placeholders that differ (errors), choices too long in a translation."""
    for file in files:
        entries = {message.context: message for message in file.catalogue if message.id}
        for source in sources(content):
            yield from _check_entry(source.text, entries.get(source.text.context), file)
        yield from _check_lengths(content, file.language)


def _check_entry(text: Text, entry: Message | None, file: CatalogueFile) -> Iterator[Fault]:
    key = f"{text.context} [{file.language}]"
    if entry is not None and not entry.string:
        yield Fault(file.name, entry.lineno or 0, text.context, "translation_empty", (("source", text.source),), severity="warning")
        return
    if entry is None:
        yield Fault(text.where.file, text.where.line, key, "translation_missing", (("language", file.language),), severity="warning")
        return
    line = entry.lineno or 0
    if entry.fuzzy or entry.id != text.source:
        yield Fault(file.name, line, text.context, "translation_outdated", (("source", text.source),), severity="warning")
    ours, theirs = sorted(names(text.source)), sorted(names(str(entry.string)))
    if entry.id == text.source and ours != theirs:
        values = (("found", _braced(theirs)), ("allowed", _braced(ours)))
        yield Fault(file.name, line, text.context, "placeholders_differ", values)


def _braced(found: list[str]) -> str:
    return ", ".join(f"{{{{ {name} }}}}" for name in found) or "-"


def _check_lengths(content: Content, language: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for source in sources(content):
        most = BUTTON_LENGTH if len(source.options) <= BUTTONS else ENTRY_LENGTH
        if len(source.options) > ENTRIES:
            continue
        for option in source.options:
            label = content.translate(option, language)
            if len(label) > most and option.context not in seen and language != SOURCE:
                seen.add(option.context)
                values = (("label", label), ("length", str(len(label))), ("most", str(most)))
                yield Fault(option.where.file, option.where.line, f"{option.context} [{language}]", "label_too_long", values, "", "warning")


def standing(content: Content, file: CatalogueFile) -> Standing:
    """How far a language's file is."""
    entries = {message.context: message for message in file.catalogue if message.id}
    texts = [source.text for source in sources(content)]
    states = [_state(text, entries.get(text.context)) for text in texts]
    contexts = {text.context for text in texts}
    return Standing(
        file.language,
        len(texts),
        states.count("translated"),
        states.count("fuzzy"),
        states.count("missing"),
        sum(context not in contexts for context in entries),
        sum(is_unreviewed(message) for message in entries.values()),
    )


def is_unreviewed(message: Message) -> bool:
    """Whether the entry still waits for a reader who grew up with the language."""
    return REVIEW in (*message.auto_comments, *message.user_comments)


def _state(text: Text, entry: Message | None) -> str:
    if entry is None or not entry.string:
        return "missing"
    return "fuzzy" if entry.fuzzy or entry.id != text.source else "translated"
