"""Fewer, fuller messages: the texts of one turn go out together while that costs no more and stays readable."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.messages import Choice
from bot.domain.recordings import File
from bot.domain.segments import measure, render_for_sms

# WhatsApp delivers about one message in six seconds to one person: one bubble arrives at once, three trickle in.
_WHATSAPP_LONGEST = 1000
# More than two segments are a page nobody reads on a small phone, and where parts arrive unjoined, a puzzle.
_SMS_SEGMENTS = 2


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message to be: text, where it was said, and its choices. With a `file` it is that file, and has no text."""

    text: str
    node: str
    choices: tuple[Choice, ...] = ()
    file: File | None = None


def numbered(text: str, choices: Sequence[Choice]) -> str:
    """The text with its choices as numbered lines."""
    return "\n".join((text, *(f"{number} {choice.label}" for number, choice in enumerate(choices, 1))))


def as_sms(bubble: Bubble, language: str) -> str:
    """What a phone shows of it as SMS."""
    return render_for_sms(numbered(bubble.text, bubble.choices), language)


def merge(said: Sequence[Bubble], channel: str, language: str) -> list[Bubble]:
    """The texts of a turn, joined where that helps. Choices end a message: what comes after them is another. A file is one of its own."""
    merged: list[Bubble] = []
    for bubble in said:
        last = merged[-1] if merged else None
        joined = _join(last, bubble) if last and not (last.choices or last.file or bubble.file) else None
        if joined is not None and _helps(merged[-1], bubble, joined, channel, language):
            merged[-1] = joined
        else:
            merged.append(bubble)
    return merged


def _join(first: Bubble, second: Bubble) -> Bubble:
    return Bubble(f"{first.text}\n{second.text}", second.node, second.choices)


def _helps(first: Bubble, second: Bubble, joined: Bubble, channel: str, language: str) -> bool:
    if channel == "whatsapp":
        return len(joined.text) <= _WHATSAPP_LONGEST
    together, *apart = (measure(as_sms(bubble, language)).segments for bubble in (joined, first, second))
    return together <= min(sum(apart), _SMS_SEGMENTS)
