"""`{{ results.first_name }}` in texts. One pass over names of a fixed shape: what a person typed is never read as a placeholder."""

import re
from collections.abc import Callable

PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)\s*\}\}")


def names(text: str) -> tuple[str, ...]:
    """The names of the placeholders of a text, in order."""
    return tuple(PLACEHOLDER.findall(text))


def fill(text: str, lookup: Callable[[str], str | None]) -> str:
    """The text with its placeholders replaced; an unknown value leaves nothing behind."""
    return PLACEHOLDER.sub(lambda match: lookup(match[1]) or "", text)
