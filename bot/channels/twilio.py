"""Twilio, the outbound half: SMS and WhatsApp through the official SDK."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from bot.channels.rendering import text_with_link
from bot.channels.twilio_codes import UNKNOWN_TEMPLATE, error_for
from bot.channels.twilio_content import Shapes, fits, flat, variables
from bot.channels.twilio_http import HttpClient
from bot.channels.twilio_media import attached
from bot.domain.addresses import Address, ChannelType
from bot.domain.capabilities import NOTHING_SPECIAL, Capabilities
from bot.domain.errors import SendError
from bot.domain.merging import numbered
from bot.domain.messages import Accepted, OutboundMessage, Sent, Status
from bot.domain.segments import render_for_sms
from bot.domain.sending import Verdict
from bot.domain.signing import Signer
from bot.domain.splitting import split
from bot.settings import Settings

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
    """One channel type over one Twilio sender, over a messaging service, or over a sender inside one."""

    def __init__(
        self,
        channel: ChannelType,
        sender: str,
        client: Client,
        signer: Signer,
        public_url: str,
        *,
        service: str | None = None,
        capabilities: Capabilities = NOTHING_SPECIAL,
    ) -> None:
        self.type: ChannelType = channel
        self.sender = sender
        self.capabilities = capabilities
        self._service = service
        self._client = client
        self._signer = signer
        self._callback = f"{public_url.rstrip('/')}/twilio/status"
        self._shapes = Shapes(client)

    def render(self, message: OutboundMessage) -> str:
        """The text as it is sent, or would be where buttons are not possible: numbered choices below it, letters mapped on SMS
        where that lowers the price. A file that cannot go along is a link."""
        if message.template is not None:
            return message.text
        link = bool(message.media_url) and not attached(message, self.type)
        text = numbered(text_with_link(message) if link else message.text, message.choices)
        return render_for_sms(text, message.language) if self.type == "sms" else text

    def parts(self, message: OutboundMessage) -> tuple[str, ...]:
        """One text, or on SMS several where it is too long for one."""
        return split(self.render(message), self.capabilities.longest) if self.type == "sms" else (self.render(message),)

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Hand the message to Twilio. Raises `SendError`; `ambiguous` when no answer came after it was sent."""
        values = self._values(message, reference)
        try:
            return self._create(values)
        except SendError as error:
            unknown = error.code in UNKNOWN_TEMPLATE
            if "content_sid" not in values or message.template is not None or not (unknown or error.verdict is Verdict.FORM):
                raise
        if unknown:
            self._shapes.forget()
        # A template that is gone is made again; one that is refused is not needed: the numbered text says the same.
        return self._create(self._values(message if unknown else replace(message, plain=True), reference))

    def find(self, message: OutboundMessage, since: datetime) -> Accepted | None:
        """The same text to the same person in Twilio's list since shortly before `since`. Raises `SendError`."""
        wanted = {self.render(message), message.text, flat(message.text)}
        after = (since - timedelta(minutes=2)).astimezone(UTC)
        try:
            listed = self._client.messages.list(to=self._address(message.recipient), date_sent_after=after, limit=50)
        except (TwilioException, requests.RequestException) as error:
            raise SendError("list_failed", retryable=True) from error
        for found in listed:
            ours = found.from_ == self._sender() or (self._service is not None and found.messaging_service_sid == self._service)
            if ours and found.body in wanted:
                return Accepted(str(found.sid), str(found.body), found.date_created)
        return None

    def _values(self, message: OutboundMessage, reference: str) -> dict[str, Any]:
        values: dict[str, Any] = {
            "to": self._address(message.recipient),
            **self._from(),
            "status_callback": f"{self._callback}?m={reference}&t={self._signer.sign(reference)}",
            "validity_period": min(_VALIDITY, max(1, message.valid if message.valid is not None else _VALIDITY)),
        }
        if message.template is not None:
            filled = {str(number): value for number, value in enumerate(message.template.values, 1)}
            named = {"content_variables": json.dumps(filled, ensure_ascii=False)} if filled else {}
            return {**values, "content_sid": message.template.content_sid, **named}
        return {**values, **self._buttons(message)}

    def _buttons(self, message: OutboundMessage) -> dict[str, Any]:
        if self.type == "whatsapp" and not message.plain and not message.media_url and fits(message.text, message.choices):
            try:
                sid = self._shapes.sid(message.choices, message.language)
            except (TwilioException, requests.RequestException):
                # No template, no buttons: the numbered text says the same.
                return {"body": self.render(message)}
            return {"content_sid": sid, "content_variables": variables(message.text, message.choices)}
        # Our own count is the bill only while Twilio's smart encoding leaves the text alone.
        smart = {"smart_encoded": False} if self.type == "sms" else {}
        media = {"media_url": [message.media_url]} if attached(message, self.type) else {}
        body = self.render(message)
        return {**({"body": body} if body else {}), **smart, **media}

    def _from(self) -> dict[str, str]:
        """A service picks the sender, unless one of its senders is named."""
        service = {"messaging_service_sid": self._service} if self._service else {}
        return {**service, **({"from_": self._sender()} if self.sender else {})}

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


def client_for(settings: Settings) -> Client:
    """The SDK client of the account in the settings."""
    return make_client(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        timeout=settings.twilio_timeout,
        connections=settings.sends_in_flight,
        api_url=settings.twilio_api_url,
    )


def _never_connected(error: Exception) -> bool:
    """Refused or timed out while connecting: nothing was sent."""
    return isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in repr(error) or "Connection refused" in str(error)
