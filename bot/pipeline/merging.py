"""Fewer, fuller messages: the texts of one turn go out together while that costs no more and stays readable."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.messages import Choice
from bot.domain.segments import measure

# WhatsApp delivers about one message in six seconds to one person: one bubble arrives at once, three trickle in.
_WHATSAPP_LONGEST = 1000
# More than four segments is a page nobody reads on a small phone.
_SMS_SEGMENTS = 4


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message to be: text, where it was said, and its choices."""

    text: str
    node: str
    choices: tuple[Choice, ...] = ()


def merge(said: Sequence[Bubble], channel: str) -> list[Bubble]:
    """The texts of a turn, joined where that helps. Choices end a message: what comes after them is another."""
    merged: list[Bubble] = []
    for bubble in said:
        if merged and not merged[-1].choices and _joins(merged[-1], bubble, channel):
            merged[-1] = Bubble(_join(merged[-1], bubble), bubble.node, bubble.choices)
        else:
            merged.append(bubble)
    return merged


def _join(first: Bubble, second: Bubble) -> str:
    return f"{first.text}\n{second.text}"


def _joins(first: Bubble, second: Bubble, channel: str) -> bool:
    joined = _join(first, second)
    if channel == "whatsapp":
        return len(joined) <= _WHATSAPP_LONGEST
    apart = measure(first.text).segments + measure(second.text).segments
    return measure(joined).segments <= min(apart, _SMS_SEGMENTS)
