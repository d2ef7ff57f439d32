"""Reading a caseworker's text: the command, the code, and what is said with them. Forgiving about spelling, case and order."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

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
_PIN = re.compile(r"(?<!\d)\d{4,6}(?!\d)")


@dataclass(frozen=True, slots=True)
class Order:
    """What a text asks for. `rest` are the caseworker's own words besides command and code; `number` the one that was given."""

    command: Command | None
    code: str | None
    rest: str
    number: int | None = None
    pin: str | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing in it can complete a question that was asked."""
        return self.code is None and not self.rest


def read_order(content: Content, text: str) -> Order:
    """The order in a text: the first word or phrase that is a command, the longest where several begin, in any language."""
    code, said = find_code(text), without_code(text[:LONGEST_NOTE]).strip()
    command, rest = _command(content, said)
    if command == "contact" and _says(content.caseworker_words["miss"], rest):
        # `APPELE, ne répond pas` is an attempt, not a contact.
        command = "miss"
    pin = _PIN.search(rest) if command == "details" else None
    return Order(command, code, rest, _number(rest), pin[0] if pin else None)


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
    order = read_order(content, text)
    acts = order.command in ("accept", "see", "decline", "contact", "miss", "serve", "close", "transfer", "details")
    return order.code is not None and acts and len(order.rest.split()) <= 1


def _command(content: Content, said: str) -> tuple[Command | None, str]:
    words = dict(_phrases(content.caseworker_words))
    spans = [(match.start(), match.end()) for match in _WORD.finditer(said)]
    for first, (begin, _) in enumerate(spans):
        for last in range(min(first + _LONGEST_PHRASE, len(spans)) - 1, first - 1, -1):
            end = spans[last][1]
            command = words.get(fold_text(said[begin:end]))
            if command is not None:
                rest = said[end:].strip(" \t\n,;:.!?-") or said[:begin].strip(" \t\n,;:.!?-")
                return command, rest
    return None, said


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
