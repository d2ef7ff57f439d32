"""Twilio, the outbound half: SMS and WhatsApp through the official SDK."""

from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from bot.channels.twilio_codes import UNKNOWN_TEMPLATE, error_for
from bot.channels.twilio_content import Shapes, fits, flat, variables
from bot.channels.twilio_http import HttpClient
from bot.domain.addresses import Address, ChannelType
from bot.domain.errors import SendError
from bot.domain.merging import numbered
from bot.domain.messages import Accepted, OutboundMessage, Sent, Status
from bot.domain.segments import render_for_sms
from bot.domain.signing import Signer

STATUSES = {
    "accepted": Status.QUEUED,
    "scheduled": Status.QUEUED,
    "queued": Status.QUEUED,
    "sending": Status.SENDING,
    "sent": Status.SENT,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
}
# After ten hours an answer helps nobody; the provider may drop it.
_VALIDITY = 36_000


class TwilioChannel:
    """One channel type over one Twilio sender."""

    def __init__(self, channel: ChannelType, sender: str, client: Client, signer: Signer, public_url: str) -> None:
        self.type: ChannelType = channel
        self.sender = sender
        self._client = client
        self._signer = signer
        self._callback = f"{public_url.rstrip('/')}/twilio/status"
        self._shapes = Shapes(client)

    def render(self, message: OutboundMessage) -> str:
        """The text as it is sent, or would be where buttons are not possible: numbered choices below it, letters mapped on SMS
        where that lowers the price."""
        text = numbered(message.text, message.choices)
        return render_for_sms(text, message.language) if self.type == "sms" else text

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Hand the message to Twilio. Raises `SendError`; `ambiguous` when no answer came after it was sent."""
        values = self._values(message, reference)
        try:
            return self._create(values)
        except SendError as error:
            if "content_sid" not in values or error.code not in UNKNOWN_TEMPLATE:
                raise
        self._shapes.forget()
        return self._create(self._values(message, reference))

    def find(self, message: OutboundMessage, since: datetime) -> Accepted | None:
        """The same text to the same person in Twilio's list since shortly before `since`. Raises `SendError`."""
        wanted = {self.render(message), message.text, flat(message.text)}
        after = (since - timedelta(minutes=2)).astimezone(UTC)
        try:
            listed = self._client.messages.list(to=self._address(message.recipient), date_sent_after=after, limit=50)
        except (TwilioException, requests.RequestException) as error:
            raise SendError("list_failed", retryable=True) from error
        for found in listed:
            if found.from_ == self._sender() and found.body in wanted:
                return Accepted(str(found.sid), str(found.body), found.date_created)
        return None

    def _values(self, message: OutboundMessage, reference: str) -> dict[str, Any]:
        values: dict[str, Any] = {
            "to": self._address(message.recipient),
            "from_": self._sender(),
            "status_callback": f"{self._callback}?m={reference}&t={self._signer.sign(reference)}",
            "validity_period": _VALIDITY,
        }
        if self.type == "whatsapp" and fits(message.text, message.choices):
            try:
                sid = self._shapes.sid(message.choices, message.language)
            except (TwilioException, requests.RequestException):
                # No template, no buttons: the numbered text says the same.
                return {**values, "body": self.render(message)}
            return {**values, "content_sid": sid, "content_variables": variables(message.text, message.choices)}
        # Our own count is the bill only while Twilio's smart encoding leaves the text alone.
        smart = {"smart_encoded": False} if self.type == "sms" else {}
        media = {"media_url": [message.media_url]} if message.media_url else {}
        return {**values, "body": self.render(message), **smart, **media}

    def _create(self, values: dict[str, Any]) -> Sent:
        try:
            created = self._client.messages.create(**values)
        except TwilioRestException as error:
            # Twilio answered: a 5xx may still have been taken, everything else was not.
            if error.status >= 500:
                raise SendError(str(error.code or error.status), retryable=True, ambiguous=True) from error
            raise error_for(str(error.code or (20429 if error.status == 429 else error.status))) from error
        except (requests.ConnectTimeout, requests.exceptions.ConnectionError) as error:
            raise SendError("no_connection", retryable=True, ambiguous=not _never_connected(error)) from error
        except (TwilioException, requests.RequestException) as error:
            raise SendError("no_answer", retryable=True, ambiguous=True) from error
        segments = int(created.num_segments) if created.num_segments and str(created.num_segments).isdigit() else None
        return Sent(str(created.sid), STATUSES.get(str(created.status), Status.QUEUED), segments if self.type == "sms" else None)

    def _sender(self) -> str:
        return f"whatsapp:{self.sender}" if self.type == "whatsapp" else self.sender

    def _address(self, address: Address) -> str:
        return f"whatsapp:{address.value}" if address.channel == "whatsapp" else address.value


def make_client(account_sid: str, auth_token: str, *, timeout: float, connections: int, api_url: str | None) -> Client:
    """An SDK client with time-outs."""
    return Client(account_sid, auth_token, http_client=HttpClient(timeout, connections, api_url))


def _never_connected(error: Exception) -> bool:
    """Refused or timed out while connecting: nothing was sent."""
    return isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in repr(error) or "Connection refused" in str(error)
