"""What a refusal means for us, when to try again, and how long a message is worth sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Literal


class Verdict(StrEnum):
    """What a provider's error code means for us."""

    # The provider's own trouble: it was not processed, trying again in seconds helps.
    SOON = "soon"
    # Too fast: the whole sender pauses, and the refusal does not count as a failed attempt.
    PACE = "pace"
    # The phone is off: again in minutes or hours, a few times.
    LATER = "later"
    # The person wants nothing from us.
    STOP = "stop"
    # The window of WhatsApp is closed: only an approved template may go.
    WINDOW = "window"
    # This address cannot be reached this way: another channel may.
    CHANNEL = "channel"
    # We or the account are at fault: an operator has to act, and what waits goes out once they have.
    OURS = "ours"
    # The content template is broken or refused: the same words without it.
    FORM = "form"
    # Nothing helps: this message is not sent.
    NEVER = "never"
    # Not sent, and nobody need know.
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Plan:
    """How often and when a refused message is tried again; waits in seconds, doubled each time up to the longest."""

    attempts: int
    first: float
    longest: float


PLANS: dict[Verdict, Plan] = {
    Verdict.SOON: Plan(12, 5.0, 600.0),
    Verdict.PACE: Plan(1000, 5.0, 60.0),
    # Ten minutes, forty, two hours and a half, six hours: a phone that was off is on again or away for days.
    Verdict.LATER: Plan(5, 600.0, 21_600.0),
    # Until the message is too old: the account is repaired by a person.
    Verdict.OURS: Plan(1000, 60.0, 900.0),
}
_GROWTH: dict[Verdict, float] = {Verdict.LATER: 4.0}


def again_after(
    verdict: Verdict, attempts: int, chance: float, told: float | None = None, later: float = PLANS[Verdict.LATER].first
) -> timedelta | None:
    """The wait before the next attempt, None when there is none.

    `attempts` were made so far, `chance` is a number from 0 to below 1 that spreads those who were refused together over the second
    half of the wait, `told` are the seconds that the provider itself named: it is obeyed. `later`: seconds of
    the first wait for a phone that is off.
    """
    plan = PLANS.get(verdict)
    if plan is None or attempts >= plan.attempts:
        return None
    if told is not None:
        return timedelta(seconds=told)
    # Beyond sixteen doublings every wait is the longest, and a float would overflow in the end.
    first = later if verdict is Verdict.LATER else plan.first
    longest = min(plan.longest, first * _GROWTH.get(verdict, 2.0) ** min(max(attempts, 1) - 1, 16))
    return timedelta(seconds=longest * (0.5 + 0.5 * chance))


# answer: to what a person just wrote. reminder: after a silence. news: of their referral. notice: to a partner. knock: a template
# that asks somebody to open the window. incident: to an admin.
Purpose = Literal["answer", "reminder", "news", "notice", "knock", "incident"]

# After ten hours an answer helps nobody; the provider's own limit is the same. News of a referral are worth a week, a notice has to
# arrive as long as anybody may wait for it.
LIFETIMES: dict[Purpose, timedelta] = {
    "answer": timedelta(hours=10),
    "reminder": timedelta(hours=24),
    "news": timedelta(days=7),
    "notice": timedelta(days=3),
    "knock": timedelta(hours=24),
    "incident": timedelta(hours=24),
}

# Free words may go for so long after a person wrote. Source: twilio.com/docs/whatsapp/key-concepts.
WINDOWS: Mapping[str, timedelta] = {"whatsapp": timedelta(hours=24)}
