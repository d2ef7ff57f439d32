"""One canonical form for the many spellings of a word.

Wolof is written in the official orthography (`xaalis`, `bëgg`, `ñaata`), far more often in French-based everyday
spelling (`khaliss`, `beug`, `gnata`), and mixed with French words. `fold` maps the spellings of one word to one form;
a word that can only be French keeps its letters (accents, case and doubled letters apart), because Wolof rules
would mangle it. The form is a key for comparing, not for showing to people.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Longer "words" are noise (pasted keys, addresses): cutting them keeps the work per word bounded.
LONGEST_WORD: Final = 40

_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "e", "ŋ": "ng", "ß": "ss", "ı": "i", "ø": "o"})
_TILDE: Final = "\u0303"
_NOT_A_LETTER: Final = re.compile(r"[^a-zñ0-9]+")
_RUN: Final = re.compile(r"([a-zñ])\1+")

# Native Wolof has no v and no consonant + r clusters, and clusters with l only across syllables (déglu): such words are French.
_FRENCH_LETTERS: Final = re.compile(r"v|[bcdfgpt]r|^[bcfgp]l|ph|qu[aeio]")
_FRENCH_ENDINGS: Final = re.compile(
    r".{2}(?:[st]ions?|[st]ien(?:ne)?s?|ements?|amment|ments|ances?|ences?|iques?|ismes?|istes?|ables?|ibles?|aires?|oires?"
    r"|teurs?|seurs?|euses?|ites?|ettes?|elles?|ants?|iants?|iers?|ieres?|ieux|iales?|aux|aient|ssent|ssons|ssez)$"
)

# Everyday French words that the Wolof rules would change and that no Wolof word looks like.
_FRENCH_WORDS: Final = frozenset(
    """
    dieu dieux adieu diabete diable diesel dialogue etudie radio audio studio medias media media video
    nous vous tous tout toutes pour jour jours toujours retour retourne retourner beaucoup besoin ou
    secours cours court courage jouer jouet ouvre oublie oublier coup coups coute couter trou sous dessous
    journee bonjour amour autour four fournir souci soucis soupe sourd source douleur doute douze rouge route
    cher chers chere chez chef chefs chose choses chaque chaud chance change changer chercher cherche cherches cherchez
    charge charger chargee champ champs chien choix choisir marche marcher acheter achete achat bouche touche toucher
    cache cacher dimanche manche riche poche proche gauche fichier fiche affiche moche
    eux deux feu jeu jeune jeunes heure heures peur leur leurs soeur coeur mieux lieu milieu vieux yeux meme
    homme hommes femme femmes personne donne donner comme comment somme hier honte hotel humain
    tien tiens tient rien bien chien combien ancien moyen union reunion opinion junior senior nie nier niece
    guide guerre guerison guichet gueule langue longue fatigue fatiguee
    the theatre mathe maths sante menthe these methode
    suis suit fait fais mais maison jamais francais anglais aide aider aimer aime faim
    """.split()
)


def plain(text: str) -> str:
    """Lower case without accents; `ñ` stays a letter of its own, `œ` and `ŋ` are spelled out. Never raises."""
    lowered = unicodedata.normalize("NFKC", text).lower().translate(_LIGATURES)
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", lowered):
        if char == _TILDE and kept and kept[-1] == "n":
            kept[-1] = "ñ"
        elif not unicodedata.combining(char):
            kept.append(char)
    return "".join(kept)


def looks_french(word: str) -> bool:
    """Whether a `plain` word can only be French, judged by letters, endings and a short list."""
    return word in _FRENCH_WORDS or bool(_FRENCH_LETTERS.search(word) or _FRENCH_ENDINGS.match(word))


def _single(word: str) -> str:
    """Stretched and doubled letters become one: `leuffff`, `bëgg`, `xaalis`."""
    return _RUN.sub(r"\1", word)


# In order; each works on the outcome of those before it.
_WOLOF_RULES: Final = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"oeu|eu", "e"),  # keur, beug
        (r"aou(?![aeiou])", "aw"),
        (r"(?<![aeiou])ou(?=[aeiou])", "w"),  # ouaw
        (r"ou", "u"),  # khadou, mbour
        (r"^u(?=[aeo])", "w"),
        (r"kh|x", "x"),
        (r"qu(?=[aeio])", "k"),
        (r"q", "x"),  # yaqu is written yakhou
        (r"tch|th|ch", "c"),
        (r"c[iy](?=[aeou])", "c"),  # thiono, thieb
        (r"^t[iy](?=[aeou])", "c"),  # tiere
        (r"dj|d[iyh](?=[aeou])|dhi(?=[aeou])", "j"),  # diabar, djang
        (r"ji(?=[aou])", "j"),  # djiable
        (r"gn|n[iy](?=[aeou])|gni(?=[aeou])", "ñ"),  # gnata, niata, nyata
        (r"ñi(?=[aeou])", "ñ"),
        (r"ñ(?=[bcdfgjklmnprstx])", "n"),  # leugnbeut
        (r"gu(?=[aeio])", "g"),  # guiss, liguey, guanar
        (r"(?<=.)h", ""),
        (r"ck", "k"),
        (r"z", "s"),
        (r"(?<=[a-zñ]{2})[ei]?e$", ""),  # mute e: daje, wathie, liguèye
        (r"(?<=[aeou])y(?![aeiou])", "i"),  # mooy, moi
        (r"^([a-zñ]{2,})y$", r"\1i"),
    )
)


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """The canonical form of one word; `""` when nothing of it is a letter or a digit.

    Total and deterministic: any string is accepted, at most `LONGEST_WORD` characters count, the work is bounded.

    >>> fold("ñaata") == fold("gnata") == fold("NIATA")
    True
    >>> fold("Formation"), fold("École")
    ('formation', 'ecol')
    """
    letters = _NOT_A_LETTER.sub("", plain(word[:LONGEST_WORD]))[:LONGEST_WORD]
    if not letters or letters.isdigit():
        return letters
    stretched = re.sub(r"([a-zñ])\1{2,}", r"\1", letters)
    if looks_french(stretched):
        return _single(stretched)
    folded = _single(stretched)
    for pattern, to in _WOLOF_RULES:
        folded = pattern.sub(to, folded)
    return _single(folded)


def fold_text(text: str) -> str:
    """The folded words of a text, joined by single blanks."""
    from wolof.tokens import tokenise  # tokens build on fold

    return " ".join(token.folded for token in tokenise(text))
