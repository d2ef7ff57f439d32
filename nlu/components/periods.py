"""Dates and durations that can be nothing else: found by rule, whatever the tagger thinks."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from wolof import Token, number_of

from components.tagger import Tagged

_YEAR: Final = re.compile(r"(?:19[89]|20[0-4])\d")
# `mars`, `mai`, `me` and `ut` are other words as well (`marsé` is a market): a short month counts only beside a year or a day.
_SHORTEST_MONTH: Final = 5
_LONGEST_NUMBER: Final = 3
# `un jour` and `une nuit` are some day and some night.
_VAGUE: Final = frozenset(("jour", "nuit", "heure"))

Kinds = Mapping[str, Mapping[str, str | None]]


def sure_periods(tokens: Sequence[Token], kinds: Kinds) -> list[Tagged]:
    """Number and unit (`2 mois`, `ñaari weer`), months, years, weekdays, `hier`. `kinds`: what the dictionary says of a word."""
    found: list[Tagged] = []
    at = 0
    while at < len(tokens):
        length = _counted(tokens, at, kinds) or _named(tokens, at, kinds)
        if length:
            found.append(Tagged("date_period", at, at + length))
        at += max(length, 1)
    return found


def _is(token: Token, kind: str, kinds: Kinds) -> bool:
    return kind in kinds.get(token.folded, {})


def _counted(tokens: Sequence[Token], at: int, kinds: Kinds) -> int:
    """The number of words of `deux mois`, `juróom benn weer` at `at`, else 0."""
    for length in range(_LONGEST_NUMBER, 0, -1):
        unit = at + length
        if unit < len(tokens) and _is(tokens[unit], "unit", kinds):
            number = number_of(" ".join(token.text for token in tokens[at:unit]))
            if number is not None and number < 100 and not (number == 1 and tokens[unit].text.lower() in _VAGUE):
                return length + 1
    return 0


def _named(tokens: Sequence[Token], at: int, kinds: Kinds) -> int:
    """The number of words of a month, year, weekday or the like at `at`, else 0."""
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if _is(token, "month", kinds):
        with_year = after is not None and bool(_YEAR.fullmatch(after.text))
        return 2 if with_year else int(len(token.folded) >= _SHORTEST_MONTH)
    if _YEAR.fullmatch(token.text):
        # a year alone; `2020 francs` and a phone number in groups are none
        lonely = (after is None or not after.text.isdigit()) and not (at and tokens[at - 1].text.isdigit())
        return int(lonely)
    if _is(token, "moment", kinds):
        return 2 if after is not None and _is(after, "around", kinds) else 1
    return 0
