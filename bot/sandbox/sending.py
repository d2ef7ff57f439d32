"""What happens to one `POST Messages`: Twilio's checks in its order, then a message with a plan of statuses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from bot.domain.segments import measure
from bot.sandbox.account import Account
from bot.sandbox.contents import Rendered, render
from bot.sandbox.errors import MAGIC_FROM, MAGIC_SENDER, MAGIC_TO, Refused
from bot.sandbox.media import too_large, type_of
from bot.sandbox.messages import Attachment, Message, Step, new_sid
from bot.sandbox.posting import Rules
from bot.sandbox.reports import plan, truth

WINDOW = timedelta(hours=24)
LONGEST = 1600
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
# A business-scoped user id: the country, a dot, letters and digits. A parent id has ENT in between.
_HIDDEN = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")

Form = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Late:
    """What a fault does to an accepted message: undelivered with `code`, or `reports` told that differ from the truth."""

    code: int | None = None
    reports: tuple[Step, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Route:
    sender: str
    recipient: str
    service: str | None

    @property
    def whatsapp(self) -> bool:
        return self.recipient.startswith("whatsapp:")


def first(form: Form, name: str) -> str:
    """The first value of a parameter, or ""."""
    values = form.get(name)
    return values[0] if values else ""


def accept(account: Account, form: Form, late: Late | None = None) -> Message:
    """Check the form, keep the message and start its reports. Raises `Refused` with Twilio's code."""
    route = _route(account, form)
    content = _content(account, form, whatsapp=route.whatsapp)
    media = tuple(Attachment(url, type_of(url)) for url in form.get("MediaUrl", ()))
    if len(media) > 10:
        raise Refused(21620)
    _check_body(content.body, bool(media or content.interactive))
    callback = first(form, "StatusCallback")
    _check_callback(callback)
    cost = measure(content.body)
    steps = _steps(account, route, content, 1 if route.whatsapp else cost.segments, form, late or Late())
    message = account.store.add(
        lambda serial: Message(
            sid=new_sid("MM" if media else "SM"),
            serial=serial,
            direction="outbound-api",
            sender=route.sender,
            recipient=route.recipient,
            body=content.body,
            cost=cost,
            created=account.clock.now(),
            started=account.clock.elapsed(),
            first="accepted" if route.service else "queued",
            plan=steps,
            reports=late.reports if late else None,
            media=media,
            location=_location(first(form, "PersistentAction")),
            interactive=content.interactive,
            content_sid=first(form, "ContentSid") or None,
            service_sid=route.service,
            sender_open=bool(route.service) and not first(form, "From"),
        )
    )
    if callback:
        account.callbacks.follow(message, callback)
    return message


def _check_callback(url: str) -> None:
    if not url:
        return
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        Rules.parse(parts.fragment)
    except ValueError:
        good = False
    if not good:
        raise Refused(21609)


def _check_body(body: str, has_more: bool) -> None:  # noqa: FBT001 (one caller, in this file)
    if not body and not has_more:
        raise Refused(21602)
    if len(body) > LONGEST:
        raise Refused(21617)


def _route(account: Account, form: Form) -> _Route:
    recipient, sender, service = first(form, "To"), first(form, "From"), first(form, "MessagingServiceSid")
    if not recipient:
        raise Refused(21604)
    if service and service != account.settings.messaging_service_sid:
        raise Refused(21703)
    if not sender and not service:
        raise Refused(21603)
    whatsapp = recipient.startswith("whatsapp:")
    sender = sender or (account.whatsapp_sender if whatsapp else account.settings.sms_sender)
    if sender.startswith("whatsapp:") != whatsapp:
        raise Refused(21910)
    _check_sender(account, sender, whatsapp=whatsapp)
    _check_recipient(recipient.removeprefix("whatsapp:"), whatsapp=whatsapp)
    if not service and account.store.is_stopped(sender, recipient):
        raise Refused(21610)
    return _Route(sender, recipient, service or None)


def _check_sender(account: Account, sender: str, *, whatsapp: bool) -> None:
    if sender in MAGIC_FROM:
        raise Refused(MAGIC_FROM[sender])
    if whatsapp and sender != account.whatsapp_sender:
        raise Refused(63007)
    if not whatsapp and sender not in {account.settings.sms_sender, MAGIC_SENDER}:
        raise Refused(21606)


def _check_recipient(value: str, *, whatsapp: bool) -> None:
    if value in MAGIC_TO:
        raise Refused(MAGIC_TO[value])
    if not _NUMBER.fullmatch(value) and not (whatsapp and _HIDDEN.fullmatch(value)):
        raise Refused(21211)


def _content(account: Account, form: Form, *, whatsapp: bool) -> Rendered:
    sid = first(form, "ContentSid")
    if not sid:
        return Rendered(first(form, "Body"), None, opens=False)
    template = account.contents.get(sid)
    if template is None:
        raise Refused(21655)
    return render(template, first(form, "ContentVariables"), whatsapp=whatsapp)


def _fails_later(account: Account, route: _Route, content: Rendered) -> int | None:
    """The code that comes only with the report: outside the 24-hour window, bad content, stopped behind a service."""
    if account.store.is_stopped(route.sender, route.recipient):
        return 21610
    if not route.whatsapp:
        return None
    heard = account.store.last_heard(route.sender, route.recipient)
    open_window = heard is not None and account.clock.now() - heard < WINDOW
    if not open_window and not content.opens:
        return content.outside
    return content.error_code


def _steps(account: Account, route: _Route, content: Rendered, parts: int, form: Form, late: Late) -> tuple[Step, ...]:
    """The way of the message, with the sender's queue in front of it. Raises `Refused` 21611 when that is full."""
    manner = account.callbacks.manner
    if late.reports is not None:
        return truth(late.reports, manner)
    heavy = (too_large(url, whatsapp=route.whatsapp) for url in form.get("MediaUrl", ()))
    bad = _fails_later(account, route, content) or next((code for code in heavy if code), None) or late.code
    queued = account.quotas.queue(route.sender, parts, account.clock.elapsed())
    if queued is None:
        if not route.whatsapp and not route.service:
            raise Refused(21611)
        bad = 63018 if route.whatsapp else 30001
    valid = first(form, "ValidityPeriod")
    if queued and valid.isdigit() and queued > int(valid):
        bad = bad or 30036
    return plan(("queued",) if route.service else (), bad, manner, queued=queued or 0.0, read=route.whatsapp and manner.read)


def _location(action: str) -> tuple[str, str, str] | None:
    """`geo:14.79,-15.92|Touba` as latitude, longitude, label."""
    if not action.startswith("geo:"):
        return None
    place, _, label = action[4:].partition("|")
    latitude, _, longitude = place.partition(",")
    return latitude, longitude, label
