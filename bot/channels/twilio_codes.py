"""What Twilio's error codes mean for us. Source: twilio.com/docs/api/errors/<code>, read in 2026.

An unknown code is not tried again and raises an alert: a retry that cannot help costs money and trust.
"""

from bot.domain.errors import SendError

# The provider's own trouble or a pace that is too high: it was not processed, trying again helps.
RETRY_SOON = frozenset("20429 20500 20503 63012 63017 63018".split())
# The phone is off, the queue is full: trying again later helps, a few times.
RETRY_LATER = frozenset("21611 30001 30003 30008 30036 30410 63038".split())
# The person wants no messages from us: never again from this sender.
STOP = frozenset("21610 63014 63033".split())
# We are at fault, or the account is: an operator has to act.
OURS = frozenset("20003 20404 21408 21606 21608 21612 21659 21660 21703 30002 30450 63030 63051".split())
# The 24-hour window of WhatsApp is closed: only an approved template may go.
WINDOW = frozenset({"63016"})
# The content template is gone or never was: look it up again.
UNKNOWN_TEMPLATE = frozenset({"21655", "21656", "20404"})


def error_for(code: str, *, retry_after: float | None = None) -> SendError:
    """The error that a code stands for."""
    return SendError(
        code,
        retryable=code in RETRY_SOON or code in RETRY_LATER,
        ours=code in OURS,
        stop=code in STOP,
        retry_after=retry_after,
    )
