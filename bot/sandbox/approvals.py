"""What Meta thinks of a template: its rules, and a policy that tests and implementers set.

Rules: https://www.twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses and the pages on categories and
rejections. A template whose approval was taken back fails in the report: errors 63040, 63041 and 63042.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.sandbox.errors import Refused

STATUSES = ("unsubmitted", "received", "pending", "approved", "rejected", "paused", "disabled")
REFUSED_STATES = {"rejected": 63040, "paused": 63041, "disabled": 63042}
CATEGORIES = frozenset({"UTILITY", "MARKETING", "AUTHENTICATION"})
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Policy:
    """How submissions are decided from now on: `approved`, `pending` until somebody decides, or `rejected` with a reason."""

    status: str = "approved"
    reason: str = "INVALID_FORMAT"


def asked(document: Any) -> tuple[str, str]:
    """Name and category of a request for approval. Raises `Refused` 20422."""
    if not isinstance(document, dict):
        raise Refused(20422)
    name, category = str(document.get("name", "")), str(document.get("category", ""))
    if not _NAME.fullmatch(name) or category not in CATEGORIES:
        raise Refused(20422)
    return name, category


def broken_rule(types: dict[str, dict[str, Any]]) -> str:
    """Why Meta would reject these words, or ""."""
    if set(types) == {"twilio/list-picker"}:
        return "A list can only be sent within a conversation"
    for part in types.values():
        reason = _broken_body(str(part.get("body", "")).strip())
        if reason:
            return reason
    return ""


def _broken_body(body: str) -> str:
    found = list(_VARIABLE.finditer(body))
    names = list(dict.fromkeys(match[1] for match in found))
    if names != [str(number) for number in range(1, len(names) + 1)]:
        return "Variables are not sequential"
    if found and (found[0].start() == 0 or found[-1].end() == len(body)):
        return "Variables cannot be at the beginning or at the end"
    if any(not body[one.end() : two.start()].strip() for one, two in pairwise(found)):
        return "Two variables follow each other"
    if names and len(_VARIABLE.sub("", body).split()) < 2 * len(names) + 1:
        return "Too many variables for the length of the text"
    return ""
