"""A phone on the draft: the flows as they are on disk now, before anybody publishes them. Nothing is sent and nothing is kept.

What such a phone says goes neither through a webhook nor through the provider: the engine answers here, in this process. A
thread lives in memory and looks like a real one, so that the page shows both alike.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from bot.channels.twilio_content import as_buttons, fits, flat, list_label
from bot.content import Content
from bot.content.messages import said
from bot.domain.addresses import ChannelType
from bot.domain.contacts import Contact
from bot.domain.errors import Fault
from bot.domain.merging import numbered
from bot.domain.segments import measure, render_for_sms
from bot.engine.events import MessageSaid
from bot.flowtools.draft import Draft
from bot.flowtools.playing import Line
from bot.flowtools.talking import Talk
from bot.flowtools.wording import phrase
from bot.sandbox import media
from bot.sandbox.inbound import Outgoing, Unsendable, address
from bot.sandbox.messages import new_sid

# Phones and messages that are remembered; the oldest fall out.
MOST_PHONES, MOST_MESSAGES = 200, 500
_SENT = {"voice": "/voice", "photo": "/photo", "document": "/document", "sticker": "/sticker", "contact": "/document"}


class Broken(Unsendable):
    """The draft has errors: nobody can talk to it."""


@dataclass(slots=True)
class _Phone:
    talk: Talk
    messages: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MOST_MESSAGES))


class DraftPhones:
    """Phones that talk to the draft. Their serial numbers count for all of them together."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._lock = Lock()
        self._epoch = new_sid("EP")
        self._phones: OrderedDict[str, _Phone] = OrderedDict()
        self._serial = 0

    def send(self, outgoing: Outgoing, language: str | None) -> dict[str, Any]:
        """One turn: what the phone sends, and what the draft answers. Raises `Unsendable`; `Broken` when the draft has errors."""
        reading = self._draft.look()
        if reading.content is None:
            raise Broken(phrase("draft_broken", language, count=len(reading.faults)))
        with self._lock:
            phone = self._phone(outgoing, reading.content, language)
            before = self._serial
            self._follow(phone, reading.content, language)
            if not outgoing.text.startswith("/"):
                self._add(phone, "in", _shown(outgoing), **_extras(outgoing))
            for entry in _answers(phone.talk, _lines(phone.talk, outgoing)):
                self._add(phone, **entry)
            return {"sid": "", "serial": before + 1, "from": address(outgoing), "taken": True, "attempts": []}

    def thread(self, person: str, since: int, language: str | None) -> dict[str, Any]:
        """The phone's messages after `since`, and what is wrong with the draft now."""
        faults = self._draft.look().faults
        with self._lock:
            phone = self._phones.get(person)
            messages = [one for one in phone.messages if one["serial"] > since] if phone else []
        last = messages[-1]["serial"] if messages else since
        shown = [_fault(fault, language) for fault in faults]
        return {"epoch": self._epoch, "address": person, "messages": messages, "next": last, "faults": shown}

    def forget(self, person: str | None = None) -> None:
        """Begin anew: this phone, or all of them."""
        with self._lock:
            for one in [person] if person else list(self._phones):
                self._phones.pop(one, None)

    def _phone(self, outgoing: Outgoing, content: Content, language: str | None) -> _Phone:
        person = address(outgoing)
        if person not in self._phones:
            channel: ChannelType = "whatsapp" if outgoing.channel == "whatsapp" else "sms"
            self._phones[person] = _Phone(Talk(content, Contact(channel), self._draft.meaning(content), language, datetime.now(UTC)))
        self._phones.move_to_end(person)
        if len(self._phones) > MOST_PHONES:
            self._phones.popitem(last=False)
        return self._phones[person]

    def _follow(self, phone: _Phone, content: Content, language: str | None) -> None:
        """A file was saved since the last turn: the talk goes on with what it says now."""
        phone.talk.lang = language
        if phone.talk.content is content:
            return
        phone.talk.go_on_with(content, self._draft.meaning(content))
        self._add(phone, "note", phrase("draft_changed", language))

    def _add(self, phone: _Phone, direction: str, text: str, **more: Any) -> None:
        self._serial += 1
        cost = measure(text)
        plain: dict[str, Any] = {
            "sid": f"DR{self._serial}",
            "serial": self._serial,
            "direction": direction,
            "text": text,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "encoding": cost.encoding,
            "units": cost.units,
            "segments": cost.segments if phone.talk.contact.channel == "sms" else 1,
            "status": "delivered",
            "error_code": None,
            "automatic": False,
            "media": [],
            "location": None,
            "interactive": None,
            "taken": True if direction == "in" else None,
        }
        phone.messages.append(plain | more)


def _lines(talk: Talk, outgoing: Outgoing) -> list[Line]:
    """What comes of what the phone sends. A text that begins with / is a command, as in `dellusi flows try`."""
    if outgoing.tap:
        return list(talk.press(outgoing.tap["title"], outgoing.tap["id"]))
    if outgoing.location:
        return list(talk.take("/place"))
    sent = _SENT.get(outgoing.attachment or "")
    return list(talk.take(sent or outgoing.text.strip() or "/empty"))


def _shown(outgoing: Outgoing) -> str:
    return outgoing.tap["title"] if outgoing.tap else outgoing.text


def _extras(outgoing: Outgoing) -> dict[str, Any]:
    file = media.FILES.get(outgoing.attachment or "")
    shown = [{"content_type": file.content_type, "shown_at": f"/media/{file.name}"}] if file else []
    return {"media": shown, "location": list(outgoing.location) if outgoing.location else None}


def _answers(talk: Talk, lines: list[Line]) -> Iterator[dict[str, Any]]:
    """The lines of a turn: texts as the channel would show them, and notes."""
    texts = iter([event for event in talk.said if isinstance(event, MessageSaid)])
    for line in lines:
        if line.who == "bot":
            yield _text(next(texts), talk.chat.contact)
        else:
            yield {"direction": "note", "text": line.text}


def _text(event: MessageSaid, contact: Contact) -> dict[str, Any]:
    language = contact.language or "fr"
    if contact.channel == "sms":
        return {"direction": "out", "text": render_for_sms(numbered(event.text, event.choices), language)}
    if not fits(event.text, event.choices):
        return {"direction": "out", "text": numbered(event.text, event.choices)}
    kind = "quick-reply" if as_buttons(event.choices) else "list-picker"
    items = [{"id": choice.id, "title": choice.label, "description": ""} for choice in event.choices]
    return {"direction": "out", "text": flat(event.text), "interactive": {"kind": kind, "button": list_label(language), "items": items}}


def _fault(fault: Fault, language: str | None) -> dict[str, Any]:
    return {"file": fault.file, "line": fault.line, "key": fault.key, "sentence": said(fault, language)}
