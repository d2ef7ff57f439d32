"""Reading a caseworker's text: the command, the code, and what is said with them. Forgiving about spelling, case and order."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from wolof.distance import allowed, within
from wolof.numbers import number_of
from wolof.spelling import fold_text

from bot.content import Content
from bot.domain.attempts import Way
from bot.domain.referrals import find_code, without_code

Command = Literal["accept", "see", "decline", "contact", "miss", "serve", "close", "transfer", "note", "details", "list", "help"]
COMMANDS: tuple[Command, ...] = get_args(Command)
LONGEST_NOTE = 600
_LONGEST_PHRASE = 4
_WORD = re.compile(r"[^\s,;:.!?()]+")
_PIN = re.compile(r"(?<!\d)\d{4,8}(?!\d)")
_AROUND = " \t\n,;:.!?-"
# What is said to have happened. It is not taken back lightly, so a denial beside it counts.
_HAPPENED: tuple[Command, ...] = ("contact", "miss", "serve", "close")
_DENIALS = frozenset(map(fold_text, ("pas", "ne", "jamais", "impossible", "sans", "dul", "duma", "mënul", "mënuma", "mënunu")))
_PAS, _DE = fold_text("pas").split(), fold_text("de").split()


@dataclass(frozen=True, slots=True)
class Order:
    """What a text asks for. `rest` are the caseworker's own words besides command and code; `number` the one that was given."""

    command: Command | None
    code: str | None
    rest: str
    number: int | None = None
    pin: str | None = None


def read_order(content: Content, text: str) -> Order:
    """The order in a text: the first word or phrase that is a command, the longest where several begin, in any language."""
    code, said = find_code(text), without_code(text[:LONGEST_NOTE]).strip()
    found = _found(content, said)
    command, rest = (found.command, found.rest) if found else (None, said)
    if found is not None:
        command = _meant(content, found)
    return order_of(command, code, rest)


def order_of(command: str | None, code: str | None, rest: str) -> Order:
    """An order from its parts, with the number and the PIN that are in it."""
    known = next((one for one in COMMANDS if one == command), None)
    pin = _PIN.search(rest) if known == "details" else None
    return Order(known, code, rest, _number(rest), pin[0] if pin else None)


def _meant(content: Content, found: "_Found") -> Command | None:
    """The command less what is said around it: `APPELE, ne répond pas` is an attempt and no contact, `pas d'accord` no yes."""
    if found.command == "contact" and _says(content.caseworker_words["miss"], found.rest):
        return "miss"
    if not _denied(found):
        return found.command
    # A no without a reason moves nothing, it is asked for one; any other denial (`pas encore fait`) is answered with the help.
    return "decline" if found.command == "accept" else None if found.command in _HAPPENED else found.command


def _denied(found: "_Found") -> bool:
    after = fold_text(found.after).split()
    denied_after = after[:1] == _PAS and after[1:2] != _DE
    return denied_after or any(word in _DENIALS for word in fold_text(found.before).split())


def named(content: Content, group: str, order: Order, keys: tuple[str, ...]) -> str | None:
    """Which of a group's keys an order names: by number, in their order, or by word."""
    if order.number is not None:
        return keys[order.number - 1] if 1 <= order.number <= len(keys) else None
    words = content.notices.named[group]
    found = [(len(phrase), key) for key in keys for phrase in map(fold_text, words[key]) if f" {phrase} " in f" {fold_text(order.rest)} "]
    return max(found)[1] if found else None


def way_of(content: Content, order: Order) -> Way:
    """By which way an attempt was made; a call when nothing is said."""
    found = named(content, "ways", Order(None, None, order.rest), ("whatsapp", "sms"))
    return "whatsapp" if found == "whatsapp" else "sms" if found == "sms" else "call"


def says_missed(content: Content, order: Order) -> bool:
    """Whether an order says that nobody was reached."""
    return _says(content.caseworker_words["miss"], order.rest)


def is_bare_order(content: Content, text: str) -> bool:
    """Whether a text is an answer to a referral and nothing else: a code, a command, at most a number or reason. People write codes
    too, and what they write around them is theirs."""
    if find_code(text) is None:
        # Every message of everybody passes here.
        return False
    order = read_order(content, text)
    acts = order.command in ("accept", "see", "decline", "contact", "miss", "serve", "close", "transfer", "details")
    return acts and len(order.rest.split()) <= 1


@dataclass(frozen=True, slots=True)
class _Found:
    """A command in a text, with what stands around it."""

    command: Command
    before: str
    after: str

    @property
    def rest(self) -> str:
        return self.after or self.before


def _found(content: Content, said: str) -> _Found | None:
    words = dict(_phrases(content.caseworker_words))
    found = list(_commands(words, said))
    if not found:
        return _nearly(words, said)
    # `OK c'est fait` and `oui, je l'ai appelé` tell what was done: the yes is only polite.
    done = next((one for one in found if one.command in _HAPPENED), None)
    return done if done and found[0].command == "accept" else found[0]


def _commands(words: Mapping[str, Command], said: str) -> Iterator[_Found]:
    spans = [(match.start(), match.end()) for match in _WORD.finditer(said)]
    first = 0
    while first < len(spans):
        for last in range(min(first + _LONGEST_PHRASE, len(spans)) - 1, first - 1, -1):
            begin, end = spans[first][0], spans[last][1]
            command = words.get(fold_text(said[begin:end]))
            if command is not None:
                yield _Found(command, said[:begin].strip(_AROUND), said[end:].strip(_AROUND))
                first = last
                break
        first += 1


def _nearly(words: Mapping[str, Command], said: str) -> _Found | None:
    """A first word that is nearly one command and no other: `TRANFS`, `LISET`."""
    match = _WORD.search(said)
    word = fold_text(match[0]) if match else ""
    near = {command for known, command in words.items() if within(word, known, min(1, allowed(known))) is not None}
    if match is None or len(near) != 1:
        return None
    return _Found(near.pop(), said[: match.start()].strip(_AROUND), said[match.end() :].strip(_AROUND))


def _phrases(words: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Command]]:
    for command in COMMANDS:
        for word in words.get(command, ()):
            yield fold_text(word), command


def _says(phrases: tuple[str, ...], text: str) -> bool:
    said = f" {fold_text(text)} "
    return any(f" {fold_text(phrase)} " in said for phrase in phrases)


def _number(rest: str) -> int | None:
    digits = re.search(r"(?<![\d\w])\d{1,2}(?![\d\w])", rest)
    return int(digits[0]) if digits else number_of(rest[:40])
