"""The control API: be a phone, make trouble, move the clock. JSON in, JSON out, under `/control`."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request

from bot.sandbox.account import Account
from bot.sandbox.answers import message_json
from bot.sandbox.faults import KINDS, Fault
from bot.sandbox.inbound import Unsendable, parse
from bot.sandbox.messages import Message
from bot.sandbox.phones import Phones

LONGEST_WAIT = 25.0
MOST_REPEATS = 100


class Wrong(Exception):
    """The document cannot be used; the text says what is wrong with it."""


def blueprint(account: Account) -> Blueprint:
    """The routes of one account."""
    routes = Blueprint("control", __name__, url_prefix="/control")
    control = Control(account)
    routes.add_url_rule("/health", view_func=guarded(lambda: {"sandbox": "ready"}), endpoint="health")
    routes.add_url_rule("/state", view_func=guarded(control.state))
    routes.add_url_rule("/faults", view_func=guarded(control.add_faults), methods=["POST"])
    routes.add_url_rule("/faults", view_func=guarded(control.clear_faults), methods=["DELETE"])
    routes.add_url_rule("/latency", view_func=guarded(control.latency), methods=["POST"])
    routes.add_url_rule("/callbacks", view_func=guarded(control.callbacks), methods=["POST"])
    routes.add_url_rule("/clock", view_func=guarded(control.clock), methods=["POST"])
    routes.add_url_rule("/clear", view_func=guarded(control.clear), methods=["POST"])
    routes.add_url_rule("/messages", view_func=guarded(control.messages))
    routes.add_url_rule("/phones/send", view_func=guarded(control.send), methods=["POST"])
    routes.add_url_rule("/phones/repeat", view_func=guarded(control.repeat), methods=["POST"])
    routes.add_url_rule("/phones/<address>/messages", view_func=guarded(control.thread))
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


def _answer(document: Any, status: int = 200) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), status, mimetype="application/json")


def posted() -> dict[str, Any]:
    """The JSON object of the request. Raises `Wrong`."""
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        raise Wrong("send a JSON object")
    return document


def _number(document: dict[str, Any], name: str, default: float, most: float) -> float:
    value = document.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > most:
        raise Wrong(f"{name} is a number up to {most:g}")
    return float(value)


class Control:
    """What a test, the page and the terminal may ask of the sandbox."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._phones = Phones(account)

    def state(self) -> dict[str, Any]:
        """Everything that can be set, as it is set now."""
        account = self._account
        return {
            "senders": {"sms": account.settings.sms_sender, "whatsapp": account.settings.whatsapp_sender},
            "partners": [[name, number] for name, number in account.settings.partners if number.startswith("+")],
            "webhooks": account.settings.public_url,
            "latency": {"seconds": account.script.latency, "jitter": account.script.jitter},
            "faults": [asdict(fault) for fault in account.script.waiting()],
            "callbacks": asdict(account.callbacks.manner),
            "clock": {"offset": account.clock.offset, "now": account.clock.now().isoformat(timespec="seconds")},
            "messages": account.store.count(),
            "phones": account.store.people()[-200:],
            "stopped": [list(pair) for pair in account.store.stopped_pairs()],
        }

    def add_faults(self) -> dict[str, Any]:
        """`{"faults": [{"do": "429", "next": 3}, ...]}`, or one of them alone. `next: null` lasts until cleared."""
        document = posted()
        lines = document.get("faults", [document])
        for fault in [_fault(line) for line in lines]:
            self._account.script.add(fault)
        return self.state()

    def clear_faults(self) -> dict[str, Any]:
        """No more trouble."""
        self._account.script.clear()
        return self.state()

    def latency(self) -> dict[str, Any]:
        """`{"seconds": 0.1, "jitter": 0.05}`: how long each send takes."""
        document = posted()
        self._account.script.latency = abs(_number(document, "seconds", 0.0, 60))
        self._account.script.jitter = abs(_number(document, "jitter", 0.0, 60))
        return self.state()

    def callbacks(self) -> dict[str, Any]:
        """`{"delay": 0.15, "repeat": 1, "shuffle": false, "read": false, "silent": false}`: how reports come."""
        document, manner = posted(), self._account.callbacks.manner
        manner.delay = abs(_number(document, "delay", manner.delay, 3600))
        manner.repeat = int(abs(_number(document, "repeat", manner.repeat, MOST_REPEATS)))
        manner.shuffle = bool(document.get("shuffle", manner.shuffle))
        manner.read = bool(document.get("read", manner.read))
        manner.silent = bool(document.get("silent", manner.silent))
        return self.state()

    def clock(self) -> dict[str, Any]:
        """`{"offset": 90000}`: seconds that the sandbox's time is ahead."""
        self._account.clock.offset = _number(posted(), "offset", 0.0, 10 * 365 * 86400)
        return self.state()

    def clear(self) -> dict[str, Any]:
        """Forget messages, opt-outs, trouble, latency and the clock's offset. Templates stay, as clients remember their ids;
        `{"contents": true}` forgets them too."""
        account, contents = self._account, posted().get("contents", False)
        for part in (account.script, account.callbacks, account.store, *((account.contents,) if contents else ())):
            part.clear()
        account.script.latency = account.script.jitter = account.clock.offset = 0.0
        return self.state()

    def messages(self) -> dict[str, Any]:
        """Messages of the account, newest first; filters `to`, `from`, `direction` (in, out) and `limit`."""
        query = request.args
        limit = query.get("limit", 1000, type=int)
        chosen = [message for message in self._account.store.newest_first() if _matches(message, query)][:limit]
        sid, elapsed = self._account.settings.account_sid, self._account.clock.elapsed()
        return {"messages": [message_json(sid, message, elapsed) for message in chosen]}

    def send(self) -> dict[str, Any]:
        """Be a phone: `{"from": "+221770000001", "channel": "sms", "text": "Salaam"}`."""
        return self._phones.send(parse(posted()))

    def repeat(self) -> dict[str, Any]:
        """`{"message_sid": "SM...", "times": 10, "at_once": true}`, or `{"address": "+221..."}` for the phone's last message."""
        document = posted()
        times = int(_number(document, "times", 1, MOST_REPEATS))
        message = self._to_repeat(document)
        threads = min(8, times) if document.get("at_once") else 1
        with ThreadPoolExecutor(max(1, threads)) as pool:
            answers = list(pool.map(lambda _: self._phones.repeat(message), range(times)))
        return {"sid": message.sid, "times": len(answers), "taken": sum(answer["taken"] for answer in answers)}

    def _to_repeat(self, document: dict[str, Any]) -> Message:
        store = self._account.store
        thread = [message for message in store.thread(str(document.get("address", ""))) if message.inbound]
        message = store.get(str(document["message_sid"])) if "message_sid" in document else (thread[-1] if thread else None)
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


def _fault(line: Any) -> Fault:
    if not isinstance(line, dict) or line.get("do") not in KINDS:
        raise Wrong(f"do is one of {', '.join(KINDS)}")
    left = line.get("next", 1)
    return Fault(
        kind=line["do"],
        left=None if left is None else max(1, int(_number(line, "next", 1, 1e9))),
        code=int(_number(line, "code", 30008, 1e6)),
        seconds=abs(_number(line, "seconds", 30.0, 120.0)),
        share=abs(_number(line, "share", 1.0, 1.0)),
        to=line.get("to"),
    )
