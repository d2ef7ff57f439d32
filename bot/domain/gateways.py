"""How an HTTP SMS gateway speaks, as data: what it wants to be told, what it answers, what it reports. One file of config/gateways/ each.

Gateways of this family take a form or a query and call back with a form or a query, without a signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.messages import Status
from bot.domain.sending import Verdict

# What may stand in the values that are sent: {user}, {password}, {sender}, {to}, {text}, {hex} (UTF-16BE in hexadecimal digits),
# {callback} (our address for reports on this message), {minutes} (how long it is worth sending).
FIELDS = ("user", "password", "sender", "to", "text", "hex", "callback", "minutes")


@dataclass(frozen=True, slots=True)
class Rule:
    """A refusal: by HTTP status, by a pattern in the answer, or by both. `code` is what we call it."""

    code: str
    verdict: Verdict
    status: int | None = None
    match: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a message is handed over. `gsm7` and `ucs2` are added by alphabet; `numbers` says whether a plus stands before them.

    `accepted` is a pattern of the answer that means yes. `id` is one whose first group is the gateway's own id; without it, or where
    nothing is found, each attempt has an id of ours.
    """

    method: Literal["GET", "POST"]
    numbers: Literal["plus", "digits"]
    parameters: Mapping[str, str]
    gsm7: Mapping[str, str]
    ucs2: Mapping[str, str]
    headers: Mapping[str, str]
    accepted: str
    id: str
    refusals: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Hearing:
    """Which parameters a message from a person comes in. With `binary` that one holds the text in hexadecimal digits, in the alphabet
    that `coding` names (0 GSM 03.38, 3 Latin-1, 8 UTF-16BE, as in SMPP). `answer` is what the gateway wants to read."""

    methods: tuple[str, ...]
    id: str
    sender: str
    recipient: str
    text: str
    coding: str
    binary: str
    answer: str


@dataclass(frozen=True, slots=True)
class Reporting:
    """Which parameters a report comes in, and what its words mean. `by_reference`: it is called at the address that we gave with the
    message, and so carries our own signed id; else the message is found by the gateway's. `code` may be left out: the word is it."""

    methods: tuple[str, ...]
    by_reference: bool
    id: str
    word: str
    code: str
    words: Mapping[str, Status]
    verdicts: Mapping[str, Verdict]
    answer: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where a gateway tells of an opt-out that it took itself: the parameter with the number. Empty where it has none."""

    sender: str = ""


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway's way to speak. `joined`: phones show the segments of one text as one."""

    name: str
    asking: Asking
    hearing: Hearing
    reporting: Reporting
    leaving: Leaving
    joined: bool
