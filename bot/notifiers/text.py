"""Notices as texts: SMS or WhatsApp, over the same channel that answers people."""

from dataclasses import replace

from bot.domain.messages import OutboundMessage, Sent
from bot.domain.ports import Channel


class TextNotifier:
    """Sends notices over a channel."""

    def __init__(self, channel: Channel) -> None:
        self.means: str = channel.type
        self._channel = channel

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Hand the notice to the channel; one that is too long for a text goes as several, and again as a whole when one of them
        fails: a doubled notice is better than a lost person. Raises `SendError`."""
        parts = self._channel.parts(message) if message.template is None else ()
        if len(parts) <= 1:
            return self._channel.send(message, reference)
        sent = [self._channel.send(replace(message, text=part, choices=(), media_url=None), reference) for part in parts]
        return replace(sent[0], segments=sum(part.segments or 1 for part in sent))
