"""More ways to write a training sentence: what people do to spelling, done by rule and by seeded chance.

The classifier reads words folded and by sound, so most spellings already meet; what is left is shorthand, dropped vowels,
slips of the thumb and words left out.
"""

import random
import re
from collections.abc import Callable
from typing import Final

# Official letters of Wolof and how they are typed by people who learnt to write in French.
_EVERYDAY: Final = (
    ("ñ", ("gn", "ni", "n")),
    ("ŋ", ("ng",)),
    ("x", ("kh", "kh", "h", "x")),
    ("c", ("thi", "th", "ti")),
    ("j", ("di", "dj", "j")),
    ("ë", ("eu", "e")),
    ("uu", ("ou",)),
    ("u", ("ou", "u")),
    ("aa", ("a", "aa")),
    ("ee", ("e", "é")),
    ("ii", ("i",)),
    ("oo", ("o",)),
    ("óo", ("o",)),
    ("ée", ("é", "e")),
    ("q", ("kh",)),
)

_SHORTHAND: Final = (
    (r"\best[- ]ce qu(?:e|')\s*", ("esk ", "eske ", "ske ")),
    (r"\bje suis\b", ("jsuis", "chui", "jsui")),
    (r"\bj'ai\b", ("jai", "jé", "g")),
    (r"\bc'est\b", ("c", "cé", "cest")),
    (r"\bqu'", ("k", "qu")),
    (r"\bque\b", ("ke", "k")),
    (r"\bqui\b", ("ki",)),
    (r"\bquoi\b", ("koi", "kwa")),
    (r"\bpour\b", ("pr", "pour")),
    (r"\bdans\b", ("ds", "dan")),
    (r"\bvous\b", ("vs", "vou")),
    (r"\bnous\b", ("ns", "nou")),
    (r"\bpas\b", ("pa",)),
    (r"\bbeaucoup\b", ("bcp", "bocou")),
    (r"\btoujours\b", ("tjrs", "toujour")),
    (r"\bavec\b", ("avc", "ac", "avek")),
    (r"\bquand\b", ("qd", "kan")),
    (r"\bcomment\b", ("cmt", "koman", "comen")),
    (r"\bcombien\b", ("cmb", "combi1", "konbien")),
    (r"\bmaintenant\b", ("mtn", "mnt", "mintenan")),
    (r"\bparce que\b", ("pck", "parske")),
    (r"\bquelqu'un\b", ("kelkun", "kelk1")),
    (r"\bbonjour\b", ("bjr", "bonjr")),
    (r"\bsalut\b", ("slt",)),
    (r"\bmerci\b", ("mrc", "mersi")),
    (r"\bs'il vous plaît\b", ("svp", "sivouplé")),
    (r"\baujourd'hui\b", ("ojd", "aujourdhui")),
    (r"\bdemain\b", ("dmn", "demin")),
    (r"\btravail\b", ("taf", "travay")),
    (r"\bargent\b", ("arg", "arjan")),
    (r"\bmais\b", ("mé", "mai")),
    (r"\bveux\b", ("veu", "vx", "ve")),
    (r"\bpeux\b", ("peu", "px")),
    (r"\bfaut\b", ("fo",)),
    (r"\baussi\b", ("ossi",)),
    (r"\bça\b", ("sa",)),
    (r"eau\b", ("o",)),
    (r"(?<=[a-z])er\b", ("é", "er")),
    (r"(?<=[a-z])és?\b", ("é", "e")),
    (r"ph", ("f",)),
    (r"qu(?=[aeio])", ("k",)),
    (r"(?<=[a-zé])[ts]\b", ("",)),
    (r"\b(?:un|une)\b", ("1", "un")),
    (r"ss", ("s", "ss")),
    (r"tion\b", ("sion", "tion")),
    (r"\bsama\b", ("sma", "sama")),
    (r"\bdafa\b", ("dfa",)),
    (r"\bdama\b", ("dma",)),
    (r"\bmaa ngi\b", ("mangi", "mgi", "mangui")),
    (r"\bbëgg\b", ("bgg", "beug", "bg")),
    (r"\bxaalis\b", ("xlis", "khaliss")),
    (r"\bndax\b", ("ndx", "ndakh", "dax")),
    (r"\bléegi\b", ("lgi", "legui")),
)
_SHORTHAND_RULES: Final = tuple((re.compile(pattern), choices) for pattern, choices in _SHORTHAND)
# French as it sounds, for people who left school early. Each rule applies to four texts in five, in order.
_BY_EAR: Final = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"\b(les|des|mes|tes|ses|ces|nos|vos|nous|vous|aux|deux|trois)[ -]h?(?=[aeiouéèêœ])", r"\1 z"),
        (r"\b(un|mon|ton|son|on) h?(?=[aeiouéèê])", r"\1 n"),
        (r"\b([ldmtscj]|qu)'", r"\1"),
        (r"\b(l|d|m|t|s|c)es\b", r"\1é"),
        (r"\best\b|\bet\b", "é"),
        (r"\bj?'?ai\b", "jé"),
        (r"(?<=[a-z])(?:aient|ais|ait|er|ez|ées?|és|et)\b", "é"),
        (r"eaux?|aux?", "o"),
        (r"œ", "e"),
        (r"ai|ei|ê", "è"),
        (r"ph", "f"),
        (r"qu", "k"),
        (r"c(?=[aou])|c\b", "k"),
        (r"c(?=[eiéè])|ç|ss", "s"),
        (r"g(?=[eiéè])", "j"),
        (r"tion", "sion"),
        (r"en(?![aeiouéèn])|em(?=[bp])", "an"),
        (r"(?<=[a-zéè]{2})ent\b", ""),
        (r"ill(?=[aeé])", "y"),
        (r"(?<=[a-zéè]{2})(?:[tsdxpz]+|es?)\b", ""),
        (r"([bdfglmnprt])\1", r"\1"),
        (r"\bh", ""),
        (r"oi", "wa"),
    )
)
_VOWELS: Final = "aeiouéèëóà"


