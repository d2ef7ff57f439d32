"""Phones that anybody can be: they send signed webhooks and show their thread."""

from collections import OrderedDict
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from bot.domain.recordings import TYPES
from bot.domain.segments import measure
from bot.sandbox import media
from bot.sandbox.account import Account
from bot.sandbox.inbound import Outgoing, Unsendable, attachments, parameters
from bot.sandbox.messages import Message, new_sid
from bot.sandbox.posting import Attempt

# Twilio's own keywords on numbers: the whole message, in any case. https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START = frozenset({"START", "UNSTOP", "YES"})
HELP = frozenset({"HELP", "INFO"})
UNSUBSCRIBED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe."
)
RESUBSCRIBED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. "
    "Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


class Phones:
    """Sends for phones, and remembers how our webhooks answered."""

    def __init__(self, account: Account) -> None:
        self._account = account
        # Tells a reader that keeps a point in a thread that the sandbox was started anew and counts from one again.
        self._epoch = new_sid("EP")
        self._answers: OrderedDict[str, list[Attempt]] = OrderedDict()
        self.advanced = account.settings.advanced_opt_out
        self.stop_words: frozenset[str] = frozenset()

    def send(self, outgoing: Outgoing) -> dict[str, Any]:
        """Post the webhook of one message; waits for the answer, tries again by Twilio's rules. Raises `Unsendable`."""
        account = self._account
        if not account.sender(outgoing.channel).removeprefix("whatsapp:").startswith("+"):
            raise Unsendable("the sender is a name: nobody can answer it")
        body = outgoing.tap["title"] if outgoing.tap else outgoing.text
        cost, keyword = measure(body), self._keyword(outgoing.channel, body)
        if self.advanced and keyword:
            outgoing = replace(outgoing, opt_out=keyword)
        params = parameters(account, outgoing, cost.segments if outgoing.channel == "sms" else 1)
        if outgoing.forged:
            return self._forge(outgoing, params)
        message = account.store.add(
            lambda serial: Message(
                sid=params["MessageSid"],
                serial=serial,
                direction="inbound",
                sender=params["From"],
                recipient=params["To"],
                body=params["Body"],
                cost=cost,
                created=account.clock.now(),
                started=account.clock.elapsed(),
                first="received",
                media=attachments(params),
                location=outgoing.location,
                params=params,
            )
        )
        account.store.heard(message.recipient, message.sender, message.created)
        self._obey(message, keyword)
        if outgoing.lost:
            return {"sid": message.sid, "serial": message.serial, "from": message.sender, "taken": False, "attempts": []}
        return self._deliver(message, outgoing.channel)

    def repeat(self, message: Message) -> dict[str, Any]:
        """Post the same webhook once more, signature and all: what a replay or a nervous network does."""
        return self._deliver(message, "whatsapp" if message.sender.startswith("whatsapp:") else "sms")

    def _forge(self, outgoing: Outgoing, params: dict[str, str]) -> dict[str, Any]:
        attempts = self._account.poster.deliver(self._url(outgoing.channel), params, self._account.settings.webhook_rules, forged=True)
        return {"sid": params["MessageSid"], "serial": 0, "from": params["From"], "taken": attempts[-1].good, "attempts": _tries(attempts)}

    def _url(self, channel: str) -> str:
        return f"{self._account.settings.public_url}/twilio/{channel}"

    def _deliver(self, message: Message, channel: str) -> dict[str, Any]:
        settings = self._account.settings
        attempts = self._account.poster.deliver(self._url(channel), message.params, settings.webhook_rules)
        self._answers[message.sid] = attempts
        if len(self._answers) > settings.kept:
            self._answers.popitem(last=False)
        said = {"sid": message.sid, "serial": message.serial, "from": message.sender}
        return {**said, "taken": attempts[-1].good, "attempts": _tries(attempts)}

    def _keyword(self, channel: str, body: str) -> str:
        """What Twilio itself understands: STOP, START, HELP or "". WhatsApp has no such default, only the advanced one has."""
        if channel == "whatsapp" and not self.advanced:
            return ""
        word = body.strip().upper()
        further = self.stop_words if self.advanced else frozenset()
        found = (("STOP", STOP | further), ("START", START), ("HELP", HELP))
        return next((name for name, words in found if word in words), "")

    def _obey(self, message: Message, keyword: str) -> None:
        """Twilio itself keeps the list of who stopped, and answers in English."""
        store = self._account.store
        if keyword == "STOP":
            store.stop(message.recipient, message.sender)
            self._answer(message, UNSUBSCRIBED)
        elif keyword == "START" and store.is_stopped(message.recipient, message.sender):
            store.resume(message.recipient, message.sender)
            self._answer(message, RESUBSCRIBED)
        elif keyword == "HELP":
            self._answer(message, HELPED)

    def _answer(self, message: Message, text: str) -> None:
        """Twilio's own answer: on the phone, but not among the account's messages, as no service of ours sent it."""
        account = self._account
        account.store.add(
            lambda serial: Message(
                sid=new_sid("SM"),
                serial=serial,
                direction="outbound-reply",
                sender=message.recipient,
                recipient=message.sender,
                body=text,
                cost=measure(text),
                created=account.clock.now(),
                started=account.clock.elapsed(),
                first="delivered",
                automatic=True,
            )
        )

    def thread(self, person: str, since: int) -> dict[str, Any]:
        """A phone's messages after `since`, and earlier ones whose status may have moved since then."""
        elapsed = self._account.clock.elapsed()
        messages = self._account.store.thread(person)
        shown = [message for message in messages if message.serial > since or not message.settled(elapsed)]
        last = messages[-1].serial if messages else 0
        return {
            "epoch": self._epoch,
            "address": person,
            "messages": [self._view(message, elapsed) for message in shown],
            "next": max(since, last),
        }

    def _view(self, message: Message, elapsed: float) -> dict[str, Any]:
        status, code = message.state(elapsed)
        attempts = self._answers.get(message.sid)
        return {
            "sid": message.sid,
            "serial": message.serial,
            "direction": "in" if message.inbound else "out",
            "text": message.body,
            "at": message.created.isoformat(timespec="milliseconds"),
            "encoding": message.cost.encoding,
            "units": message.cost.units,
            "segments": message.segments,
            "status": status,
            "error_code": code,
            "automatic": message.automatic,
            "media": [self._file(message.sid, attachment.url, attachment.content_type) for attachment in message.media],
            "location": list(message.location) if message.location else None,
            "interactive": _interactive(message),
            "taken": attempts[-1].good if attempts else None,
        }

    def _file(self, message_sid: str, url: str, content_type: str) -> dict[str, str]:
        """Files of the phones, and those that our service sends, have an address that a page may show without credentials."""
        ours = self._account.settings.public_url + "/media/"
        if url.startswith(ours):
            return {"content_type": TYPES.get(url.rpartition(".")[2], ""), "shown_at": "/sent/" + quote(url.removeprefix(ours), safe="")}
        file = media.of_message(message_sid, url.rpartition("/")[2])
        # What a file elsewhere is, its ending only claims: nobody fetched it.
        return {"content_type": content_type, "shown_at": f"/media/{file.name}"} if file else {"content_type": "", "shown_at": ""}


def _tries(attempts: list[Attempt]) -> list[dict[str, Any]]:
    return [{"status": attempt.status, "failure": attempt.failure, "seconds": attempt.seconds} for attempt in attempts]


def _interactive(message: Message) -> dict[str, Any] | None:
    if message.interactive is None:
        return None
    items = [{"id": item.id, "title": item.title, "description": item.description} for item in message.interactive.items]
    return {"kind": message.interactive.kind, "button": message.interactive.button, "items": items}
