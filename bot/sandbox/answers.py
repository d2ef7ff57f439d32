"""Our messages and templates in the JSON that Twilio's SDK reads."""

from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from bot.sandbox.contents import Template
from bot.sandbox.messages import Message


@lru_cache(maxsize=4)
def _rfc2822(second: datetime) -> str:
    return format_datetime(second)


def message_json(account_sid: str, message: Message, elapsed: float) -> dict[str, Any]:
    """A Message resource, https://www.twilio.com/docs/messaging/api/message-resource."""
    word, code = message.state(elapsed)
    uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{message.sid}"
    date = _rfc2822(message.created.replace(microsecond=0))
    return {
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": date,
        "date_sent": date,
        "date_updated": date,
        "direction": message.direction,
        "error_code": code,
        "error_message": None,
        "from": message.sender,
        "messaging_service_sid": message.service_sid,
        "num_media": str(len(message.media)),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": word,
        "subresource_uris": {"media": uri + "/Media.json"},
        "to": message.recipient,
        "uri": uri + ".json",
    }


def template_json(account_sid: str, template: Template) -> dict[str, Any]:
    """A Content resource, https://www.twilio.com/docs/content/content-api-resources."""
    url = f"https://content.twilio.com/v1/Content/{template.sid}"
    date = template.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "account_sid": account_sid,
        "date_created": date,
        "date_updated": date,
        "friendly_name": template.friendly_name,
        "language": template.language,
        "links": {"approval_create": url + "/ApprovalRequests/whatsapp", "approval_fetch": url + "/ApprovalRequests"},
        "sid": template.sid,
        "types": template.types,
        "url": url,
        "variables": template.variables,
    }


def approval_json(account_sid: str, template: Template) -> dict[str, Any]:
    """Where the approval of a template stands."""
    state = "approved" if template.approved else "unsubmitted"
    whatsapp = {"name": template.friendly_name, "status": state, "rejection_reason": "", "type": "whatsapp"}
    return {"account_sid": account_sid, "sid": template.sid, "whatsapp": whatsapp}
