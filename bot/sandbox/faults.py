"""Trouble on demand: what the next sends meet instead of success, by script or by the number they go to.

Chance is drawn for each phone by itself, from the seed, the phone and how often it was written to: the order in which
threads come does not matter, and a seed gives the same run again.
"""

import random
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "429",
    "500",
    "503",
    "drop",
    "timeout",
    "slow",
    "accept_then_500",
    "accept_then_drop",
    "accept_then_timeout",
    "accept_then_garbled",
    "error",
    "undelivered",
    "reports",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Numbers of nobody (+1 500 is no area) that always meet the same: +1500 KIND CODE LAST, five digits of code, any last digit.
MAGIC = "+1500"
_REFUSED, _UNDELIVERED, _ONCE = "1", "2", "3"
_BEHAVIOURS: dict[int, Kind] = {
    429: "429",
    500: "500",
    503: "503",
    408: "timeout",
    499: "drop",
    200: "slow",
    1500: "accept_then_500",
    1499: "accept_then_drop",
    1408: "accept_then_timeout",
    1200: "accept_then_garbled",
}


@dataclass(slots=True)
class Fault:
    """One line of the script.

    `left` sends meet it (None: until it is cleared). `code` is Twilio's code for `error` (an immediate refusal) and
    `undelivered` (accepted, then reported as failed). `seconds` is how long a `timeout` hangs or a `slow` answer takes.
    `share` lets only that part of the sends meet it, by chance; `to` only those to one address, `channel` only those of one
    channel, `containing` only texts with these words. `reports` are the statuses told instead of the true ones: `delivered`,
    `undelivered:30008`, `delivered@5` (seconds from the start), any unknown word, `forged:sent` (with a wrong signature),
    `foreign:sent` (of a message that is not ours); none at all means silence. Any kind that takes the message may have some.
    """

    kind: Kind
    left: int | None = 1
    code: int = 30008
    seconds: float = 30.0
    share: float = 1.0
    to: str | None = None
    channel: str | None = None
    containing: str = ""
    reports: tuple[str, ...] = ()


class Script:
    """Faults in order: each send takes the first one that concerns it."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._draws: Counter[str] = Counter()
        self._met: set[str] = set()
        self.seed = seed
        self.latency = 0.0
        self.jitter = 0.0
        # Whether the list of messages is out of order: a send in doubt cannot be looked up then.
        self.blind = False

    def add(self, fault: Fault) -> None:
        """Put it behind those already waiting."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """No more trouble."""
        with self._lock:
            self._faults.clear()

    def restart(self, seed: int | None = None) -> None:
        """Chance from the beginning, with another seed if one is given; numbers that make trouble once make it again."""
        with self._lock:
            self.seed = self.seed if seed is None else seed
            self._draws.clear()
            self._met.clear()

    def waiting(self) -> list[Fault]:
        """What is still to come."""
        with self._lock:
            return list(self._faults)

    def take(self, to: str, body: str = "") -> Fault | None:
        """The fault that a send of `body` to this address meets now. The number itself may be one."""
        if not self._faults and not _number(to).startswith(MAGIC):
            return None
        with self._lock:
            fault = next((fault for fault in self._faults if self._concerns(fault, to, body)), None)
            if fault is None:
                return self._by_number(_number(to))
            if fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    self._faults.remove(fault)
        return fault

    def _concerns(self, fault: Fault, to: str, body: str) -> bool:
        return (
            fault.to in {None, to}
            and fault.channel in {None, "whatsapp" if to.startswith("whatsapp:") else "sms"}
            and fault.containing in body
            and (fault.share >= 1.0 or self._chance("fault", to).random() < fault.share)
        )

    def _by_number(self, number: str) -> Fault | None:
        fault = magic(number)
        if fault is None or fault.left is None:
            return fault
        if number in self._met:
            return None
        self._met.add(number)
        return fault

    def _chance(self, purpose: str, to: str) -> random.Random:
        key = f"{purpose}/{to}"
        self._draws[key] += 1
        return random.Random(f"{self.seed}/{key}/{self._draws[key]}")

    def delay(self, to: str) -> float:
        """Seconds that this answer takes."""
        if not self.jitter:
            return self.latency
        with self._lock:
            return self.latency + self._chance("delay", to).random() * self.jitter

    def shuffled(self, to: str, order: list[int]) -> list[int]:
        """The same in another order, by chance."""
        with self._lock:
            return self._chance("order", to).sample(order, len(order))


def _number(to: str) -> str:
    return to.removeprefix("whatsapp:")


def magic(number: str) -> Fault | None:
    """What a number of nobody stands for.

    `+15001216100`: every send is refused with 21610. `+15002300030`: accepted, then undelivered with 30003.
    `+15003004290`: the first send meets a 429, the next ones go through; the codes of such behaviours are 00429, 00500,
    00503, 00408 (hangs), 00499 (hung up), 00200 (slow), and 01500, 01499, 01408, 01200 (an answer that cannot be read)
    for messages that were accepted all the same.
    """
    if not number.startswith(MAGIC) or len(number) != len(MAGIC) + 7 or not number[1:].isdigit():
        return None
    kind, code = number[5], int(number[6:11])
    if kind == _REFUSED:
        return Fault("error", None, code)
    if kind == _UNDELIVERED:
        return Fault("undelivered", None, code)
    if kind == _ONCE and code in _BEHAVIOURS:
        return Fault(_BEHAVIOURS[code], 1, seconds=20.0 if code in {408, 1408} else 2.0)
    return None
