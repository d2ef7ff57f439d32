"""One message as the stand-in keeps it, and how far it has come."""

import os
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.segments import Cost

# Seconds that the tries of one webhook may take in all, Twilio's total time-out.
SLOWEST_WEBHOOK = 15.0


def new_sid(prefix: str) -> str:
    """A fresh id in Twilio's form: two letters and 32 hexadecimal digits."""
    return prefix + os.urandom(16).hex()


@dataclass(frozen=True, slots=True)
class Step:
    """A later status: `word` is reached `after` seconds from the start, with Twilio's error code where it is a bad one.

    `forged` is told with a signature of somebody else's, `foreign` about a message that is not ours: both only in reports.
    """

    word: str
    after: float
    error_code: int | None = None
    forged: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tap in a WhatsApp message."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Interactive:
    """Buttons or a list under a WhatsApp message. `button` is what opens the list."""

    kind: str
    items: tuple[Item, ...]
    button: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: where it is fetched and what it is."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message in either direction. Addresses are written as Twilio writes them, `whatsapp:` included.

    `serial` counts messages since the start; `started` is monotonic. The status follows from the plan and the time, so
    nothing has to run for a message to become delivered. `reports` is what is told where it is not the plan; `sender_open` that a service
    chooses the sender.
    """

    sid: str
    serial: int
    direction: str
    sender: str
    recipient: str
    body: str
    cost: Cost
    created: datetime
    started: float
    first: str
    plan: tuple[Step, ...] = ()
    reports: tuple[Step, ...] | None = None
    media: tuple[Attachment, ...] = ()
    location: tuple[str, str, str] | None = None
    interactive: Interactive | None = None
    content_sid: str | None = None
    service_sid: str | None = None
    sender_open: bool = False
    automatic: bool = False
    params: dict[str, str] = field(default_factory=dict)

    @property
    def inbound(self) -> bool:
        """Whether a person sent it to us."""
        return self.direction == "inbound"

    @property
    def person(self) -> str:
        """The address of the phone, whichever way the message went."""
        return self.sender if self.inbound else self.recipient

    @property
    def segments(self) -> int:
        """Billed parts. WhatsApp counts messages, whatever their length."""
        return 1 if self.sender.startswith("whatsapp:") else self.cost.segments

    def state(self, elapsed: float) -> tuple[str, int | None]:
        """The status word and error code at a monotonic time."""
        word, code = self.first, None
        for step in self.plan:
            if elapsed - self.started >= step.after:
                word, code = step.word, step.error_code
        return word, code

    @property
    def told(self) -> tuple[Step, ...]:
        """What the reports say, one after the other."""
        return self.plan if self.reports is None else self.reports

    def settled(self, elapsed: float) -> bool:
        """Whether nothing about it has changed for some seconds, so that a reader who looked since then knows it all.

        An inbound message changes too, when our webhook has taken it or has been given up.
        """
        still = SLOWEST_WEBHOOK if self.inbound else (self.plan[-1].after if self.plan else 0.0)
        return elapsed - self.started > still + 5.0
