"""Twilio's list of what it received for us: what is in it and not in the inbox never reached us.

API: twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources. The list knows less than a webhook: neither the id
of a tapped button nor a location nor the profile; the title of a button stands in the body.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import requests
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from bot.channels.twilio_inbound import kind_of_media
from bot.domain.addresses import Address, ChannelType
from bot.domain.errors import SendError
from bot.domain.messages import InboundMessage, Media

_WHATSAPP = "whatsapp:"
_PAGE = 200
_MEDIA = "https://api.twilio.com"


class TwilioLog:
    """The inbound messages of an account, by the senders that are ours; an empty sender is any of that channel (a service picks it)."""

    name = "twilio"

    def __init__(self, client: Client, senders: Mapping[ChannelType, str]) -> None:
        self._client = client
        self._senders = senders

    def received(self, since: datetime, until: datetime) -> Iterator[InboundMessage]:
        """Oldest first. Raises `SendError`: half a list would look like a whole one."""
        found = [message for channel, sender in self._senders.items() for message in self._of(channel, sender, since, until)]
        return iter(sorted(found, key=lambda message: message.sent_at or since))

    def _of(self, channel: ChannelType, sender: str, since: datetime, until: datetime) -> list[InboundMessage]:
        to: Any = {"to": _WHATSAPP * (channel == "whatsapp") + sender} if sender else {}
        try:
            listed = self._client.messages.stream(
                date_sent_after=since.astimezone(UTC), date_sent_before=until.astimezone(UTC), page_size=_PAGE, **to
            )
            return [self._read(channel, found) for found in listed if _is_for(channel, found) and since <= _moment(found) <= until]
        except (TwilioException, requests.RequestException) as error:
            raise SendError("list_failed", retryable=True) from error

    def _read(self, channel: ChannelType, found: Any) -> InboundMessage:
        text, media = str(found.body or ""), self._media(found)
        payload = {"MessageSid": [str(found.sid)], "From": [str(found.from_)], "To": [str(found.to)], "Body": [text]}
        return InboundMessage(
            channel=channel,
            provider_id=str(found.sid),
            sender=Address(channel, str(found.from_).removeprefix(_WHATSAPP)),
            recipient=str(found.to).removeprefix(_WHATSAPP),
            kind=kind_of_media(media[0].content_type, "") if media else "text" if text.strip() else "empty",
            text=text,
            media=media,
            sent_at=_moment(found),
            payload=payload | {"Reconciled": ["true"]},
        )

    def _media(self, found: Any) -> tuple[Media, ...]:
        if str(found.num_media or "0") == "0":
            return ()
        listed = self._client.messages(found.sid).media.list(limit=10)
        return tuple(Media(_MEDIA + str(file.uri).removesuffix(".json"), str(file.content_type)) for file in listed)


def _is_for(channel: ChannelType, found: Any) -> bool:
    whatsapp = str(found.to).startswith(_WHATSAPP) or str(found.from_).startswith(_WHATSAPP)
    return found.direction == "inbound" and bool(found.from_) and whatsapp == (channel == "whatsapp")


def _moment(found: Any) -> datetime:
    moment: datetime = found.date_sent or found.date_created
    return moment.astimezone(UTC)
