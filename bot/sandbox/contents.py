"""Content templates: what can be tapped in a WhatsApp message, and how a template becomes one message.

https://www.twilio.com/docs/content/content-types-overview, limits of quick replies and list pickers.
"""

import json
import re
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.sandbox.approvals import REFUSED_STATES, Policy, asked, broken_rule
from bot.sandbox.errors import Refused
from bot.sandbox.messages import Interactive, Item, new_sid

KNOWN = ("twilio/quick-reply", "twilio/list-picker", "twilio/text", "twilio/media")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_BROKEN_VALUE = re.compile(r"^\s*$| {5,}|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Template:
    """A stored template. Only an approved one may open a conversation; a list picker never may."""

    sid: str
    friendly_name: str
    language: str
    types: dict[str, dict[str, Any]]
    variables: dict[str, str]
    created: datetime
    status: str = "unsubmitted"
    category: str = ""
    name: str = ""
    reason: str = ""

    @property
    def approved(self) -> bool:
        """Whether Meta lets it open a conversation."""
        return self.status == "approved"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template with its variables filled in. `error_code` is what the channel reports later when it does not like it,
    `outside` what it reports when the person has not written for a day."""

    body: str
    interactive: Interactive | None
    opens: bool
    error_code: int | None = None
    outside: int = 63016


class Contents:
    """Templates by id, in memory; at most `kept`, the oldest fall out."""

    def __init__(self, kept: int = 2000) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._templates: dict[str, Template] = {}
        self._refused_names: set[str] = set()
        self.policy = Policy()

    def create(self, document: Any, now: datetime) -> Template:
        """Store what was posted. Raises `Refused` 20422 when it has no known type or a type lacks its parts."""
        if not isinstance(document, dict) or not isinstance(document.get("types"), dict):
            raise Refused(20422)
        types = {name: value for name, value in document["types"].items() if name in KNOWN and isinstance(value, dict)}
        if not types or not all(_complete(name, value) for name, value in types.items()):
            raise Refused(20422)
        template = Template(
            sid=new_sid("HX"),
            friendly_name=str(document.get("friendly_name", "")),
            language=str(document.get("language", "en")),
            types=types,
            variables={str(key): str(value) for key, value in (document.get("variables") or {}).items()},
            created=now,
        )
        with self._lock:
            self._templates[template.sid] = template
            if len(self._templates) > self._kept:
                del self._templates[next(iter(self._templates))]
        return template

    def get(self, sid: str) -> Template | None:
        """The template with that id."""
        return self._templates.get(sid)

    def submit(self, sid: str, document: Any) -> Template | None:
        """What Meta does within a day, at once: by its rules, and then as the policy says. Raises `Refused` 20422.

        The name of a template that was rejected cannot be used again.
        """
        name, category = asked(document)
        with self._lock:
            template = self._templates.get(sid)
            if template is None:
                return None
            reason = "The name was rejected before" if name in self._refused_names else broken_rule(template.types)
            status = "rejected" if reason else self.policy.status
            reason = reason or (self.policy.reason if status == "rejected" else "")
            self._decided(replace(template, name=name, category=category), status, reason)
            return self._templates[sid]

    def decide(self, sid: str, status: str, reason: str) -> bool:
        """Meta changes its mind, or makes it up. False when there is no template of that id."""
        with self._lock:
            template = self._templates.get(sid)
            if template is not None:
                self._decided(template, status, reason)
        return template is not None

    def _decided(self, template: Template, status: str, reason: str) -> None:
        self._templates[template.sid] = replace(template, status=status, reason=reason)
        if status == "rejected" and template.name:
            self._refused_names.add(template.name)

    def remove(self, sid: str) -> bool:
        """Forget one. False when there is none of that id."""
        with self._lock:
            return self._templates.pop(sid, None) is not None

    def newest_first(self) -> list[Template]:
        """All templates."""
        with self._lock:
            return list(reversed(self._templates.values()))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._templates.clear()
            self._refused_names.clear()
        self.policy = Policy()


def _complete(name: str, value: dict[str, Any]) -> bool:
    if not isinstance(value.get("body", ""), str):
        return False
    if name == "twilio/quick-reply":
        return 1 <= len(value.get("actions") or []) <= 10
    if name == "twilio/list-picker":
        return 1 <= len(value.get("items") or []) <= 10 and bool(value.get("button"))
    return True


def render(template: Template, variables: str, *, whatsapp: bool) -> Rendered:
    """The message that a template makes. Raises `Refused` 21656 unless `variables` is empty or a JSON object."""
    given = _given(variables)
    values = {**template.variables, **given}

    def fill(text: Any) -> str:
        return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), str(text))

    wrong = 63013 if any(_BROKEN_VALUE.search(value) for value in given.values()) else None
    name = next(name for name in KNOWN if name in template.types)
    part = template.types[name]
    body = fill(part.get("body", ""))
    interactive = _interactive(name, part, fill)
    if not whatsapp:
        plain = template.types.get("twilio/text")
        return Rendered(fill(plain["body"]) if plain else _numbered(body, interactive), None, opens=True)
    opens = template.approved and name != "twilio/list-picker"
    wrong = wrong or _limit_broken(body, interactive, approved=template.approved)
    return Rendered(body, interactive, opens, wrong, REFUSED_STATES.get(template.status, 63016))


def _given(variables: str) -> dict[str, str]:
    if not variables:
        return {}
    try:
        given = json.loads(variables)
    except ValueError:
        raise Refused(21656) from None
    if not isinstance(given, dict):
        raise Refused(21656)
    return {str(key): str(value) for key, value in given.items()}


def _interactive(name: str, part: dict[str, Any], fill: Any) -> Interactive | None:
    if name == "twilio/quick-reply":
        actions = [action for action in part["actions"] if isinstance(action, dict)]
        items = tuple(Item(fill(action.get("id") or action.get("title", "")), fill(action.get("title", ""))) for action in actions)
        return Interactive("quick-reply", items)
    if name == "twilio/list-picker":
        rows = [row for row in part["items"] if isinstance(row, dict)]
        items = tuple(Item(fill(row.get("id", "")), fill(row.get("item", "")), fill(row.get("description") or "")) for row in rows)
        return Interactive("list-picker", items, fill(part["button"]))
    return None


def _limit_broken(body: str, interactive: Interactive | None, *, approved: bool) -> int | None:
    """63021 where the channel would refuse the filled-in content: three buttons in session, ten rows, short titles."""
    if interactive is None:
        return None
    if interactive.kind == "quick-reply":
        most, longest = (10 if approved else 3), 20
    else:
        most, longest = 10, 24
    items = interactive.items
    good = len(items) <= most and len(body) <= 1024 and len({item.id for item in items}) == len(items)
    good = good and all(0 < len(item.title) <= longest and len(item.id) <= 200 and len(item.description) <= 72 for item in items)
    return None if good else 63021


def _numbered(body: str, interactive: Interactive | None) -> str:
    if interactive is None:
        return body
    return "\n".join([body, *(f"{number}. {item.title}" for number, item in enumerate(interactive.items, 1))])
