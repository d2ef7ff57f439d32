"""What Twilio's error codes mean for us: `twilio_codes.csv`, one line a code, with a sentence for admins.

Source: twilio.com/docs/api/errors/<code>, read in 2026. An unknown code is not tried again and is seen by an admin: a retry that
cannot help costs money and trust.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.domain.errors import SendError
from bot.domain.sending import Verdict

_TABLE = Path(__file__).with_name("twilio_codes.csv")
# The content template is gone or never was: look it up again before anything else.
UNKNOWN_TEMPLATE = frozenset({"21655", "21656", "20404"})


@dataclass(frozen=True, slots=True)
class Code:
    """One line of the table. `sentences` by language."""

    verdict: Verdict
    sentences: dict[str, str]


@lru_cache(maxsize=1)
def codes() -> dict[str, Code]:
    """The table by code."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {line["code"]: Code(Verdict(line["verdict"]), {"fr": line["fr"], "en": line["en"]}) for line in csv.DictReader(file)}


def verdict_of(code: str) -> Verdict:
    """What a code means for us."""
    known = codes().get(code)
    return known.verdict if known else Verdict.NEVER


def sentence_of(code: str, language: str) -> str | None:
    """What a code says, for admins; None for one that is not in the table."""
    known = codes().get(code)
    return known.sentences[language] if known else None


def error_for(code: str, *, retry_after: float | None = None) -> SendError:
    """The error that a code stands for."""
    verdict = verdict_of(code)
    return SendError(
        code,
        retryable=verdict in (Verdict.SOON, Verdict.PACE, Verdict.LATER),
        ours=verdict is Verdict.OURS,
        stop=verdict is Verdict.STOP,
        retry_after=retry_after,
        verdict=verdict,
    )
