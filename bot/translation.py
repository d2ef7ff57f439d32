"""Gettext catalogues, and dates, numbers and lists as each language writes them."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import PoFileError, read_po

from bot.domain.errors import ContentError, Fault

SOURCE = "fr"
DOMAIN = "flows"
# A line of a catalogue that holds a string: its quotes close at the end of the line.
_STRING = re.compile(r'(?:#~ *)?(?:(?P<key>msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s*)?"(?:[^"\\]|\\.)*"')
# Comments that programs write above an entry; a person's own may stand anywhere.
_ABOVE_AN_ENTRY = ("#.", "#:", "#,", "#|")


class Catalogues:
    """The translations of every language but French, by (context, source)."""

    def __init__(self, translations: Mapping[str, Mapping[tuple[str, str], str]]) -> None:
        self._translations = translations

    @property
    def languages(self) -> tuple[str, ...]:
        """French and every language with a catalogue."""
        return (SOURCE, *self._translations)

    def translate(self, source: str, context: str, language: str) -> str:
        """The text in the language; the French source where it has no translation."""
        return self._translations.get(language, {}).get((context, source)) or source

    def has(self, source: str, context: str, language: str) -> bool:
        """Whether the language has a translation of exactly this text."""
        return language == SOURCE or (context, source) in self._translations.get(language, {})


def load_catalogues(folder: Path) -> Catalogues:
    """Read `<folder>/<language>/LC_MESSAGES/*.po`. Fuzzy entries do not count: their source has changed since.

    Raises `ContentError` with the line of a broken entry.
    """
    translations: dict[str, dict[tuple[str, str], str]] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        language = path.parent.parent.name
        entries = translations.setdefault(language, {})
        try:
            with path.open("rb") as file:
                catalogue = read_po(file, locale=language, abort_invalid=True)
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            line = getattr(error, "lineno", 0) or 0
            faults.append(Fault(f"flows/translations/{path.relative_to(folder)}", int(line), "", "catalogue_broken"))
            continue
        if cut := _cut_at(path.read_text(encoding="utf-8-sig")):
            faults.append(Fault(f"flows/translations/{path.relative_to(folder)}", cut, "", "catalogue_cut"))
            continue
        for message in catalogue:
            if message.id and message.string and not message.fuzzy and isinstance(message.id, str) and isinstance(message.string, str):
                entries[(message.context or "", message.id)] = message.string
    if faults:
        raise ContentError(faults)
    return Catalogues(translations)


def _cut_at(text: str) -> int:
    """The line where a catalogue stops in the middle of an entry, or where a quote is missing; 0 when all is whole.

    Babel takes such a file, and the entry is lost or said by half.
    """
    unfinished = 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith(_ABOVE_AN_ENTRY):
            unfinished = number
        elif bare and (not bare.startswith("#") or bare.startswith("#~")):
            string = _STRING.fullmatch(bare)
            if string is None:
                return number
            if key := string["key"]:
                unfinished = 0 if key.startswith("msgstr") else number
    return unfinished


def readable_date(day: date, language: str) -> str:
    """A day in words, as `2 décembre 2026` or `2 desàmbar, 2026`."""
    return format_date(day, format="long", locale=Locale.parse(language))


def readable_list(items: list[str], language: str) -> str:
    """`a, b et c`."""
    return format_list(items, locale=Locale.parse(language))
