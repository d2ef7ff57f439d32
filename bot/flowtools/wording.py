"""What the tools say to authors, from the same catalogues as the sentences about mistakes."""

from bot.content.messages import LANGUAGES, sentences
from bot.settings import preferred_language


def phrase(code: str, language: str | None = None, /, **values: object) -> str:
    """The sentence of `bot/locale/<language>/LC_MESSAGES/admin.po` for a code, its {values} filled in.

    Raises `KeyError` for a code that has no sentence.
    """
    return sentences(language or preferred_language(LANGUAGES))[code].format(**values)
