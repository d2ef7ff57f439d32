"""People who write at a steady rate, for as long as it lasts, through the stand-in's phones."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bot.faults.box import Box
from bot.sandbox.remote import Unreachable

# A share of all sends meets each of these, by chance from the seed, until the end.
FAULTS: tuple[dict[str, Any], ...] = (
    {"do": "429", "share": 0.002, "next": None},
    {"do": "500", "share": 0.002, "next": None},
    {"do": "drop", "share": 0.002, "next": None},
    {"do": "slow", "share": 0.01, "seconds": 1.0, "next": None},
    {"do": "accept_then_drop", "share": 0.005, "next": None},
    {"do": "accept_then_500", "share": 0.005, "next": None},
    {"do": "reports", "share": 0.02, "reports": ["delivered@0.1", "sent@0.5", "sent@0.8"], "next": None},
    {"do": "reports", "share": 0.02, "reports": ["teleported", "forged:failed", "foreign:failed", "delivered"], "next": None},
    {"do": "reports", "share": 0.02, "reports": [], "next": None},
)
_REGISTER = ("Bonjour", "1", "inscription", "1", "1", "Touba", "10", "1", "1", "1", "1", "1", "Modou", "menu", "STATUT", "zorg blimp")
_ASK = (
    "Salaam",
    "MENU",
    "1",
    "Touba",
    "RETOUR",
    "STATUT",
    "dama bëgg jàng mecce",
    "Mbacké",
    "MENU",
    "2",
    "DONNEES",
    "1",
    "zorg blimp",
    "AGENT",
    "2",
    "merci",
)
# One talk in so many ends with a referral. All partners of the sandbox share one phone, and one phone is told one thing at a time.
_REGISTERS = 8
_REPEATED, _LOST = 0.02, 0.002


@dataclass(slots=True)
class Traffic:
    """Phones that take turns. `taken` messages reached us, `refused` did not, `lost` were meant not to."""

    box: Box
    seed: int
    people: int
    taken: int = 0
    refused: int = 0
    lost: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, rate: float, seconds: float, ended: threading.Event) -> None:
        """Send `rate` messages a second until `seconds` have passed or `ended` is set."""
        begun = time.monotonic()
        with ThreadPoolExecutor(16) as pool:
            for number, message in enumerate(self._messages()):
                due = begun + number / rate
                if ended.is_set() or due > begun + seconds:
                    break
                time.sleep(max(0.0, due - time.monotonic()))
                pool.submit(self._send, *message)

    def _messages(self) -> Iterator[tuple[dict[str, Any], bool]]:
        """Each phone says its next line in turn, over SMS or WhatsApp; some webhooks are lost, some come more than once."""
        chance = random.Random(self.seed)
        for round_ in itertools.count():
            for person in range(self.people):
                line = round_ + person
                talk = _REGISTER if (line // len(_ASK) + person) % _REGISTERS == 0 else _ASK
                text = talk[line % len(talk)]
                channel = "whatsapp" if person % 2 else "sms"
                number = f"+22175{person:07d}"
                lost, again = chance.random() < _LOST, chance.random() < _REPEATED
                yield {"from": number, "channel": channel, "text": text, "lost": lost}, again

    def _send(self, message: dict[str, Any], again: bool) -> None:  # noqa: FBT001 - one caller, in this file
        try:
            sent = self.box.ask("phones/send", message)
            if again and not message["lost"]:
                self.box.ask("phones/repeat", {"message_sid": sent["sid"], "times": 2})
        except Unreachable:
            sent = {"taken": False}
        with self._lock:
            self.lost += message["lost"]
            self.taken += sent["taken"]
            self.refused += not sent["taken"] and not message["lost"]
