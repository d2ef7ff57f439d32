"""A message without what points to its writer: names, numbers, addresses, codes and small places give way to stand-ins.

Stand-ins are ordinary words, because what is labelled later teaches the model: `Samba` for a name, `0000` for a number of four
digits or more, `adresse` for an e-mail or link, a region for every place inside it. Where two findings touch, both go: rather a
word too many than half a number. What no pattern knows stays (a rare name in the middle of a sentence), so a person still looks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from wolof.spelling import fold_text
from wolof.tokens import Token, tokenise

from bot.domain.places import PlaceIndex
from bot.domain.referrals import CODE_LENGTH, find_code
from bot.domain.understanding import Entity

NAME, NUMBER, ADDRESS, PLACE = "Samba", "0000", "adresse", "Dakar"
# Fewer words than the tokeniser takes at most, so that nothing behind its end stays unread.
LONGEST = 500
_MOST_NAMES = 3

_ADDRESS = re.compile(r"\S+@\S+|@\w+|(?:https?://|www\.)\S+", re.IGNORECASE)
# Letters in front belong to it: the number of a passport begins with one.
_NUMBER = re.compile(r"[+(]*[^\W\d_]{0,4}\d(?:[\W_]{0,3}\d){3,}")
_BREAK = re.compile(r"[.,;!?()\n]")


def _folded(*phrases: str) -> tuple[tuple[str, ...], ...]:
    """Phrases as folded words, the longest first."""
    return tuple(sorted({tuple(fold_text(phrase).split()) for phrase in phrases}, key=len, reverse=True))


_BEFORE_A_NAME = _folded(
    "m'appelle", "mappelle", "s'appelle", "sappelle", "t'appelle", "moi c'est", "nommé", "nommée", "surnommé", "my name is", "ngi tudd",
    "mangi tudd", "maangi tudd", "maa tudd", "may tudd", "damay tudd", "mu tudd", "ku tudd", "nu tudd", "tudd naa", "tuddu naa", "tuddu",
    "ngi sant",
)  # fmt: skip
# A name follows only behind `est`, `mooy` or a colon, or with a capital: `mon nom n'est pas sur la liste` holds none.
_THE_NAME = _folded(
    "mon nom", "mon prénom", "son nom", "son prénom", "nom de famille", "nom et prénom", "sama tur", "suma tur", "samay tur", "turam",
    "sama sant",
)  # fmt: skip
_AFTER_A_NAME = _folded("laa tudd", "laay tudd", "la tudd", "lay tudd", "mooy sama tur", "mooy turam", "mooy sama sant")
_OF_AN_ADDRESS = _folded("rue", "avenue", "villa", "parcelle", "cité", "quartier")
_LINKS = frozenset(fold_text(word) for word in ("est", "c", "mooy", "moy", "di"))
_END_OF_NAME = frozenset(
    fold_text(word)
    for word in (
        "et ou je j de du des d la le les l à a au aux en mais qui que pour avec depuis suis viens vient ai as est c un une il elle on "
        "nous vous moi n mon ma mes son sa ses dans sur ne pas y ici là ak ci ca fi fii bi naa nga mu maa man dama damay ngi mangi laa lay "
        "dinaa bu ku dëkk dëkku joge jóge ñibbi nu ndax waaye bëgg soxla comment combien quand où rentré revenu retourné and i am"
    ).split()
)
_TITLES = frozenset("monsieur madame mme mr mlle docteur dr imam serigne seriñ sëriñ sokhna adja hadji".split())
_FIRST_NAMES = frozenset(
    (
        "abdou abdoulaye abdourahmane adama aissatou aïssatou alassane aliou alioune amadou aminata amy anta arame assane astou awa "
        "babacar bineta binta birame boubacar cheikh cheikhou coumba daouda demba diarra djibril dieynaba fatima fatou fatoumata gora "
        "ibrahima idrissa ismaila ismaïla issa khadija khadim khady lamine maguette maimouna maïmouna malick mamadou mariama marieme "
        "mbaye mactar modou moctar momar mouhamed mohamed moussa moustapha nafissatou oumar oumou oumy ousmane ousseynou "
        "pape penda ramatoulaye rokhaya saliou samba seynabou sidy souleymane tidiane yacine youssou youssouph"
    ).split()
)
# Four letters or more: `Ba`, `Lo` and `Ka` begin too many sentences; beside a first name those go as well.
_SURNAMES = frozenset(
    (
        "badji badiane balde baldé barry camara cisse cissé coly dabo diagne diallo diarra diatta diedhiou dieng dieye diop diouf drame "
        "dramé fall faye gaye gning gueye guèye goudiaby kane kebe kébé keita konate konaté mane mané mbaye mbengue mbodj ndao ndiaye "
        "ndoye ndour ngom niang niasse sagna sall samb sane sané sarr seck sene sène sonko soumare thiam thiaw thioune tine toure touré "
        "traore traoré wade"
    ).split()
)


class _Found(NamedTuple):
    """`text[start:end]` gives way to `stand_in`."""

    start: int
    end: int
    stand_in: str


def pseudonymised(text: str, places: PlaceIndex, entities: Sequence[Entity] = ()) -> str:
    """The text in one line, at most 500 characters, with stand-ins for what points to a person.

    `entities` are those of the same text: pieces marked as place or case code give way too, however they are spelled.
    """
    text = _cut(text)
    tokens = tokenise(text)
    found = [
        *(_Found(*match.span(), ADDRESS) for match in _ADDRESS.finditer(text)),
        *_codes(text, tokens),
        *(_Found(*match.span(), NUMBER) for match in _NUMBER.finditer(text)),
        *_introduced(text, tokens),
        *_known_names(tokens),
        *_places(tokens, places),
        *_marked(text, places, entities),
    ]
    kept = _replaced(text, found).translate(str.maketrans("[]{}", "()()"))
    return " ".join("".join(sign if sign.isprintable() else " " for sign in kept).split())


def says_something(text: str) -> bool:
    """Whether words are left that are no stand-ins: there is nothing to learn from a lone number."""
    stand_ins = {fold_text(word) for word in (NAME, ADDRESS)}
    return any(len(token.text) > 1 and token.text.isalpha() and token.folded not in stand_ins for token in tokenise(text))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(maxsplit=1)[0]


def _replaced(text: str, found: Iterable[_Found]) -> str:
    """Findings that overlap become one, with the stand-in of the one that begins first."""
    parts: list[str] = []
    last = 0
    for start, end, stand_in in sorted(found, key=lambda one: (one.start, -one.end)):
        if start >= last:
            parts += [text[last:start], stand_in]
        last = max(last, end)
    return "".join([*parts, text[last:]])


def _codes(text: str, tokens: Sequence[Token]) -> Iterator[_Found]:
    """Codes of referrals, whole or written in two pieces. `amna 25 ans` is no code: pieces are of three, hyphenated, or both mixed."""
    for token in tokens:
        if len(token.text) == CODE_LENGTH and find_code(token.text):
            yield _Found(token.start, token.end, "")
    for first, second in pairwise(tokens):
        halves = (first.text, second.text)
        even = len(first.text) == len(second.text) or "-" in text[first.end : second.start] or all(map(_has_digit, halves))
        if even and second.start - first.end <= 3 and len("".join(halves)) == CODE_LENGTH and find_code("".join(halves)):
            yield _Found(first.start, second.end, "")


def _has_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def _introduced(text: str, tokens: Sequence[Token]) -> Iterator[_Found]:
    """What follows `je m'appelle` or `maa ngi tudd`, what stands before `laa tudd`, and where somebody lives."""
    for at in range(len(tokens)):
        if length := _phrase_at(tokens, at, _BEFORE_A_NAME):
            yield from _run(text, tokens, range(at + length, len(tokens)), NAME)
        if length := _phrase_at(tokens, at, _THE_NAME):
            yield from _run(text, tokens, range(_name_behind(text, tokens, at + length), len(tokens)), NAME)
        if length := _phrase_at(tokens, at, _AFTER_A_NAME):
            yield from _run(text, tokens, range(at - 1, -1, -1), NAME)
        if length := _phrase_at(tokens, at, _OF_AN_ADDRESS):
            yield from _run(text, tokens, range(at + length, len(tokens)), "")
        if tokens[at].text.casefold() in _TITLES and at + 1 < len(tokens) and tokens[at + 1].text[0].isupper():
            yield from _run(text, tokens, range(at + 1, len(tokens)), NAME)


def _name_behind(text: str, tokens: Sequence[Token], start: int) -> int:
    """The first word of the name that is told from `tokens[start]` on; the end when none is."""
    at = start
    while at < len(tokens) and tokens[at].folded in _LINKS:
        at += 1
    told = at > start or (at < len(tokens) and (":" in text[tokens[at - 1].end : tokens[at].start] or tokens[at].text[0].isupper()))
    return at if told else len(tokens)


def _phrase_at(tokens: Sequence[Token], at: int, phrases: Iterable[tuple[str, ...]]) -> int:
    """How many words of `tokens[at:]` are the longest of the phrases; 0 when none is."""
    return next((len(words) for words in phrases if tuple(token.folded for token in tokens[at : at + len(words)]) == words), 0)


def _run(text: str, tokens: Sequence[Token], indexes: range, stand_in: str) -> Iterator[_Found]:
    """Up to three words from there on, until a pause or a word that no name holds."""
    taken: list[Token] = []
    for index in indexes:
        token, first = tokens[index], min(index, index - indexes.step)
        between = text[tokens[first].end : tokens[first + 1].start]
        if len(taken) == _MOST_NAMES or token.folded in _END_OF_NAME or _BREAK.search(between):
            break
        taken.append(token)
    if taken:
        yield _Found(min(token.start for token in taken), max(token.end for token in taken), stand_in)


def _known_names(tokens: Sequence[Token]) -> Iterator[_Found]:
    """Common first names with the surname behind them, and common surnames with a capital."""
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and _is_name(tokens[end], beside=end > at):
            end += 1
        if end > at:
            yield _Found(tokens[at].start, tokens[end - 1].end, NAME)
        at = max(end, at + 1)


def _is_name(token: Token, *, beside: bool) -> bool:
    word = token.text.casefold()
    capital = token.text[0].isupper()
    return word in _FIRST_NAMES or (word in _SURNAMES and (capital or beside)) or (beside and capital and not token.text.isupper())


def _places(tokens: Sequence[Token], places: PlaceIndex) -> Iterator[_Found]:
    for start, end, regions in places.mentions([token.folded for token in tokens]):
        yield _Found(tokens[start].start, tokens[end - 1].end, _region(regions))


def _marked(text: str, places: PlaceIndex, entities: Sequence[Entity]) -> Iterator[_Found]:
    for entity in entities:
        if entity.end > len(text) or entity.start >= entity.end:
            continue
        if entity.name == "case_code":
            yield _Found(entity.start, entity.end, "")
        elif entity.name == "place":
            named = places.resolve(entity.canonical or text[entity.start : entity.end])
            yield _Found(entity.start, entity.end, _region({place.region for place in named.candidates}))


def _region(regions: Iterable[str]) -> str:
    """The one region, else a place that gives nobody away."""
    known = set(regions)
    return known.pop() if len(known) == 1 else PLACE
