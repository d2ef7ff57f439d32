"""Words of a message with their places in the original text."""

import re
from typing import Final, NamedTuple

from wolof.spelling import fold

# More words than a message of 1,000 characters can hold; whatever comes, the work stays bounded.
MOST_TOKENS: Final = 600

_APOSTROPHES: Final = "'’‘ʼ`´"
# `M'bour`, `N'Diaye` and `aujourd'hui` are one word each; `l'oim` and `j'ai` are two.
_WORD: Final = re.compile(
    rf"aujourd[{_APOSTROPHES}]hui|(?<!\w)[mn][{_APOSTROPHES}](?=[bdfgjptkc])\w+|[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*",
    re.IGNORECASE,
)


class Token(NamedTuple):
    """One word: as written, folded, and `text[start:end]` of the original (character offsets)."""

    text: str
    folded: str
    start: int
    end: int


def tokenise(text: str) -> tuple[Token, ...]:
    """The words of `text` in order.

    Emoji, punctuation and control characters separate words and are no words; letters of other scripts make tokens
    with an empty `folded`. Never raises.
    """
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        tokens.append(Token(match.group(), fold(match.group()), match.start(), match.end()))
        if len(tokens) == MOST_TOKENS:
            break
    return tuple(tokens)
