"""The cost of a text against a second implementation, written from the standards alone, on thousands of texts.

Alphabet and escapes: 3GPP TS 23.038, 6.2.1 and 6.2.1.1, by code point. Parts: 3GPP TS 23.040, 9.2.3.24: six octets of header leave
153 septets or 67 UTF-16 units; neither an escape pair nor a surrogate pair may be torn.
"""

import random

from bot.domain.segments import Encoding, measure

# Everything in the default alphabet, by code point; 0x1B is the escape and no letter.
_ROWS = (
    *range(0x20, 0x5B),
    *range(0x61, 0x7B),
    *(0x0A, 0x0D, 0x5F, 0xA1, 0xA3, 0xA4, 0xA5, 0xA7, 0xBF, 0xC4, 0xC5, 0xC6, 0xC7, 0xC9, 0xD1, 0xD6, 0xD8, 0xDC, 0xDF, 0xE0, 0xE4),
    *(
        0xE5,
        0xE6,
        0xE8,
        0xE9,
        0xEC,
        0xF1,
        0xF2,
        0xF6,
        0xF8,
        0xF9,
        0xFC,
        0x393,
        0x394,
        0x398,
        0x39B,
        0x39E,
        0x3A0,
        0x3A3,
        0x3A6,
        0x3A8,
        0x3A9,
    ),
)
ONE = {chr(point) for point in _ROWS if point != 0x60}
TWO = set("\f^{}\\[~]|€")


def segments(text: str) -> tuple[str, int]:
    """The alphabet and the parts of a text, letter by letter."""
    if set(text) <= ONE | TWO:
        sizes, alone, joined, name = [2 if letter in TWO else 1 for letter in text], 160, 153, "gsm7"
    else:
        sizes, alone, joined, name = [len(letter.encode("utf-16-be")) // 2 for letter in text], 70, 67, "ucs2"
    if sum(sizes) <= alone:
        return name, 1
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > joined:
            parts, filled = parts + 1, 0
        filled += size
    return name, parts


def texts(amount: int) -> list[str]:
    """Texts of every kind, many of them close to a border."""
    dice = random.Random(20_261_201)
    plain, escaped, other = sorted(ONE), sorted(TWO), list("ëŋóçêœ«»’…\u00a0ñسлあ👋🏽😀")
    kinds = ((plain,), (plain, escaped), (escaped,), (plain, other), (other,), (plain, plain, plain, plain, escaped, other))
    borders = (1, 67, 70, 134, 153, 160, 201, 306, 459, 612)
    made = []
    for _ in range(amount):
        letters = [letter for group in dice.choice(kinds) for letter in group]
        length = max(0, dice.choice(borders) + dice.randint(-6, 6)) if dice.random() < 0.7 else dice.randint(0, 700)
        made.append("".join(dice.choices(letters, k=length)))
    return made


def test_the_second_alphabet_is_whole() -> None:
    assert (len(ONE), len(TWO)) == (127, 10)


def test_ten_thousand_texts_cost_the_same_in_both() -> None:
    for text in texts(10_000):
        cost = measure(text)
        assert ("gsm7" if cost.encoding is Encoding.GSM7 else "ucs2", cost.segments) == segments(text), repr(text)
