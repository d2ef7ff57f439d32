"""What a message looks like where nothing can be tapped."""

from collections.abc import Sequence

from bot.domain.messages import Choice, OutboundMessage
from bot.domain.segments import render_for_sms


def numbered(text: str, choices: Sequence[Choice]) -> str:
    """The text with its choices as numbered lines."""
    return "\n".join((text, *(f"{number} {choice.label}" for number, choice in enumerate(choices, 1))))


def text_with_link(message: OutboundMessage) -> str:
    """The text, and the address of the file below it."""
    return "\n".join(part for part in (message.text, message.media_url) if part)


def sms_text(message: OutboundMessage) -> str:
    """The message as a text: choices numbered, a file as its address, letters mapped where that lowers the price."""
    return render_for_sms(numbered(text_with_link(message), message.choices), message.language)
