"""Buttons and lists on WhatsApp: one content template per shape, filled with variables, for use inside the 24-hour window.

Limits from twilio.com/docs/content (2026): three buttons of 20 characters in session without approval; lists of ten entries of
24 characters, in session only; body at most 1,024 characters.
"""

import json
import re
from collections.abc import Sequence
from threading import Lock
from typing import Any

from twilio.rest.content.v1.content import ContentList

from bot.domain.messages import Choice

_BUTTONS, _BUTTON_LENGTH = 3, 20
_ENTRIES, _ENTRY_LENGTH = 10, 24
_BODY = 1024
_LIST_LABEL = {"fr": "Choisir", "wo": "Tànnal"}


def fits(text: str, choices: Sequence[Choice]) -> bool:
    """Whether the choices can be buttons or a list; if not, they are a numbered text like on SMS."""
    return 0 < len(choices) <= _ENTRIES and len(text) <= _BODY and all(len(c.label) <= _ENTRY_LENGTH and c.id for c in choices)


def as_buttons(choices: Sequence[Choice]) -> bool:
    """Whether choices that fit become buttons; else they are a list."""
    return len(choices) <= _BUTTONS and all(len(choice.label) <= _BUTTON_LENGTH for choice in choices)


def list_label(language: str) -> str:
    """What opens a list."""
    return _LIST_LABEL.get(language, _LIST_LABEL["fr"])


class Shapes:
    """The content templates of an account by shape, made on first use and remembered."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._known: dict[str, str] = {}
        self._lock = Lock()

    def sid(self, choices: Sequence[Choice], language: str) -> str:
        """The ContentSid for this many choices. Raises what the SDK raises."""
        name, types = _shape(choices, language)
        with self._lock:
            if not self._known:
                self._known = {content.friendly_name: content.sid for content in self._client.content.v1.contents.list(limit=200)}
            if name not in self._known:
                wanted = {"friendly_name": name, "language": language, "variables": {}, "types": types}
                self._known[name] = self._client.content.v1.contents.create(ContentList.ContentCreateRequest(wanted)).sid
            return self._known[name]

    def forget(self) -> None:
        """Look the templates up again: one that we remember is gone."""
        with self._lock:
            self._known = {}


def variables(text: str, choices: Sequence[Choice]) -> str:
    """The ContentVariables of a message: 1 is the body, then label and id of each choice."""
    values = [flat(text), *(value for choice in choices for value in (choice.label, choice.id))]
    return json.dumps({str(number): value for number, value in enumerate(values, 1)}, ensure_ascii=False)


def flat(text: str) -> str:
    """The text as a variable may hold it: no empty line and no run of blanks (63013)."""
    return re.sub(r"[ \t]{2,}", " ", re.sub(r"\n{2,}", "\n", text))


def _shape(choices: Sequence[Choice], language: str) -> tuple[str, dict[str, Any]]:
    count = len(choices)
    pairs = [(f"{{{{{2 * number}}}}}", f"{{{{{2 * number + 1}}}}}") for number in range(1, count + 1)]
    if as_buttons(choices):
        actions = [{"title": title, "id": payload} for title, payload in pairs]
        return f"dellusi_buttons_{count}", {"twilio/quick-reply": {"body": "{{1}}", "actions": actions}}
    items = [{"item": title, "id": payload} for title, payload in pairs]
    picker = {"body": "{{1}}", "button": list_label(language), "items": items}
    return f"dellusi_list_{count}_{language}", {"twilio/list-picker": picker}
