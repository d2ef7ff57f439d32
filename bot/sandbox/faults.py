"""Trouble on demand: what the next sends meet instead of success."""

import random
import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["429", "500", "timeout", "accept_then_drop", "error", "undelivered"]
KINDS: tuple[Kind, ...] = ("429", "500", "timeout", "accept_then_drop", "error", "undelivered")


@dataclass(slots=True)
class Fault:
    """One line of the script.

    `left` sends meet it (None: until it is cleared). `code` is Twilio's code for `error` (an immediate refusal) and
    `undelivered` (accepted, then reported as failed). `seconds` is how long a `timeout` hangs. `share` lets only that part
    of the sends meet it, by chance; `to` only those to one address.
    """

    kind: Kind
    left: int | None = 1
    code: int = 30008
    seconds: float = 30.0
    share: float = 1.0
    to: str | None = None


class Script:
    """Faults in order: each send takes the first one that concerns it."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._chance = random.Random(seed)
        self.latency = 0.0
        self.jitter = 0.0

    def add(self, fault: Fault) -> None:
        """Put it behind those already waiting."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """No more trouble."""
        with self._lock:
            self._faults.clear()

    def waiting(self) -> list[Fault]:
        """What is still to come."""
        with self._lock:
            return list(self._faults)

    def take(self, to: str) -> Fault | None:
        """The fault that a send to this address meets now."""
        if not self._faults:
            return None
        with self._lock:
            fault = next((fault for fault in self._faults if self._concerns(fault, to)), None)
            if fault is not None and fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    self._faults.remove(fault)
        return fault

    def _concerns(self, fault: Fault, to: str) -> bool:
        return fault.to in {None, to} and (fault.share >= 1.0 or self._chance.random() < fault.share)

    def delay(self) -> float:
        """Seconds that this answer takes."""
        return self.latency + (self._chance.random() * self.jitter if self.jitter else 0.0)

    def shuffled(self, order: list[int]) -> list[int]:
        """The same in another order, by chance."""
        return self._chance.sample(order, len(order))
