"""Faults in words, for the people who write content: French first, English through the same kind of catalogue.

The sentences live in `bot/locale/<language>/LC_MESSAGES/admin.po`, by the code of the fault.
"""

from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from bot.domain.errors import Fault
from bot.settings import preferred_language

_LOCALE = Path(__file__).resolve().parent.parent / "locale"
LANGUAGES = ("fr", "en")


@lru_cache(maxsize=4)
def sentences(language: str) -> dict[str, str]:
    """Code -> sentence, with {name} for values."""
    with (_LOCALE / language / "LC_MESSAGES" / "admin.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def said(fault: Fault, language: str | None = None) -> str:
    """The sentence of a fault with its likely fix, without its place: `L'étape « detials » n'existe pas. Vouliez-vous dire ...`"""
    known = sentences(language or preferred_language(LANGUAGES))
    sentence = known[fault.code].format(**dict(fault.values)) if fault.code in known else fault.code
    return sentence + (" " + known["hint"].format(hint=fault.hint) if fault.hint else "")


def describe(fault: Fault, language: str | None = None) -> str:
    """`flows/menu.yml:12: nodes.consent.go: erreur: L'étape « detials » n'existe pas. Vouliez-vous dire « details » ?`"""
    known = sentences(language or preferred_language(LANGUAGES))
    place = f"{fault.file}:{fault.line}" if fault.line else fault.file
    key = f" {fault.key}:" if fault.key else ""
    return f"{place}:{key} {known[fault.severity]}: {said(fault, language)}"
