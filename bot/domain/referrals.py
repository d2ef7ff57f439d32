"""A referral: the hand-over of a contact's matter to a partner. States, legal moves, deadlines, public codes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from bot.domain.errors import Conflict

State = Literal[
    "new", "offered", "seen", "accepted", "contacted", "in_service", "closed", "declined", "revoked", "unreachable", "duplicate"
]
Urgency = Literal["emergency", "urgent", "normal"]
Move = Literal["offer", "see", "accept", "contact", "serve", "close", "decline", "revoke", "lose", "merge"]

# move -> (states it may start from, state it leads to). A move into the state one is in already is a no-op, never an error.
MOVES: dict[Move, tuple[tuple[State, ...], State]] = {
    "offer": (("new", "declined"), "offered"),
    "see": (("offered",), "seen"),
    "accept": (("offered", "seen"), "accepted"),
    "contact": (("offered", "seen", "accepted"), "contacted"),
    "serve": (("accepted", "contacted"), "in_service"),
    "close": (("accepted", "contacted", "in_service"), "closed"),
    "decline": (("offered", "seen", "accepted"), "declined"),
    "revoke": (("new", "offered", "seen", "accepted", "contacted", "in_service", "declined"), "revoked"),
    "lose": (("accepted", "contacted"), "unreachable"),
    "merge": (("new", "offered", "seen", "accepted"), "duplicate"),
}

OPEN: tuple[State, ...] = ("new", "offered", "seen", "accepted", "contacted", "in_service", "declined")

# Inter-agency referral form in wide use: emergency 24 hours, urgent 72 hours, normal two weeks.
DEADLINES: dict[Urgency, timedelta] = {
    "emergency": timedelta(hours=24),
    "urgent": timedelta(hours=72),
    "normal": timedelta(days=14),
}

# No 0 O 1 I L: read aloud, copied by hand, typed on a phone keypad. U and V look alike in handwriting.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class ReferralSummary:
    """What a contact may be told about a referral, and no more."""

    code: str
    state: State
    need: str
    partner: str
    urgency: Urgency
    opened_at: datetime
    due_at: datetime


def move(state: State, step: Move) -> State:
    """The state that `step` leads to from `state`.

    Raises `Conflict` when the step is not legal there; a repeated step gives the same state again.
    """
    sources, target = MOVES[step]
    if state == target:
        return state
    if state not in sources:
        raise Conflict(f"{step} is not possible from {state}")
    return target


def due_at(opened: datetime, urgency: Urgency) -> datetime:
    """When somebody must have been in touch."""
    return opened + DEADLINES[urgency]


def new_code(pick: Callable[[int], int]) -> str:
    """A fresh public code from `pick(n)`, which gives a number below n. At least one digit and one letter, so that no
    ordinary word and no amount of money is taken for a code."""
    while True:
        code = "".join(CODE_ALPHABET[pick(len(CODE_ALPHABET))] for _ in range(CODE_LENGTH))
        if any(sign.isdigit() for sign in code) and any(sign.isalpha() for sign in code):
            return code


def find_code(text: str) -> str | None:
    """The code in a text, as people type it: lower case, with blanks or a hyphen in the middle.

    >>> find_code("statut kx7-m4p svp")
    'KX7M4P'
    """
    words = "".join(sign if sign.isalnum() else " " for sign in text.upper()).split()
    candidates = words + [first + second for first, second in pairwise(words)]
    return next((word for word in candidates if _is_code(word)), None)


def without_code(text: str) -> str:
    """The text less its code: `STATUT KX7M4P` is the word STATUT with a code behind it."""
    code = find_code(text)
    if code is None:
        return text
    pattern = r"[\s-]?".join(code)
    return re.sub(pattern, " ", text, count=1, flags=re.IGNORECASE).strip()


def _is_code(word: str) -> bool:
    return (
        len(word) == CODE_LENGTH
        and all(sign in CODE_ALPHABET for sign in word)
        and any(sign.isdigit() for sign in word)
        and any(sign.isalpha() for sign in word)
    )
