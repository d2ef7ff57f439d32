"""How a French word sounds, for people who write by ear: `mézon`, `maison` and `meson` come to one key.

Coarser than `fold`, which keeps French letters; a key for comparing, never for showing.
"""

import re
from functools import lru_cache
from typing import Final

from wolof.spelling import LONGEST_WORD, plain

# In order; each works on the outcome of those before it. Capitals are sounds that later rules must not touch.
_RULES: Final = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^femm", "fam"),
        (r"ss|sc(?=[ei])|c(?=[eiy])|t(?=ion)", "S"),
        (r"(?<=[aeiou])s(?=[aeiouy])", "z"),
        (r"([^S])\1+", r"\1"),
        (r"(?:aient|ais|ait|er|ez|ees?|es|et|ai)$", "E"),
        (r"ph", "f"),
        (r"eaux?|aux?", "o"),
        (r"oeu|eu", "e"),
        (r"oy(?=[aeoE])", "way"),
        (r"oi|oy", "wa"),
        (r"ou", "u"),
        (r"ail(?:le)?s?$", "ay"),
        (r"(?<=[aeiou])il(?:l|$)|(?<=[^aeiou])ill(?=[aeo])", "y"),
        (r"[ae][iy](?=[aeoE])", "ey"),
        (r"[ae][iy](?!n)(?!$)", "e"),
        (r"qu|q|ck|c(?!h)", "k"),
        (r"gu(?=[eiyE])", "G"),
        (r"ge(?=[ao])|g(?=[eiyE])", "j"),
        (r"gn", "ñ"),
        (r"[ct]h|sh", "C"),
        (r"h", ""),
        (r"(?:ain|ein|in|ym|im)(?![aeiouyE])", "1"),
        (r"(?:am|an|em|en)(?![aeiouyE])", "2"),
        (r"(?:om|on)(?![aeiouyE])", "3"),
        (r"(?<=..)[tdspxz]+$", ""),
        (r"(?<=..)[eE]$", ""),
    )
)


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """The sound key of one word; `""` when nothing of it is a letter. Total and bounded, like `wolof.spelling.fold`.

    >>> sound("maison") == sound("mézon"), sound("question") == sound("kestion"), sound("payer") == sound("péyé")
    (True, True, True)
    """
    key = re.sub(r"[^a-zñ0-9]+", "", plain(word[:LONGEST_WORD]))
    for pattern, to in _RULES:
        key = pattern.sub(to, key)
    return key.lower()
