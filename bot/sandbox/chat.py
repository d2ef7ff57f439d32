"""One conversation on a remote phone: it goes through a script, and keeps what was said."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.remote import RemotePhone, Shown
from bot.sandbox.scripts import Line, comes_in

# Between two of our messages: the first answer gets this long to come, and each further one QUIET after it.
FIRST_ANSWER = 3.0
QUIET = 0.4

Seen = Callable[[Shown], None]


@dataclass(slots=True)
class Chat:
    """`seen` hears of each message as it comes.

    `answered` counts the messages before our last one: later ones answer it.
    `waiting` is true until somebody has waited for that answer.
    """

    phone: RemotePhone
    seen: Seen
    messages: list[Shown] = field(default_factory=list)
    not_taken: list[int] = field(default_factory=list)
    answered: int = 0
    waiting: bool = False

    def say(self, what: dict[str, Any]) -> bool:
        """Send; whether our service took it."""
        self.answered = len(self.messages)
        tries = self.phone.send(what)
        self.waiting = tries is None
        if tries is not None:
            self.not_taken.append(tries)
        self.listen(0)
        return tries is None

    def tap(self, title: str) -> bool:
        """Tap the newest button with that title or id; False when there is none."""
        for message in reversed(self.messages):
            for chosen, label in message.buttons:
                if chosen == title or comes_in(title, label):
                    button = {"id": chosen, "title": label, "kind": message.kind}
                    self.say({"button": button, "message_sid": message.sid})
                    return True
        return False

    def listen(self, wait: float) -> bool:
        """Take in what is new; whether anything was, ours not counted."""
        fresh = self.phone.news(wait)
        for message in fresh:
            self.messages.append(message)
            self.seen(message)
        return any(not message.mine for message in fresh)

    def answers(self) -> list[Shown]:
        """What has come since we last said something."""
        return [message for message in self.messages[self.answered :] if not message.mine]

    def settle(self) -> None:
        """Wait for the answer to our last message, and until nothing more comes right behind it."""
        if not self.waiting:
            return
        self.waiting = False
        end = time.monotonic() + FIRST_ANSWER
        while not self.answers() and time.monotonic() < end:
            self.listen(max(0.05, end - time.monotonic()))
        while self.listen(QUIET):
            pass

    def wait_for(self, fragment: str, seconds: float) -> bool:
        """Whether the fragment is in one of the answers, at the latest after `seconds`."""
        end = time.monotonic() + seconds
        while not any(comes_in(fragment, message.text) for message in self.answers()):
            left = end - time.monotonic()
            if left <= 0:
                return False
            self.listen(min(left, 20.0))
        return True

    def play(self, script: tuple[Line, ...], patience: float) -> Line | None:
        """Go through the script; the line that was not met, or None. What follows a line that failed makes no sense any more."""
        for line in script:
            if line.verb in {"send", "tap"}:
                self.settle()
            if not self._take(line, patience):
                return line
        self.settle()
        return None

    def _take(self, line: Line, patience: float) -> bool:
        if line.verb == "expect":
            return self.wait_for(line.text, patience)
        if line.verb == "tap":
            return self.tap(line.text)
        if line.verb == "wait":
            end = time.monotonic() + line.seconds
            while time.monotonic() < end:
                self.listen(max(0.0, end - time.monotonic()))
            return True
        return self.say({"text": line.text})
