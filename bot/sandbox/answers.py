"""Our messages, files, services and templates in the JSON that Twilio's SDK reads."""

from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from bot.sandbox.contents import Template
from bot.sandbox.errors import sentence
from bot.sandbox.media import media_sid
from bot.sandbox.messages import Message

CONTENT = "https://content.twilio.com/v1/Content"
SERVICES = "https://messaging.twilio.com/v1/Services"


@lru_cache(maxsize=4)
def _rfc2822(second: datetime) -> str:
    return format_datetime(second)


def _date(message: Message) -> str:
    return _rfc2822(message.created.replace(microsecond=0))


def message_json(account_sid: str, message: Message, elapsed: float) -> dict[str, Any]:
    """A Message resource, https://www.twilio.com/docs/messaging/api/message-resource."""
    word, code = message.state(elapsed)
    uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{message.sid}"
    date = _date(message)
    # A messaging service chooses the sender later, and nothing is counted before.
    chosen = word not in {"accepted", "scheduled"} or not message.sender_open
    return {
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": date,
        "date_sent": date if chosen else None,
        "date_updated": date,
        "direction": message.direction,
        "error_code": code,
        "error_message": sentence(code) if code else None,
        "from": message.sender if chosen else None,
        "messaging_service_sid": message.service_sid,
        "num_media": str(len(message.media)),
        "num_segments": str(message.segments) if chosen else "0",
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": word,
        "subresource_uris": {"media": uri + "/Media.json"},
        "to": message.recipient,
        "uri": uri + ".json",
    }


def media_json(account_sid: str, message: Message, number: int) -> dict[str, Any]:
    """A Media resource, https://www.twilio.com/docs/messaging/api/media-resource."""
    file = message.media[number]
    # Of our own files the link ends in the id already.
    last = file.url.rpartition("/")[2]
    sid = last if message.inbound else media_sid(message.sid, file.url)
    return {
        "account_sid": account_sid,
        "content_type": file.content_type or "application/octet-stream",
        "date_created": _date(message),
        "date_updated": _date(message),
        "parent_sid": message.sid,
        "sid": sid,
        "uri": f"/2010-04-01/Accounts/{account_sid}/Messages/{message.sid}/Media/{sid}.json",
    }


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _template(account_sid: str, template: Template) -> dict[str, Any]:
    return {
        "account_sid": account_sid,
        "date_created": _iso(template.created),
        "date_updated": _iso(template.created),
        "friendly_name": template.friendly_name,
        "language": template.language,
        "sid": template.sid,
        "types": template.types,
        "variables": template.variables,
    }


def template_json(account_sid: str, template: Template) -> dict[str, Any]:
    """A Content resource, https://www.twilio.com/docs/content/content-api-resources."""
    url = f"{CONTENT}/{template.sid}"
    links = {"approval_create": url + "/ApprovalRequests/whatsapp", "approval_fetch": url + "/ApprovalRequests"}
    return {**_template(account_sid, template), "links": links, "url": url}


def opinion_json(template: Template) -> dict[str, Any]:
    """What Meta thinks of a template."""
    return {
        "allow_category_change": True,
        "category": template.category,
        "content_type": next(iter(template.types)),
        "name": template.name or template.friendly_name,
        "rejection_reason": template.reason,
        "status": template.status,
        "type": "whatsapp",
    }


def approval_json(account_sid: str, template: Template) -> dict[str, Any]:
    """Where the approval of a template stands."""
    url = f"{CONTENT}/{template.sid}/ApprovalRequests"
    return {"account_sid": account_sid, "sid": template.sid, "url": url, "whatsapp": opinion_json(template)}


def template_with_approval_json(account_sid: str, template: Template) -> dict[str, Any]:
    """A ContentAndApprovals resource."""
    return {**_template(account_sid, template), "approval_requests": opinion_json(template)}


def service_json(account_sid: str, sid: str, created: datetime) -> dict[str, Any]:
    """A messaging Service, https://www.twilio.com/docs/messaging/api/service-resource. Smart encoding is off, as we ask for it."""
    url = f"{SERVICES}/{sid}"
    parts = ("phone_numbers", "short_codes", "alpha_senders", "channel_senders", "messages", "us_app_to_person")
    names = {part: "".join(word.title() for word in part.split("_")) for part in parts}
    return {
        "account_sid": account_sid,
        "area_code_geomatch": False,
        "date_created": _iso(created),
        "date_updated": _iso(created),
        "fallback_method": "POST",
        "fallback_to_long_code": False,
        "fallback_url": None,
        "friendly_name": "sandbox",
        "inbound_method": "POST",
        "inbound_request_url": None,
        "links": {part: f"{url}/{name}" for part, name in names.items()},
        "mms_converter": True,
        "scan_message_content": "inherit",
        "sid": sid,
        "smart_encoding": False,
        "status_callback": None,
        "sticky_sender": True,
        "synchronous_validation": False,
        "url": url,
        "us_app_to_person_registered": False,
        "use_inbound_webhook_on_number": False,
        "usecase": "undeclared",
        "validity_period": 36_000,
    }
