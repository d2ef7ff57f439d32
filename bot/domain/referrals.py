"""A referral: the hand-over of a contact's matter to a partner. States, legal moves, deadlines, public codes.

The moves are a table: where each may start, where it leads, who may make it, and which reason it must give.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, get_args

from bot.domain.errors import Conflict

State = Literal[
    "new", "offered", "seen", "accepted", "contacted", "in_service", "closed", "declined", "revoked", "unreachable", "duplicate"
]
STATES: tuple[State, ...] = get_args(State)
Urgency = Literal["emergency", "urgent", "normal"]
Move = Literal[
    "offer", "see", "accept", "try", "contact", "serve", "close", "decline", "transfer", "reopen", "revoke", "lose", "merge"
]  # fmt: skip
# The service itself (routing, ladder), the caseworker who holds it, the region's coordinator, the person.
Actor = Literal["service", "partner", "coordinator", "contact"]
ACTORS: tuple[Actor, ...] = get_args(Actor)

# Closing codes of the inter-agency referral form; a referral that is over has exactly one.
Outcome = Literal[
    "served", "partly_served", "no_capacity", "out_of_scope", "not_eligible", "referred_on", "declined_by_person", "unreachable",
    "moved", "duplicate", "consent_withdrawn", "safety_hold",
]  # fmt: skip
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
# Why a partner does not take a referral, in the order of the numbers that caseworkers answer with.
DECLINES: tuple[str, ...] = ("no_capacity", "out_of_scope", "not_eligible", "wrong_place")
# What a caseworker may close a referral with, in the order of the numbers. Unreachable is proven by attempts and withdrawal is the
# person's own word, so neither stands here; what a partner cannot take it declines, and the next partner gets it.
CLOSINGS: tuple[Outcome, ...] = (
    "served", "partly_served", "not_eligible", "referred_on", "declined_by_person", "moved", "duplicate", "safety_hold",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A move: the states it may start from, the state it leads to, who may make it; `reasons`, when there are any, are a must."""

    sources: tuple[State, ...]
    target: State
    actors: tuple[Actor, ...]
    reasons: tuple[str, ...] = ()


_HELD: tuple[State, ...] = ("offered", "seen", "accepted", "contacted", "in_service")
_CASEWORK: tuple[Actor, ...] = ("partner", "coordinator")

MOVES: Mapping[Move, Rule] = {
    "offer": Rule(("new", "declined"), "offered", ("service",)),
    "see": Rule(("offered",), "seen", _CASEWORK),
    # Who declined last, because nobody else is left, may think again.
    "accept": Rule(("offered", "seen", "declined"), "accepted", _CASEWORK),
    # An attempt that reached nobody. Who tries has taken the referral, and who was in touch before stays so (`move`).
    "try": Rule(_HELD, "accepted", _CASEWORK),
    "contact": Rule(("offered", "seen", "accepted"), "contacted", _CASEWORK),
    "serve": Rule(("accepted", "contacted"), "in_service", _CASEWORK),
    "close": Rule(("accepted", "contacted", "in_service"), "closed", _CASEWORK, tuple(code for code in CLOSINGS if code != "duplicate")),
    "decline": Rule(("offered", "seen", "accepted", "contacted"), "declined", _CASEWORK, DECLINES),
    "transfer": Rule((*_HELD, "declined"), "offered", (*_CASEWORK, "service")),
    "reopen": Rule(("accepted", "contacted", "in_service", "closed", "unreachable"), "offered", ("contact", "coordinator", "service")),
    "revoke": Rule(("new", *_HELD, "declined"), "revoked", ("contact", "service")),
    # Three attempts prove it (`bot.domain.attempts`).
    "lose": Rule(("accepted", "contacted", "in_service"), "unreachable", (*_CASEWORK, "service")),
    "merge": Rule(("new", *_HELD), "duplicate", (*_CASEWORK, "service")),
}
# These lead to a holder, not only to a state: made again they may name another one, so they are never the same move again.
HANDING: tuple[Move, ...] = ("transfer",)

OPEN: tuple[State, ...] = ("new", "offered", "seen", "accepted", "contacted", "in_service", "declined")
# Whoever holds it has said yes: only now the person's details may be seen.
TAKEN: tuple[State, ...] = ("accepted", "contacted", "in_service")

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


def move(state: State, step: Move, by: Actor = "service", reason: str = "") -> State:
    """The state that `step` leads to from `state`; a repeated step gives the same state again.

    Raises `Conflict` when the step is not legal there, not this actor's to make, or lacks one of its reasons.
    """
    rule = MOVES[step]
    if by not in rule.actors:
        raise Conflict(f"{step} is not for {by}")
    if state == rule.target and step not in HANDING:
        return state
    if state not in rule.sources:
        raise Conflict(f"{step} is not possible from {state}")
    if rule.reasons and reason not in rule.reasons:
        raise Conflict(f"{step} needs a reason")
    return state if step == "try" and state in TAKEN else rule.target


def outcome_of(state: State, reason: str) -> Outcome | None:
    """The closing code of a referral that is over; None while it is open."""
    if state in OPEN:
        return None
    implied: Mapping[State, Outcome] = {"revoked": "consent_withdrawn", "unreachable": "unreachable", "duplicate": "duplicate"}
    return implied.get(state) or next((code for code in OUTCOMES if code == reason), None)


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