def everyday(text: str, chance: random.Random) -> str:
    """Wolof letters typed the French way; each letter of the official spelling is rewritten the same way throughout."""
    for official, choices in _EVERYDAY:
        text = text.replace(official, chance.choice(choices))
    return text


def shorthand(text: str, chance: random.Random) -> str:
    """Telephone French: about half of what can be shortened is."""
    text = text.lower().replace("’", "'")
    for pattern, choices in _SHORTHAND_RULES:
        if chance.random() < 0.5:
            text = pattern.sub(chance.choice(choices), text)
    return text.replace("'", chance.choice(("", "'", " ")))


def by_ear(text: str, chance: random.Random) -> str:
    """French written as it sounds: `les enfants` becomes `lé zanfan`."""
    text = text.lower().replace("’", "'")
    for pattern, to in _BY_EAR:
        if chance.random() < 0.8:
            text = pattern.sub(to, text)
    return text


def voweless(text: str, chance: random.Random) -> str:
    """Some words of four letters or more lose an inner vowel: `sama` becomes `sma`."""
    return " ".join(_drop_vowel(word, chance) if len(word) > 3 and chance.random() < 0.4 else word for word in text.lower().split())


def _drop_vowel(word: str, chance: random.Random) -> str:
    inner = [at for at in range(1, len(word) - 1) if word[at] in _VOWELS]
    if not inner:
        return word
    at = chance.choice(inner)
    return word[:at] + word[at + 1 :]


def slips(text: str, chance: random.Random) -> str:
    """One slip of the thumb in every six words or so: a letter missing, doubled, or swapped with the next."""
    words = text.lower().split()
    for at, word in enumerate(words):
        if len(word) > 3 and chance.random() < 0.18:
            spot = chance.randrange(1, len(word) - 1)
            words[at] = chance.choice(
                (
                    word[:spot] + word[spot + 1 :],
                    word[:spot] + word[spot] + word[spot:],
                    word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
                )
            )
    return " ".join(words)


def sparse(text: str, chance: random.Random) -> str:
    """About a fifth of the words left out, so that no single word carries the meaning alone."""
    words = text.split()
    kept = [word for word in words if chance.random() > 0.2]
    return " ".join(kept if len(kept) > 2 else words)


RULES: Final[dict[str, Callable[[str, random.Random], str]]] = {
    "everyday": everyday,
    "shorthand": shorthand,
    "by_ear": by_ear,
    "voweless": voweless,
    "slips": slips,
    "sparse": sparse,
}


def respelled(text: str, rule: str, seed: int = 0) -> str:
    """`text` after one rule; the same text, rule and seed always give the same outcome."""
    return RULES[rule](text, random.Random(f"{rule}/{seed}/{text}"))
