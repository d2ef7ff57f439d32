"""Templates at Twilio: made by name, submitted to Meta, and what Meta decided.

API: twilio.com/docs/content/content-api-resources, twilio.com/docs/content/create-and-send-your-first-content-api-template.
"""

import json
from collections.abc import Mapping
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from bot.domain.errors import SendError
from bot.domain.templates import READ, Approval, Opinion, Template

# Twilio's words for what Meta thinks of a template. One that is new to us counts as not decided: it must not be sent.
_APPROVALS: Mapping[str, Approval] = {
    "unsubmitted": "unsent",
    "received": "pending",
    "pending": "pending",
    "approved": "approved",
    "rejected": "rejected",
    "paused": "paused",
    "disabled": "disabled",
}


class TwilioTemplates:
    """The templates of one account."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def known(self) -> dict[str, str]:
        """Name -> id of every template of the account. Raises `SendError`."""
        return {str(content.friendly_name): str(content.sid) for content in _ask(lambda: self._client.content.v1.contents.list(limit=1000))}

    def create(self, template: Template) -> str:
        """Make it; its id. Raises `SendError`."""
        wanted = {
            "friendly_name": template.name,
            "language": template.code,
            "variables": {str(number): sample for number, sample in enumerate(template.samples, 1)},
            "types": _types(template),
        }
        return str(_ask(lambda: self._client.content.v1.contents.create(ContentList.ContentCreateRequest(wanted))).sid)

    def submit(self, template: Template, sid: str) -> Opinion:
        """Ask Meta for its approval. Raises `SendError`."""
        wanted = ApprovalCreateList.ContentApprovalRequest({"name": template.name, "category": template.category})
        answered = _ask(lambda: self._client.content.v1.contents(sid).approval_create.create(wanted))
        return _opinion({"status": answered.status, "rejection_reason": answered.rejection_reason})

    def opinion(self, sid: str) -> Opinion:
        """What Meta decided. Raises `SendError`; code 20404 when the template is gone."""
        fetched = _ask(lambda: self._client.content.v1.contents(sid).approval_fetch().fetch())
        return _opinion(fetched.whatsapp or {})


def _types(template: Template) -> dict[str, Any]:
    if not template.button:
        return {"twilio/text": {"body": template.body}}
    return {"twilio/quick-reply": {"body": template.body, "actions": [{"title": template.button, "id": READ}]}}


def _opinion(whatsapp: Mapping[str, Any]) -> Opinion:
    reason = whatsapp.get("rejection_reason") or ""
    return Opinion(_APPROVALS.get(str(whatsapp.get("status", "unsubmitted")).lower(), "pending"), str(reason))


def _ask(call: Any) -> Any:
    try:
        return call()
    except TwilioRestException as error:
        raise SendError(str(error.code or error.status), retryable=error.status >= 500 or error.status == 429) from error
    except (TwilioException, requests.RequestException, json.JSONDecodeError) as error:
        raise SendError("no_answer", retryable=True) from error
