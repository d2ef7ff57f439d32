"""One conversation with a referral, played by a phone and a caseworker, with one trouble at one step."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from bot.faults.box import Box, Missed
from bot.faults.kinds import Kind
from bot.storage.proof import Proof

CODE = re.compile(r"\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[2-9A-Z]{6}\b")
# What the person writes, with the step that the answer stands for; {place} is where they live.
SCRIPT: tuple[tuple[str, str], ...] = (
    ("greeting", "Bonjour"),
    ("need", "1"),
    ("intake", "inscription"),
    ("consent", "1"),
    ("", "1"),
    ("", "{place}"),
    ("", "10"),
    ("", "1"),
    ("", "1"),
    ("", "1"),
    ("", "1"),
    ("last question", "1"),
    ("referral", "Modou"),
)
# How much of a text has to agree: codes and names of partners come later in it.
_ENOUGH = 16


@dataclass(frozen=True, slots=True)
class Town:
    """Where a person lives: its caseworker's number, and the lock under which referrals there are made."""

    place: str
    caseworker: str
    lock: Lock


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one trouble at one step. `seconds` until the answer was there; `problem` is "" when all is as it must be."""

    kind: str
    step: str
    channel: str
    seconds: float
    problem: str = ""


@dataclass(slots=True)
class Talk:
    """One phone. `expected` are the beginnings of the answers, in order, as an undisturbed conversation had them."""

    box: Box
    proof: Callable[[list[str]], Proof]
    kind: Kind
    step: str
    channel: str
    number: str
    town: Town
    expected: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def address(self) -> str:
        """The phone as the stand-in names it."""
        return "whatsapp:" + self.number if self.channel == "whatsapp" else self.number

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where answers may come: a message that WhatsApp refuses goes by SMS to the same number."""
        return ("whatsapp:" + self.number, self.number)

    def play(self) -> Cell:
        """The whole conversation."""
        try:
            problem = self._play()
        except Missed as missed:
            problem = f"{missed}, after {len(self.heard)} answers"
        return Cell(self.kind.name, self.step, self.channel, self.seconds, problem)

    def _play(self) -> str:
        for number, (step, text) in enumerate(SCRIPT[:-1]):
            self._say(step, text.format(place=self.town.place), self.expected[number] if self.expected else "", number + 1)
            if self.kind.stops and step == self.step:
                return self._stopped()
        # One conversation at a time for each caseworker: a trouble must meet the notice of this one, and what they are answered waits
        # behind an earlier answer that is in doubt.
        with self.town.lock:
            self._arm("notice", self.town.caseworker)
            begun = time.monotonic()
            code = self._refer()
            self._timed("notice", begun, lambda: self.box.wait_for(self._copies("notice"), code, self.town.caseworker))
            if self._waiting(self.town.caseworker, ""):
                return "the trouble was never met"
            self._accept(code)
        return self._checked(code)

    def _say(self, step: str, text: str, expected: str, count: int) -> None:
        self._arm(step, self.address)
        begun = time.monotonic()
        self.sent.append(self._send(step, text, self.number, self.channel))
        if self.kind.stops and step == self.step:
            return
        wanted = self._copies(step) if expected else count
        self._timed(step, begun, lambda: self.heard.append(self.box.wait_for(wanted, expected[:_ENOUGH], *self.addresses)))

    def _refer(self) -> str:
        self._say("referral", SCRIPT[-1][1], self.expected[-1] if self.expected else "", len(SCRIPT))
        found = CODE.search(self.heard[-1])
        if found is None:
            raise Missed("no code of a referral")
        return found[0]

    def _accept(self, code: str) -> None:
        caseworker, notices = self.town.caseworker, self._copies("notice")
        self._arm("answer", caseworker, containing=code)
        self._arm("news", self.address)
        begun = time.monotonic()
        self._send("answer", f"OK {code}", caseworker, "sms")
        self._timed("answer", begun, lambda: self.box.wait_for(notices + self._copies("answer"), code, caseworker))
        told = self._copies("referral") + self._copies("news")
        self._timed("news", begun, lambda: self.box.wait_for(told, code, *self.addresses))

    def _stopped(self) -> str:
        """Nothing reaches the person until they say START; then they are answered again."""
        before = len(self.box.heard(*self.addresses))
        self._until(lambda: self.proof(self.sent).lost >= 1)
        self._send("", "menu", self.number, self.channel)
        self._until(lambda: self.proof(self.sent).unhandled == 0)
        if len(self.box.heard(*self.addresses)) > before:
            return "a text to somebody who stopped"
        begun = time.monotonic()
        self.sent.append(self._send("", "START", self.number, self.channel))
        self._timed(self.step, begun, lambda: self.box.wait_for(before + 1, "", *self.addresses))
        proof = self.proof(self.sent)
        return "" if (proof.intakes, proof.referrals) == (0, 0) else "an intake that nobody finished"

    def _arm(self, step: str, to: str, **more: Any) -> None:
        if step != self.step:
            return
        if self.kind.stops:
            self.box.ask("opt-out", {"person": self.address, "stopped": True})
        elif self.kind.script:
            self.box.ask("faults", {**self.kind.script, "to": to, **more})

    def _send(self, step: str, text: str, number: str, channel: str) -> str:
        how = self.kind.inbound if step == self.step else ""
        message = {"from": number, "channel": channel, "text": text}
        if how == "forged":
            self.box.ask("phones/send", {**message, "text": "STOP", "forged": True})
        sent = self.box.ask("phones/send", {**message, "lost": how == "lost"})
        if how == "repeated":
            self.box.ask("phones/repeat", {"message_sid": sent["sid"], "times": 5, "at_once": True})
        if not sent["taken"] and how != "lost":
            raise Missed("our webhook did not take a message")
        return str(sent["sid"])

    def _copies(self, step: str) -> int:
        return self.kind.copies if step == self.step else 1

    def _timed(self, step: str, begun: float, wait: Callable[[], object]) -> None:
        wait()
        if step == self.step:
            self.seconds = time.monotonic() - begun

    def _until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + self.box.patience
        while not holds():
            if time.monotonic() > end:
                raise Missed(f"not at rest after {self.box.patience:.0f} s")
            time.sleep(0.3)

    def _checked(self, code: str) -> str:
        """What is wrong at the end, or ""."""
        self._until(lambda: self.proof(self.sent).pending == 0)
        if self._waiting(self.address, "") or self._waiting(self.town.caseworker, code):
            return "the trouble was never met"
        texts = self.box.heard(*self.addresses)
        # Each attempt that the provider took before one arrived is a copy more, on whosever phone it was for.
        more, for_staff = self.kind.copies - 1, self.step in ("notice", "answer")
        on_phone, at_work = len(SCRIPT) + 1 + (0 if for_staff else more), 2 + (more if for_staff else 0)
        for_caseworker = [text for text in self.box.heard(self.town.caseworker) if code in text]
        wanted: Mapping[str, tuple[int, int]] = {
            "texts on the phone": (len(texts), on_phone),
            "texts to the caseworker": (len(for_caseworker), at_work),
            **_numbers(self.proof(self.sent)),
        }
        return "; ".join(f"{name}: {is_} instead of {must}" for name, (is_, must) in wanted.items() if is_ != must)

    def _waiting(self, to: str, containing: str) -> bool:
        """Whether a trouble still waits for its message."""
        return any((fault["to"], fault["containing"]) == (to, containing) for fault in self.box.ask("state")["faults"])


def _numbers(proof: Proof) -> dict[str, tuple[int, int]]:
    return {
        "people": (proof.people, 1),
        "messages taken in": (proof.received, len(SCRIPT)),
        "messages unanswered": (proof.unhandled, 0),
        "replies": (proof.replies, len(SCRIPT) + 1),
        "intakes": (proof.intakes, 1),
        "referrals": (proof.referrals, 1),
        "notices": (proof.notices, 1),
        "rows given up": (proof.lost, 0),
    }
