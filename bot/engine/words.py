"""Comparing what people type with what we wait for: in any spelling, with or without accents."""

from collections.abc import Iterable
from functools import lru_cache

from wolof.numbers import number_of as _number_of
from wolof.spelling import fold_text


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """The one form that all spellings of a phrase share."""
    return fold_text(text)


@lru_cache(maxsize=20_000)
def joined(text: str) -> str:
    """Like `folded`, without blanks: `nanga def` and `na nga def` are one, as small words are joined and split at will."""
    return folded(text).replace(" ", "")


def is_one_of(text: str, phrases: Iterable[str]) -> bool:
    """Whether the whole text is one of the phrases."""
    said = joined(text[:200])
    return bool(said) and any(said == joined(phrase) for phrase in phrases)


def contains(text: str, phrases: Iterable[str]) -> bool:
    """Whether the text holds one of the phrases as whole words."""
    said = f" {folded(text[:1000])} "
    return any(f" {folded(phrase)} " in said for phrase in phrases if folded(phrase))


def number_of(text: str) -> int | None:
    """The number that the text is, in digits or words of either language."""
    return _number_of(text[:100])


def word_count(text: str) -> int:
    """How many words a text has."""
    return len(text.split())
