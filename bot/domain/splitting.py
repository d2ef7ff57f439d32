"""A text that is too long for one message, as several: torn between words, each part within its segments, numbered.

Parts are numbered because nobody promises their order, and because a phone that shows only the second must show that a first exists.
"""

import re
from collections.abc import Iterator

from bot.domain.segments import measure

# Beyond this the numbers take more room than the text, and nobody reads on.
_MOST_PARTS = 99


def split(text: str, longest: int) -> tuple[str, ...]:
    """`text` as messages of at most `longest` segments each; 0 is no limit, and then or where it fits it is one and has no number.

    Lines stay whole where one message holds them, else words do; a word that is longer than a message is torn. No letter is lost.
    Raises `ValueError` when it takes more than 99 messages.
    """
    if longest <= 0 or measure(text).segments <= longest:
        return (text,)
    for width in (1, 2):
        parts = list(_parts(text, longest, len(_number("9" * width, "9" * width))))
        if len(parts) < 10**width:
            return tuple(_number(number, len(parts)) + part for number, part in enumerate(parts, 1))
    raise ValueError(f"more than {_MOST_PARTS} messages")


def _number(number: object, count: object) -> str:
    return f"{number}/{count} "


def _parts(text: str, longest: int, reserved: int) -> Iterator[str]:
    """The parts without their numbers, for which `reserved` letters are kept free."""
    part = ""
    for piece in _pieces(text, longest, reserved):
        if part and not _fits(part + piece, longest, reserved):
            yield part.strip()
            part = piece.lstrip()
        else:
            part += piece
    if part.strip():
        yield part.strip()


def _pieces(text: str, longest: int, reserved: int) -> Iterator[str]:
    """What is kept together: lines that fit into a message, else words, else as many letters as fit."""
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        if _fits(line, longest, reserved):
            yield line
            continue
        for word in re.findall(r"\s*\S+|\s+", line):
            yield from _torn(word, longest, reserved)


def _torn(word: str, longest: int, reserved: int) -> Iterator[str]:
    while not _fits(word, longest, reserved):
        # Bisection: whether a beginning fits depends only on its length.
        low, high = 1, len(word)
        while low < high - 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _fits(word[:middle], longest, reserved) else (low, middle)
        yield word[:low]
        word = word[low:]
    if word:
        yield word


def _fits(part: str, longest: int, reserved: int) -> bool:
    return measure("0" * reserved + part.strip()).segments <= longest
