"""What a text costs as an SMS, and how to write it so that it costs less without changing its meaning.

The alphabet is GSM 03.38 (3GPP TS 23.038), the joining of parts 3GPP TS 23.040. One letter outside the alphabet makes the whole
message UCS-2: 70 units instead of 160. Twilio reads code 0x09 as capital Ç only, so the small ç costs a message its alphabet.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these is sent as an escape and a letter: two septets that may not be torn apart by the end of a part.
EXTENSION = frozenset("\f^{}\\[~]|€")
ALPHABET = BASIC | EXTENSION


class Encoding(StrEnum):
    """How the letters travel."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Cost:
    """What is billed. `units` are septets (GSM-7) or UTF-16 code units (UCS-2); an empty text is one segment of no units."""

    encoding: Encoding
    units: int
    segments: int


def measure(text: str) -> Cost:
    """The cost of `text` exactly as it stands."""
    if BASIC.issuperset(text):
        return _cost(Encoding.GSM7, len(text), [], 160, 153)
    if ALPHABET.issuperset(text):
        sizes = [2 if letter in EXTENSION else 1 for letter in text]
        return _cost(Encoding.GSM7, sum(sizes), sizes, 160, 153)
    sizes = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    return _cost(Encoding.UCS2, sum(sizes), sizes, 70, 67)


def _cost(encoding: Encoding, units: int, sizes: list[int], alone: int, joined: int) -> Cost:
    if units <= alone:
        return Cost(encoding, units, 1)
    if units == len(sizes) or not sizes:
        return Cost(encoding, units, -(-units // joined))
    return Cost(encoding, units, _parts(sizes, joined))


def _parts(sizes: list[int], joined: int) -> int:
    """How many parts hold letters of these sizes when none may be torn apart."""
    parts, free = 1, joined
    for size in sizes:
        if size > free:
            parts, free = parts + 1, joined
        free -= size
    return parts


def offenders(text: str) -> tuple[str, ...]:
    """The letters that force UCS-2, each once, in the order they appear. Empty for a text that is GSM-7."""
    return tuple(dict.fromkeys(letter for letter in text if letter not in ALPHABET))


# Marks and spaces that a phone keyboard or a word processor puts in, and what they are without typography.
_SAME_LENGTH = {
    **dict.fromkeys("«»“”„‟″‹›", '"'),
    **dict.fromkeys("’‘‚‛′´`ʼ", "'"),
    **dict.fromkeys("–—‒―‐‑−•", "-"),
    **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u2008\u2002\u2003\u2004\u2005\u2006\u205f\u3000\t", " "),
    **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
}
_MARKS = str.maketrans(_SAME_LENGTH)
_MARKS_THAT_GROW = str.maketrans(_SAME_LENGTH | {"…": "...", "½": "1/2", "¼": "1/4", "¾": "3/4"})

# ç -> Ç would keep the cedilla but shout in the middle of a word; é è à ù stay, they are in the alphabet.
_FRENCH = {
    **dict.fromkeys("êë", "e"),
    **dict.fromkeys("îï", "i"),
    **dict.fromkeys("ô", "o"),
    **dict.fromkeys("û", "u"),
    **dict.fromkeys("â", "a"),
    **dict.fromkeys("ç", "c"),
    **dict.fromkeys("ÿ", "y"),
    **dict.fromkeys("ÀÂ", "A"),
    **dict.fromkeys("ÈÊË", "E"),
    **dict.fromkeys("ÎÏ", "I"),
    **dict.fromkeys("Ô", "O"),
    **dict.fromkeys("ÙÛ", "U"),
    **dict.fromkeys("Ÿ", "Y"),
}
# è and ò are not used in official Wolof, so a reader can turn them back; ë -> e would make "lie down" of "honourable".
# È and Ò are outside the alphabet, so the capitals lose their accent. Letters of the other language occur in names.
_WOLOF = {"ë": "è", "ó": "ò", "Ó": "O"}
_LETTERS = {"fr": str.maketrans({**_WOLOF, **_FRENCH}), "wo": str.maketrans({**_FRENCH, **_WOLOF})}

# Two letters for one: the second follows the case of its neighbours, and a doubled ŋ is written nng, not ngng.
_PAIRS = re.compile("ŋŋ|Ŋŋ|ŊŊ|ŋ|Ŋ|œ|Œ")
_PAIR = {"ŋŋ": "nng", "Ŋŋ": "Nng", "ŊŊ": "NNG", "ŋ": "ng", "Ŋ": "Ng", "œ": "oe", "Œ": "Oe"}


def _pair(match: re.Match[str]) -> str:
    written = _PAIR[match[0]]
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    shouting = match[0][-1].isupper() and (after.isupper() or (before.isupper() and not after.isalpha()))
    return written.upper() if shouting else written


def _simplified(text: str, language: str) -> str:
    return _PAIRS.sub(_pair, text).translate(_LETTERS[language])


def render_for_sms(text: str, language: str) -> str:
    """`text` as it should be sent by SMS: plain marks, and plainer letters only where that saves a segment.

    `language` is "fr" or "wo"; in any other language letters are never touched, as nobody has checked what they would then
    mean. The result never has more segments than `text`. Not for WhatsApp, where letters cost nothing.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    plain = [composed.translate(_MARKS_THAT_GROW), composed.translate(_MARKS), text]
    return min(_candidates(plain, language), key=_segments)


def _candidates(plain: list[str], language: str) -> Iterator[str]:
    yield from plain
    if language in _LETTERS:
        yield from (_simplified(text, language) for text in plain[:2])


def _segments(text: str) -> int:
    return measure(text).segments
