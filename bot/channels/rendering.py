"""What a message looks like where nothing can be tapped."""

from bot.domain.merging import numbered
from bot.domain.messages import OutboundMessage
from bot.domain.segments import render_for_sms


def text_with_link(message: OutboundMessage) -> str:
    """The text, and the address of the file below it."""
    return "\n".join(part for part in (message.text, message.media_url) if part)


def sms_text(message: OutboundMessage) -> str:
    """The message as a text: choices numbered, a file as its address, letters mapped where that lowers the price."""
    return render_for_sms(numbered(text_with_link(message), message.choices), message.language)
