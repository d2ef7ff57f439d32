"""Twilio's own addresses: Messages and Content, as its SDK calls them.

A client that may only change scheme and host reaches them at `/2010-04-01/...`; one that keeps the host as the first part of
the path at `/api.twilio.com/2010-04-01/...` and `/content.twilio.com/v1/...`.
"""

import hmac
import json
import socket
import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import Blueprint, Response, request

from bot.sandbox import media
from bot.sandbox.account import Account
from bot.sandbox.answers import approval_json, message_json, template_json
from bot.sandbox.errors import Refused
from bot.sandbox.faults import Fault
from bot.sandbox.listing import message_page, page_of
from bot.sandbox.messages import Message
from bot.sandbox.sending import Form, accept, first

View = Callable[..., Response]
JSON = "application/json"


def blueprint(account: Account) -> Blueprint:
    """The routes of one account."""
    routes = Blueprint("api", __name__)
    messages, contents = MessagesApi(account), ContentApi(account)
    for host in ("", "/api.twilio.com"):
        base = f"{host}/2010-04-01/Accounts/<account_sid>/Messages"
        _route(routes, account, base + ".json", {"GET": messages.list, "POST": messages.create})
        _route(routes, account, base + "/<sid>.json", {"GET": messages.fetch, "DELETE": messages.remove})
        _route(routes, account, base + "/<sid>/Media/<name>", {"GET": messages.media, "DELETE": messages.remove_media})
    for host in ("", "/content.twilio.com"):
        base = f"{host}/v1/Content"
        _route(routes, account, base, {"GET": contents.list, "POST": contents.create})
        _route(routes, account, base + "/<sid>", {"GET": contents.fetch, "DELETE": contents.remove})
        _route(routes, account, base + "/<sid>/ApprovalRequests", {"GET": contents.approval})
        _route(routes, account, base + "/<sid>/ApprovalRequests/whatsapp", {"POST": contents.approve})
    return routes


def _route(routes: Blueprint, account: Account, rule: str, views: dict[str, View]) -> None:
    endpoint = rule.replace(".", "_")
    routes.add_url_rule(rule, endpoint, _guarded(account, views), methods=list(views))


def _guarded(account: Account, views: dict[str, View]) -> View:
    """Dispatch on the method behind one check of the account's credentials; refusals become Twilio's JSON."""

    @wraps(next(iter(views.values())))
    def view(**where: str) -> Response:
        try:
            given = request.environ.get("HTTP_AUTHORIZATION", "").encode()
            if not hmac.compare_digest(given, account.authorization):
                raise Refused(20003)
            if where.pop("account_sid", account.settings.account_sid) != account.settings.account_sid:
                raise Refused(20404)
            return views["GET" if request.method == "HEAD" else request.method](**where)
        except Refused as refusal:
            return Response(refusal.to_json(), refusal.status, mimetype=JSON)

    return view


def _answer(document: Any, status: int = 200) -> Response:
    return Response(json.dumps(document), status, mimetype=JSON)


class MessagesApi:
    """`/2010-04-01/Accounts/{sid}/Messages`."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def create(self) -> Response:
        """Send a message, unless the script has trouble ready for it."""
        account = self._account
        delay = account.script.delay()
        if delay:
            time.sleep(delay)
        form = parse_qs(request.get_data(cache=False).decode("utf-8", "replace"), keep_blank_values=True)
        fault = account.script.take(first(form, "To"))
        if fault is None:
            return self._created(accept(account, form))
        return self._troubled(fault, form)

    def _created(self, message: Message) -> Response:
        # As it was taken: with no delay between reports it may already be further by now.
        return _answer(message_json(self._account.settings.account_sid, message, message.started - 1.0), 201)

    def _troubled(self, fault: Fault, form: Form) -> Response:
        if fault.kind == "429":
            raise Refused(20429)
        if fault.kind == "500":
            raise Refused(20500)
        if fault.kind == "error":
            raise Refused(fault.code)
        if fault.kind == "undelivered":
            return self._created(accept(self._account, form, fault.code))
        if fault.kind == "accept_then_drop":
            accept(self._account, form)
        else:
            time.sleep(fault.seconds)
        return _hang_up()

    def list(self) -> Response:
        """Messages of the account, newest first, filtered and paged."""
        account, query = self._account, request.args.to_dict()
        store = account.store
        person = next((query[side] for side in ("To", "From") if query.get(side) in store), None)
        candidates = store.newest_first() if person is None else store.thread(person)[::-1]
        candidates = [message for message in candidates if not message.automatic]
        return _answer(message_page(account.settings.account_sid, candidates, query, account.clock.elapsed()))

    def fetch(self, sid: str) -> Response:
        """One message."""
        message = self._account.store.get(sid)
        if message is None:
            raise Refused(20404)
        return _answer(message_json(self._account.settings.account_sid, message, self._account.clock.elapsed()))

    def remove(self, sid: str) -> Response:
        """Forget one message."""
        if not self._account.store.remove(sid):
            raise Refused(20404)
        return Response(status=204)

    def media(self, sid: str, name: str) -> Response:
        """A file of an inbound message. Like the message itself it needs the account's credentials."""
        file = media.find(name)
        if file is None or not self._account.store.has_file(sid, name):
            raise Refused(20404)
        return Response(file.read(), mimetype=file.content_type)

    def remove_media(self, sid: str, name: str) -> Response:
        """Forget one file. Twilio names what it is asked about with `.json` behind the id."""
        if not self._account.store.remove_file(sid, name.removesuffix(".json")):
            raise Refused(20404)
        return Response(status=204)


def _hang_up() -> Response:
    """Close the connection under the server's feet: the client gets no answer at all."""
    connection = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=502)


class ContentApi:
    """`/v1/Content`."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def create(self) -> Response:
        """Store a template."""
        document = request.get_json(silent=True)
        template = self._account.contents.create(document, self._account.clock.now())
        return _answer(template_json(self._account.settings.account_sid, template), 201)

    def list(self) -> Response:
        """Templates, newest first, paged."""
        query = request.args.to_dict()
        records, page, size, following = page_of(self._account.contents.newest_first(), query)
        url = "https://content.twilio.com/v1/Content"
        meta = {
            "key": "contents",
            "page": page,
            "page_size": size,
            "url": url,
            "first_page_url": f"{url}?PageSize={size}&Page=0",
            "next_page_url": f"{url}?{urlencode(following)}" if following else None,
            "previous_page_url": None,
        }
        shown = [template_json(self._account.settings.account_sid, template) for template in records]
        return _answer({"contents": shown, "meta": meta})

    def fetch(self, sid: str) -> Response:
        """One template."""
        template = self._account.contents.get(sid)
        if template is None:
            raise Refused(20404)
        return _answer(template_json(self._account.settings.account_sid, template))

    def remove(self, sid: str) -> Response:
        """Forget one template."""
        if not self._account.contents.remove(sid):
            raise Refused(20404)
        return Response(status=204)

    def approval(self, sid: str) -> Response:
        """Whether WhatsApp approved it."""
        template = self._account.contents.get(sid)
        if template is None:
            raise Refused(20404)
        return _answer(approval_json(self._account.settings.account_sid, template))

    def approve(self, sid: str) -> Response:
        """Ask for approval; the stand-in grants it at once."""
        template = self._account.contents.approve(sid)
        if template is None:
            raise Refused(20404)
        return _answer(approval_json(self._account.settings.account_sid, template)["whatsapp"], 201)
