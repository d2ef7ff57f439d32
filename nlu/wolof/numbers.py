"""Numbers as people write them: digits, French words, Wolof words, in every spelling."""

from typing import Final

from wolof.spelling import fold
from wolof.tokens import tokenise

LARGEST: Final = 999_999_999

_UNITS: Final = {
    "zero": 0,
    "tus": 0,
    "un": 1,
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "onze": 11,
    "douze": 12,
    "treize": 13,
    "quatorze": 14,
    "quinze": 15,
    "seize": 16,
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "benn": 1,
    "bena": 1,
    "ñaar": 2,
    "ñaari": 2,
    "ñett": 3,
    "ñetti": 3,
    "ñeent": 4,
    "ñeenti": 4,
    "juróom": 5,
    "juróomi": 5,
    "fanweer": 30,
    "naar": 2,
    "naari": 2,
    "nett": 3,
    "netti": 3,
    "neent": 4,
    "neenti": 4,
    "niaari": 2,
    "nietti": 3,
    "diouroome": 5,
    "dierom": 5,
    "diroom": 5,
}
_TENS: Final = {"fukk": 10, "fukki": 10}
_SCALES: Final = {
    "cent": 100, "cents": 100, "téeméer": 100, "téeméeri": 100, "temere": 100,
    "mille": 1000, "mil": 1000, "milles": 1000, "junni": 1000, "junne": 1000,
    "million": 1_000_000, "millions": 1_000_000, "milyoŋ": 1_000_000,
}  # fmt: skip

_SMALL: Final = {fold(word): value for word, value in _UNITS.items()}
_TEN: Final = {fold(word): value for word, value in _TENS.items()}
_BIG: Final = {fold(word): value for word, value in _SCALES.items()}
_LINKS: Final = frozenset(fold(word) for word in ("et", "ak", "e"))
_WORDS: Final = {**_SMALL, **_TEN, **_BIG}
# Longest first, so that a joined word (`juroombenn`, `quatrevingt`) is cut at the longest number inside it.
_BY_LENGTH: Final = sorted((word for word in _WORDS if len(word) > 2), key=len, reverse=True)


def _parts(word: str) -> list[str] | None:
    """A folded word as a list of number words, cutting joined ones; None when it is no number."""
    if word in _WORDS or word.isdigit():
        return [word]
    parts: list[str] = []
    rest = word
    while rest:
        head = next((known for known in _BY_LENGTH if rest.startswith(known)), None)
        if head is None:
            return None
        parts.append(head)
        rest = rest[len(head) :].removeprefix("ak") or ""
    return parts


def _joined(group: int, value: int) -> int | None:
    """`group` followed by a number word below 100: vingt deux, soixante dix, quatre vingt, juróom benn; None if nobody says that."""
    low = group % 100
    if value == 20 and low == 4:
        return group - 4 + 80
    if low == 0 or (low >= 20 and low % 10 == 0 and value < 20) or (low % 10 == 5 and value < 5) or (low in (10, 70, 90) and value < 10):
        return group + value
    return None


def _grown(group: int, part: str) -> int | None:
    """`group` after one more number word below a thousand, or None when the words do not make one number."""
    if part.isdigit():
        if not group:
            return int(part)
        return group * 1000 + int(part) if len(part) == 3 else None
    if part in _SMALL:
        return _joined(group, _SMALL[part])
    low = group % 100
    if part in _TEN:  # ñaar fukk is twenty, téeméer ak fukk a hundred and ten
        return group - low + low * 10 if 1 < low < 10 else group + 10 if low == 0 else None
    return max(group, 1) * 100 if group < 100 else group + 100  # ñaari téeméer; junni ak téeméer


def _value(parts: list[str]) -> int | None:
    """The number a list of number words says; Wolof and French share one rule: multiply up, then add."""
    total, group = 0, 0
    for part in parts:
        if _BIG.get(part, 0) > 100:
            total, group = total + max(group, 1) * _BIG[part], 0
            continue
        grown = _grown(group, part)
        if grown is None:
            return None
        group = grown
        if total + group > LARGEST:
            return None
    return total + group


def number_of(text: str) -> int | None:
    """The number a whole text says, 0 to 999,999,999; None when it says anything else.

    >>> number_of("ñaar"), number_of("niar"), number_of("fukk ak juróom"), number_of("deux"), number_of("12 000")
    (2, 2, 15, 2, 12000)
    """
    tokens = tokenise(text)
    if not tokens or len(tokens) > 12:
        return None
    parts: list[str] = []
    for token in tokens:
        if token.folded in _LINKS and parts:
            continue
        found = _parts(token.folded)
        if found is None or any(part.isdigit() and len(part) > 9 for part in found):
            return None
        parts += found
    return _value(parts)
