"""The control API, `/control/...`: be a phone, ask what was sent, and set what the sandbox does."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request

from bot.sandbox.account import Account
from bot.sandbox.answers import message_json
from bot.sandbox.documents import Wrong, document, number
from bot.sandbox.inbound import Unsendable, parse
from bot.sandbox.knobs import MOST_REPEATS, Knobs
from bot.sandbox.messages import Message
from bot.sandbox.phones import Phones

LONGEST_WAIT = 25.0


def blueprint(account: Account) -> Blueprint:
    """The routes of one account."""
    routes = Blueprint("control", __name__, url_prefix="/control")
    phones = Phones(account)
    control, knobs = Control(account, phones), Knobs(account, phones)
    asked: dict[str, Callable[..., Any]] = {
        "health": lambda: {"sandbox": "ready"},
        "state": knobs.state,
        "messages": control.messages,
        "feed": control.feed,
        "phones/<address>/messages": control.thread,
    }
    done: dict[str, Callable[..., Any]] = {
        "faults": knobs.add_faults,
        "seed": knobs.seed,
        "latency": knobs.latency,
        "list": knobs.list_of_messages,
        "quotas": knobs.quotas,
        "callbacks": knobs.callbacks,
        "approvals": knobs.approvals,
        "opt-out": knobs.opt_out,
        "clock": knobs.clock,
        "clear": knobs.clear,
        "phones/send": control.send,
        "phones/repeat": control.repeat,
    }
    for views, method in ((asked, "GET"), (done, "POST"), ({"faults": knobs.clear_faults}, "DELETE")):
        for rule, view in views.items():
            endpoint = f"{method}-{rule.replace('/', '-')}"
            routes.add_url_rule(f"/{rule}", endpoint, guarded(view), methods=[method])
    return routes


def guarded(view: Callable[..., Any]) -> Callable[..., Response]:
    """A view as JSON, its mistakes as 400.

    Only JSON may change anything: another site's form, which a browser would send unasked, cannot be JSON.
    """

    @wraps(view)
    def guarded(**where: str) -> Response:
        if request.method == "POST" and not request.is_json:
            return _answer({"error": "send JSON"}, 415)
        try:
            return _answer(view(**where))
        except (Wrong, Unsendable) as problem:
            return _answer({"error": str(problem)}, 400)

    return guarded


def _answer(shown: Any, status: int = 200) -> Response:
    return Response(json.dumps(shown, ensure_ascii=False), status, mimetype="application/json")


class Control:
    """What a test, the page and the terminal may ask of the phones and of the account's messages."""

    def __init__(self, account: Account, phones: Phones) -> None:
        self._account = account
        self._phones = phones

    def messages(self) -> dict[str, Any]:
        """Messages of the account, newest first; filters `to`, `from`, `direction` (in, out) and `limit`."""
        query = request.args
        limit = query.get("limit", 1000, type=int)
        chosen = [message for message in self._account.store.newest_first() if _matches(message, query)][:limit]
        sid, elapsed = self._account.settings.account_sid, self._account.clock.elapsed()
        return {"messages": [message_json(sid, message, elapsed) for message in chosen]}

    def feed(self) -> dict[str, Any]:
        """`?since=12&wait=5`: what came to any phone after number 12, for whoever plays many phones at once."""
        since = request.args.get("since", 0, type=int)
        wait = request.args.get("wait", 0.0, type=float)
        fresh = self._account.store.wait_for_any(since, min(max(wait, 0.0), LONGEST_WAIT))
        out = [message for message in fresh if not message.inbound and not message.automatic]
        shown = [{"serial": one.serial, "sid": one.sid, "to": one.recipient, "text": one.body} for one in out]
        return {"messages": shown, "next": fresh[-1].serial if fresh else since}

    def send(self) -> dict[str, Any]:
        """Be a phone: `{"from": "+221770000001", "channel": "sms", "text": "Salaam"}`.

        With `"lost": true` the message is in the account and our webhook never hears of it; with `"forged": true` our webhook
        hears of it from somebody who does not know the token, and the account has no such message.
        """
        return self._phones.send(parse(document()))

    def repeat(self) -> dict[str, Any]:
        """`{"message_sid": "SM...", "times": 10, "at_once": true}`, or `{"address": "+221..."}` for the phone's last message."""
        given = document()
        times = int(number(given, "times", 1, MOST_REPEATS))
        message = self._to_repeat(given)
        threads = min(8, times) if given.get("at_once") else 1
        with ThreadPoolExecutor(max(1, threads)) as pool:
            answers = list(pool.map(lambda _: self._phones.repeat(message), range(times)))
        return {"sid": message.sid, "times": len(answers), "taken": sum(answer["taken"] for answer in answers)}

    def _to_repeat(self, given: dict[str, Any]) -> Message:
        store = self._account.store
        thread = [message for message in store.thread(str(given.get("address", ""))) if message.inbound]
        message = store.get(str(given["message_sid"])) if "message_sid" in given else (thread[-1] if thread else None)
        if message is None or not message.inbound:
            raise Wrong("no such message of a phone")
        return message

    def thread(self, address: str) -> dict[str, Any]:
        """`?since=12` what is new for a phone, and what may have changed; `&wait=5` seconds for something new."""
        since = request.args.get("since", 0, type=int)
        wait = request.args.get("wait", 0.0, type=float)
        if wait > 0:
            self._account.store.wait(address, since, min(wait, LONGEST_WAIT))
        return self._phones.thread(address, since)


def _matches(message: Message, query: Any) -> bool:
    direction = "in" if message.inbound else "out"
    wanted = {"to": message.recipient, "from": message.sender, "direction": direction}
    return not message.automatic and all(query.get(name, value) == value for name, value in wanted.items())
