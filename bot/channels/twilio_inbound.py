"""Twilio, the inbound half: proving that a request is Twilio's, and reading it.

Parameters: twilio.com/docs/messaging/guides/webhook-request.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from twilio.request_validator import RequestValidator

from bot.channels.twilio import STATUSES
from bot.channels.twilio_codes import verdict_of
from bot.domain.addresses import Address, ChannelType
from bot.domain.errors import RequestRefused
from bot.domain.messages import InboundKind, InboundMessage, Location, Media, OptOut, StatusUpdate
from bot.domain.ports import Door, Request
from bot.domain.sending import Verdict
from bot.domain.signing import Signer

_WHATSAPP = "whatsapp:"
_MOST_MEDIA = 10
_LONGEST_ID = 200
_THANKS = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_OPT_OUTS: Mapping[str, OptOut] = {"STOP": "stop", "START": "start", "HELP": "help"}


class TwilioProvider:
    """Verifies and reads Twilio's webhooks for one account."""

    doors = (
        Door("/twilio/sms", "message", answer=_THANKS, mimetype="text/xml"),
        Door("/twilio/whatsapp", "message", answer=_THANKS, mimetype="text/xml"),
        Door("/twilio/status", "status"),
    )

    def __init__(self, account_sid: str, tokens: Sequence[str], signer: Signer) -> None:
        self._account_sid = account_sid
        self._validators = tuple(RequestValidator(token) for token in tokens)
        self._signer = signer

    def verify(self, request: Request) -> None:
        """Raises `RequestRefused` unless one of our tokens signed this address and form for our account.

        The address is the configured one, never what the request says about itself. Two tokens count during a rotation.
        """
        signature = request.headers.get("X-Twilio-Signature", "")
        form = _Form(request.form)
        if not any(validator.validate(request.url, form, signature) for validator in self._validators):
            raise RequestRefused("signature")
        if _first(request, "AccountSid") != self._account_sid:
            raise RequestRefused("account")

    def inbound(self, request: Request) -> InboundMessage:
        """The message. Raises `RequestRefused` with status 400 when the id or the sender is missing."""
        provider_id = _id(_first(request, "MessageSid") or _first(request, "SmsSid"))
        sender = _first(request, "From")
        if not provider_id or not sender:
            raise RequestRefused("missing_parameter", 400)
        channel: ChannelType = "whatsapp" if sender.startswith(_WHATSAPP) or _first(request, "To").startswith(_WHATSAPP) else "sms"
        media = _media(request)
        location = _location(request)
        button = _button(request)
        text = _first(request, "Body")
        return InboundMessage(
            channel=channel,
            provider_id=provider_id,
            sender=_address(channel, sender),
            recipient=_first(request, "To").removeprefix(_WHATSAPP),
            kind=_kind(text, media, location, button, _first(request, "MessageType")),
            text=text,
            button=button,
            media=media,
            location=location,
            also_known_as=_also(channel, sender, _first(request, "ExternalUserId")),
            opt_out=_OPT_OUTS.get(_first(request, "OptOutType").upper()),
            replied_to=_id(_first(request, "OriginalRepliedMessageSid")) or None,
            forwarded="true" in (_first(request, "Forwarded").lower(), _first(request, "FrequentlyForwarded").lower()),
            advert=_first(request, "ReferralCtwaClid") or _first(request, "ReferralSourceId") or None,
            payload={name: list(values) for name, values in request.form.items()},
        )

    def status(self, request: Request) -> StatusUpdate:
        """The report on a message of ours. Raises `RequestRefused` when its id does not carry our own signature."""
        reference = request.query.get("m", "")
        if not self._signer.matches(reference, request.query.get("t", "")):
            raise RequestRefused("reference")
        word, code = _first(request, "MessageStatus").lower(), _first(request, "ErrorCode")
        verdict = verdict_of(code) if code else None
        return StatusUpdate(
            reference=reference,
            provider_id=_id(_first(request, "MessageSid")),
            status=STATUSES.get(word),
            word=word if word.isalpha() and len(word) <= 40 else "odd",
            error_code=(code if code.isalnum() and len(code) <= 40 else "odd") if code else None,
            stop=verdict is Verdict.STOP,
            verdict=verdict,
        )


class _Form(dict[str, Sequence[str]]):
    """A form as the SDK's validator reads it: repeated parameters included."""

    def getlist(self, name: str) -> Sequence[str]:
        return self[name]


def _first(request: Request, name: str) -> str:
    values = request.form.get(name)
    return values[0] if values else ""


def _id(written: str) -> str:
    """An id that a database can hold and a log may show; empty for anything else."""
    return written if written.isprintable() and len(written) <= _LONGEST_ID else ""


def _address(channel: ChannelType, value: str) -> Address:
    return Address(channel, value.removeprefix(_WHATSAPP).strip())


def _also(channel: ChannelType, sender: str, external: str) -> Address | None:
    """The id without a number that came beside the number: it finds the person once the number is hidden."""
    also = _address(channel, external) if external else None
    return also if also and also != _address(channel, sender) else None


def _media(request: Request) -> tuple[Media, ...]:
    written = _first(request, "NumMedia")
    count = min(int(written), _MOST_MEDIA) if written.isdecimal() else 0
    urls = ((_first(request, f"MediaUrl{n}"), _first(request, f"MediaContentType{n}")) for n in range(count))
    return tuple(Media(url, content_type) for url, content_type in urls if url)


def _location(request: Request) -> Location | None:
    try:
        latitude, longitude = float(_first(request, "Latitude")), float(_first(request, "Longitude"))
    except ValueError:
        return None
    return Location(latitude, longitude, _first(request, "Label") or _first(request, "Address"))


def _button(request: Request) -> str | None:
    """The id of a tapped button or list entry, wherever this message type carries it."""
    direct = _first(request, "ButtonPayload") or _first(request, "ListId")
    if direct:
        return direct
    interactive = _json(_first(request, "InteractiveData"))
    for key in ("list_reply", "button_reply"):
        reply = interactive.get(key)
        if isinstance(reply, dict) and reply.get("id"):
            return str(reply["id"])
    return None


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _kind(text: str, media: tuple[Media, ...], location: Location | None, button: str | None, message_type: str) -> InboundKind:
    if button is not None:
        return "button"
    if location is not None:
        return "location"
    if media:
        return kind_of_media(media[0].content_type, message_type)
    if message_type == "contacts":
        return "contact_card"
    return "text" if text.strip() else "empty"


def kind_of_media(content_type: str, message_type: str) -> InboundKind:
    """What a file is, by its content type and WhatsApp's own word where there is one."""
    if message_type == "sticker" or content_type == "image/webp":
        return "sticker"
    family = content_type.partition("/")[0]
    kinds: Mapping[str, InboundKind] = {"audio": "voice", "image": "image", "video": "video"}
    if content_type in ("text/vcard", "text/x-vcard"):
        return "contact_card"
    return kinds.get(family, "document")
