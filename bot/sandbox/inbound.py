"""What Twilio posts to us when a person writes: every parameter of the real webhook, by channel and kind.

https://www.twilio.com/docs/messaging/guides/webhook-request and captures of real taps.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import media
from bot.sandbox.account import Account
from bot.sandbox.messages import Attachment, new_sid


class Unsendable(Exception):
    """A phone cannot send this; the text says why."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing that a person sends. `sender` is +E.164, or on WhatsApp an id without a number (`SN.abc123`).

    Exactly one of text (may be empty), attachment, location (latitude, longitude, label) and tap. `reply_to` is the id of the
    message that is answered, or whose button was tapped. `hidden` sends under the id although the phone has a number.
    `forwarded` is how often the text went round ("", "once", "often"); `ad` the words and the address of an advertisement that
    was tapped to write; `opt_out` the word STOP, START or HELP that Twilio understood. A `lost` message never reaches our webhook;
    a `forged` one is not the person's, and has a wrong signature.
    """

    channel: str
    sender: str
    text: str = ""
    attachment: str | None = None
    location: tuple[str, str, str] | None = None
    tap: dict[str, str] | None = None
    reply_to: str | None = None
    name: str = ""
    hidden: bool = False
    forwarded: str = ""
    ad: tuple[str, str] | None = None
    opt_out: str = ""
    lost: bool = False
    forged: bool = False
    extra: dict[str, str] = field(default_factory=dict)


def user_id(number: str) -> str:
    """The business-scoped id that WhatsApp gives a number: always the same for the same phone."""
    if not number.startswith("+"):
        return number
    return "SN." + str(int.from_bytes(hashlib.sha256(number.encode()).digest()[:7], "big")).zfill(17)


def address(outgoing: Outgoing) -> str:
    """The phone as it appears in `From`."""
    if outgoing.channel == "sms":
        return outgoing.sender
    return "whatsapp:" + (user_id(outgoing.sender) if outgoing.hidden else outgoing.sender)


def parameters(account: Account, outgoing: Outgoing, segments: int) -> dict[str, str]:
    """The form of the webhook. Raises `Unsendable`."""
    sid = new_sid("MM" if outgoing.attachment else "SM")
    params = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": account.settings.account_sid,
        "ApiVersion": "2010-04-01",
        "SmsStatus": "received",
        "From": address(outgoing),
        "To": account.sender(outgoing.channel),
        "Body": outgoing.text,
        "NumMedia": "0",
        "NumSegments": str(segments),
    }
    if account.settings.messaging_service_sid:
        params["MessagingServiceSid"] = account.settings.messaging_service_sid
    params |= _whatsapp(outgoing) if outgoing.channel == "whatsapp" else _geography(outgoing)
    params |= _attachment(account, outgoing, sid) | _location(outgoing) | _tap(outgoing) | _context(account, outgoing)
    return params | outgoing.extra


def _geography(outgoing: Outgoing) -> dict[str, str]:
    country = "SN" if outgoing.sender.startswith("+221") else ""
    empty = {side + part: "" for side in ("From", "To") for part in ("City", "State", "Zip")}
    return {**empty, "FromCountry": country, "ToCountry": "SN"}


def _whatsapp(outgoing: Outgoing) -> dict[str, str]:
    params = {
        "ProfileName": outgoing.name or "Awa",
        "ExternalUserId": "whatsapp:" + user_id(outgoing.sender),
        "MessageType": "text",
        "Forwarded": "true" if outgoing.forwarded else "false",
        "FrequentlyForwarded": "true" if outgoing.forwarded == "often" else "false",
        "ReferralNumMedia": "0",
        "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {"context": {"ProfileName": outgoing.name or "Awa"}}}),
    }
    if outgoing.sender.startswith("+") and not outgoing.hidden:
        params["WaId"] = outgoing.sender[1:]
    return params


def _attachment(account: Account, outgoing: Outgoing, sid: str) -> dict[str, str]:
    if outgoing.attachment is None:
        return {}
    file = media.FILES.get(outgoing.attachment)
    if file is None:
        raise Unsendable(f"no such file; there are {', '.join(media.FILES)}")
    messages = f"{account.settings.own_url}/2010-04-01/Accounts/{account.settings.account_sid}/Messages"
    url = f"{messages}/{sid}/Media/{media.media_sid(sid, file.name)}"
    params = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": file.content_type}
    return params | ({"MessageType": file.message_type} if outgoing.channel == "whatsapp" else {})


def _location(outgoing: Outgoing) -> dict[str, str]:
    if outgoing.location is None:
        return {}
    if outgoing.channel != "whatsapp":
        raise Unsendable("an SMS cannot carry a location")
    latitude, longitude, label = outgoing.location
    return {"Latitude": latitude, "Longitude": longitude, "Label": label, "Address": "", "MessageType": "location"}


def _context(account: Account, outgoing: Outgoing) -> dict[str, str]:
    """What a message refers to: an earlier one, an advertisement, a word that Twilio acted upon."""
    params: dict[str, str] = {}
    if outgoing.reply_to and outgoing.channel == "whatsapp":
        params |= {"OriginalRepliedMessageSid": outgoing.reply_to, "OriginalRepliedMessageSender": account.whatsapp_sender}
    if outgoing.ad is not None and outgoing.channel == "whatsapp":
        words, address = outgoing.ad
        clicked = hashlib.sha256(address.encode()).hexdigest()[:24]
        params |= {"ReferralBody": words, "ReferralHeadline": words, "ReferralSourceType": "ad", "ReferralSourceUrl": address}
        params |= {"ReferralSourceId": str(int(clicked[:12], 16)), "ReferralCtwaClid": clicked}
    if outgoing.opt_out:
        params["OptOutType"] = outgoing.opt_out
    return params


def _tap(outgoing: Outgoing) -> dict[str, str]:
    """A tapped button says its id in `ButtonPayload`, a picked row in `ListId`; both put the title in `Body`."""
    if outgoing.tap is None:
        return {}
    if outgoing.channel != "whatsapp":
        raise Unsendable("an SMS has no buttons")
    title, chosen = outgoing.tap["title"], outgoing.tap["id"]
    params: dict[str, str] = {"Body": title, "MessageType": "interactive"}
    if outgoing.tap.get("kind") == "list-picker":
        params |= {"ListId": chosen, "ListTitle": title}
    else:
        params |= {"ButtonText": title, "ButtonPayload": chosen, "ButtonType": "REPLY"}
    return params


def attachments(params: dict[str, str]) -> tuple[Attachment, ...]:
    """The files of a webhook."""
    count = int(params["NumMedia"])
    return tuple(Attachment(params[f"MediaUrl{number}"], params[f"MediaContentType{number}"]) for number in range(count))


def parse(document: dict[str, Any]) -> Outgoing:
    """What the control API was asked to send. Raises `Unsendable` with the reason."""
    channel, sender = document.get("channel", "sms"), document.get("from", "")
    if channel not in {"sms", "whatsapp"}:
        raise Unsendable("channel is sms or whatsapp")
    if not isinstance(sender, str) or not sender or (channel == "sms" and not sender.startswith("+")):
        raise Unsendable("from is +221..., or on WhatsApp also SN.abc123")
    tap, place, extra = document.get("button"), document.get("location"), document.get("extra") or {}
    ad, forwarded = document.get("ad"), document.get("forwarded") or ""
    if forwarded not in {"", "once", "often"}:
        raise Unsendable("forwarded is once or often")
    if ad is not None and not (isinstance(ad, dict) and ad.get("text") and ad.get("url")):
        raise Unsendable("ad needs a text and a url")
    if tap is not None and not (isinstance(tap, dict) and tap.get("id") and tap.get("title")):
        raise Unsendable("button needs an id and a title")
    if not isinstance(extra, dict):
        raise Unsendable("extra is an object of parameters")
    return Outgoing(
        channel=channel,
        sender=sender,
        text=str(document.get("text") or ""),
        attachment=document.get("media"),
        location=_place(place) if place is not None else None,
        tap={key: str(value) for key, value in tap.items()} if tap else None,
        reply_to=document.get("message_sid"),
        name=str(document.get("name") or ""),
        hidden=bool(document.get("hidden")),
        forwarded=forwarded,
        lost=bool(document.get("lost")),
        forged=bool(document.get("forged")),
        ad=(str(ad["text"]), str(ad["url"])) if ad else None,
        extra={str(key): str(value) for key, value in extra.items()},
    )


def _place(place: Any) -> tuple[str, str, str]:
    try:
        return str(float(place["latitude"])), str(float(place["longitude"])), str(place.get("label", ""))
    except (TypeError, KeyError, ValueError, AttributeError):
        raise Unsendable("location needs latitude and longitude in degrees") from None
