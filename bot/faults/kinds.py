"""The troubles of the matrix: what the stand-in does to one message, and where that makes sense."""

from dataclasses import dataclass, field
from typing import Any

# A conversation with a referral, from the first word to the news that somebody takes it. The trouble concerns our answer at
# that step; at `notice` what the caseworker gets, at `answer` what they hear to their OK, at `news` what the person hears then.
STEPS = ("greeting", "need", "intake", "consent", "last question", "referral", "notice", "answer", "news")
# Steps at which somebody writes: where webhooks can go wrong.
_WRITTEN = frozenset(STEPS) - {"notice", "news"}
_PHONE = frozenset(STEPS) - {"notice", "answer"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the matrix.

    `script` is a line for the stand-in's faults, `inbound` what happens to the person's webhook instead. `copies` are the
    attempts that the provider takes until one arrives. `stops`: the person has to write START before anything goes on.
    """

    name: str
    script: dict[str, Any] = field(default_factory=dict)
    inbound: str = ""
    channel: str = ""
    steps: frozenset[str] = frozenset(STEPS)
    copies: int = 1
    stops: bool = False

    @property
    def slow(self) -> bool:
        """Whether it takes long to come back from, so that it had better begin early."""
        return self.inbound == "lost" or self.script.get("do") in _DOUBTFUL


_DOUBTFUL = frozenset(
    {"500", "503", "drop", "timeout", "accept_then_500", "accept_then_drop", "accept_then_timeout", "accept_then_garbled"}
)


def _reports(name: str, *reports: str) -> Kind:
    return Kind(name, {"do": "reports", "reports": list(reports)})


KINDS: tuple[Kind, ...] = (
    Kind("none"),
    Kind("too many requests (429)", {"do": "429", "next": 3}),
    Kind("server error (500)", {"do": "500"}),
    Kind("not available (503)", {"do": "503"}),
    Kind("sender too fast (63018)", {"do": "error", "code": 63018, "next": 2}, channel="whatsapp", steps=_PHONE),
    Kind("hung up before taking", {"do": "drop"}),
    Kind("hangs before taking", {"do": "timeout", "seconds": 6}),
    Kind("slow, reports first", {"do": "slow", "seconds": 1.5}),
    Kind("took it, then 500", {"do": "accept_then_500"}),
    Kind("took it, hung up", {"do": "accept_then_drop"}),
    Kind("took it, report after 45 s", {"do": "accept_then_drop", "reports": ["delivered@45"]}),
    Kind("took it, hangs", {"do": "accept_then_timeout", "seconds": 6}),
    Kind("took it, answer garbled", {"do": "accept_then_garbled"}),
    _reports("reports late", "sent@2", "delivered@4"),
    _reports("reports repeated", "sent", "sent", "sent", "delivered", "delivered", "delivered"),
    _reports("reports reordered", "delivered@0.1", "sent@0.4", "queued@0.7"),
    _reports("reports contradictory", "delivered@0.1", "undelivered:30008@0.5"),
    _reports("report unknown", "teleported", "delivered"),
    _reports("reports forged, foreign", "forged:failed:30008", "foreign:failed:30008", "delivered"),
    _reports("no report at all"),
    Kind("window closed late (63016)", {"do": "undelivered", "code": 63016}, channel="whatsapp", steps=_PHONE, copies=2),
    Kind("phone off (30003)", {"do": "undelivered", "code": 30003}, copies=2),
    Kind("failed, no reason (30008)", {"do": "undelivered", "code": 30008}, copies=2),
    Kind("person stopped (21610)", channel="sms", steps=_PHONE - {"news", "referral"}, stops=True),
    Kind("webhook five times at once", inbound="repeated", steps=_WRITTEN),
    Kind("webhook lost", inbound="lost", steps=_WRITTEN),
    Kind("webhook forged beside it", inbound="forged", steps=_WRITTEN),
)
