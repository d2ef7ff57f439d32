"""Notices as texts: SMS or WhatsApp, over the same channel that answers people."""

from bot.domain.messages import OutboundMessage, Sent
from bot.domain.ports import Channel


class TextNotifier:
    """Sends notices over a channel."""

    def __init__(self, channel: Channel) -> None:
        self.means: str = channel.type
        self._channel = channel

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Hand the notice to the channel. Raises `SendError`."""
        return self._channel.send(message, reference)
