"""What an entity comes to: numbers, dates, durations, codes in one form."""

import re
from typing import Final

from wolof import fold, number_of, tokenise

# No 0/O, 1/I: the alphabet of the codes a person receives.
CASE_CODE: Final = re.compile(r"(?<![\w])(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[2-9A-HJ-NP-Z]{6,8}(?![\w])", re.IGNORECASE)
# What looks like a code and is an amount, an age, an ordinal, an hour or a file name.
_NO_CODE: Final = re.compile(r"\d+\s*(?:[kf]|f?cfa|fr|francs?|mil\w*|ans?|at|h|mois|weer|eme|e|go|mo|km|kg)\w*$", re.IGNORECASE)

# Amounts counted in `junni` and `dërëm` are units of five francs.
_FIVE_FRANCS: Final = frozenset(fold(word) for word in ("junni", "junne", "dërëm", "derem", "téeméer"))
_CURRENCY: Final = frozenset(fold(word) for word in ("f", "fcfa", "cfa", "franc", "francs", "fr", "euro", "euros", "dirham", "dirhams"))

UNITS: Final = {"year": "Y", "month": "M", "week": "W", "day": "D", "hour": "H", "minute": "M"}


def case_codes(text: str) -> list[tuple[int, int]]:
    """Where codes stand in a text: 6 to 8 characters with at least one letter and one digit."""
    return [match.span() for match in CASE_CODE.finditer(text) if not _NO_CODE.match(match.group())]


def amount(text: str) -> int | None:
    """Francs (or whatever currency is named): `500 mille`, `20k`, `1 million cinq`, `ñaari junni` (of five francs each)."""
    words = [token.folded for token in tokenise(text)]
    in_fives = any(word in _FIVE_FRANCS for word in words)
    kept = [re.sub(r"^(\d+)(?:f|fcfa|cfa|fr)$", r"\1", word) for word in words if word not in _CURRENCY]
    if len(kept) == 1 and (found := re.fullmatch(r"(\d{1,6})(k|m|mil|mille)", kept[0])):
        return int(found[1]) * (1_000_000 if found[2] == "m" else 1000)
    value = number_of(" ".join(kept))
    if value is None and len(kept) > 2 and kept[-2].startswith("milion"):
        most, rest = number_of(" ".join(kept[:-1])), number_of(kept[-1])
        value = most + rest * 100_000 if most and rest and rest < 10 else None
    return None if value is None else value * 5 if in_fives else value


def age(text: str) -> int | None:
    """Years: the first number of `34 ans`, `fukk ak juróom at`."""
    words = [token.text for token in tokenise(text)]
    for length in range(len(words), 0, -1):
        value = number_of(" ".join(words[:length]))
        if value is not None and 0 <= value <= 120:
            return value
    found = re.match(r"\d{1,3}", text)
    return int(found[0]) if found and int(found[0]) <= 120 else None


def period(text: str, units: dict[str, str], months: dict[str, int]) -> str | None:
    """`2024-03`, `2024`, or a duration such as `P2M` (ISO 8601); None where only the calendar could tell.

    `units` and `months` map folded words to "month", "year" ... and 1 to 12.
    """
    words = [token.folded for token in tokenise(text)]
    year = next((word for word in words if re.fullmatch(r"(?:19|20)\d\d", word)), None)
    month = next((months[word] for word in words if word in months), None)
    if year:
        return f"{year}-{month:02d}" if month else year
    for at, word in enumerate(words):
        unit = units.get(word)
        if unit and at:
            starts = (number_of(" ".join(words[first:at])) for first in range(max(0, at - 4), at))
            count = next((value for value in starts if value is not None), None)
            if count is not None:
                return f"P{'T' if unit in ('hour', 'minute') else ''}{count}{UNITS[unit]}"
    return None
