"""`/2010-04-01/Accounts/{sid}/Messages`: create, list, fetch, redact, delete, and their files; with the troubles of the script."""

import json
import socket
import time
from typing import Any
from urllib.parse import parse_qs

from flask import Response, request

from bot.sandbox import media
from bot.sandbox.account import Account
from bot.sandbox.answers import media_json, message_json
from bot.sandbox.errors import Refused
from bot.sandbox.faults import Fault
from bot.sandbox.listing import last_seen, message_page
from bot.sandbox.messages import Message
from bot.sandbox.reports import scripted
from bot.sandbox.sending import Form, Late, accept, first

JSON = "application/json"


def answer(document: Any, status: int = 200) -> Response:
    """A document as JSON."""
    return Response(json.dumps(document), status, mimetype=JSON)


class MessagesApi:
    """The messages of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def create(self) -> Response:
        """Send a message, unless the script has trouble ready for it."""
        account = self._account
        form = parse_qs(request.get_data(cache=False).decode("utf-8", "replace"), keep_blank_values=True)
        to = first(form, "To")
        delay = account.script.delay(to)
        if delay:
            time.sleep(delay)
        fault = account.script.take(to, first(form, "Body") or first(form, "ContentVariables"))
        if fault is None:
            return self._created(accept(account, form))
        if fault.kind.startswith("accept_then_") or fault.kind in {"slow", "undelivered", "reports"}:
            return self._taken(fault, form)
        return self._not_taken(fault)

    def _created(self, message: Message) -> Response:
        # As it was taken: with no delay between reports it may already be further by now.
        return answer(message_json(self._account.settings.account_sid, message, message.started - 1.0), 201)

    def _not_taken(self, fault: Fault) -> Response:
        if fault.kind == "timeout":
            time.sleep(fault.seconds)
        elif fault.kind != "drop":
            raise Refused({"429": 20429, "500": 20500, "503": 20503}.get(fault.kind, fault.code))
        return _hang_up()

    def _taken(self, fault: Fault, form: Form) -> Response:
        """The message is kept and goes its way, whatever the client hears about it."""
        late = Late()
        if fault.kind == "undelivered":
            late = Late(code=fault.code)
        elif fault.kind == "reports" or fault.reports:
            late = Late(reports=scripted(fault.reports, self._account.callbacks.manner))
        message = accept(self._account, form, late)
        if fault.kind in {"slow", "accept_then_timeout"}:
            time.sleep(fault.seconds)
        if fault.kind == "accept_then_500":
            raise Refused(20500)
        if fault.kind == "accept_then_garbled":
            return Response("<html><body>201", 201, mimetype="text/html")
        return _hang_up() if fault.kind in {"accept_then_drop", "accept_then_timeout"} else self._created(message)

    def list(self) -> Response:
        """Messages of the account, newest first, filtered and paged."""
        account, query = self._account, request.args.to_dict()
        store = account.store
        if account.script.blind:
            raise Refused(20503)
        person = next((query[side] for side in ("To", "From") if query.get(side) in store), None)
        before = last_seen(query)
        candidates = store.newest_first(before, person)
        return answer(message_page(account.settings.account_sid, candidates, query, account.clock.elapsed()))

    def fetch(self, sid: str) -> Response:
        """One message."""
        return answer(message_json(self._account.settings.account_sid, self._message(sid), self._account.clock.elapsed()))

    def update(self, sid: str) -> Response:
        """Take the words out of a message: `Body=` with nothing in it. Nothing else can be changed about one that was sent."""
        self._message(sid)
        form = parse_qs(request.get_data(cache=False).decode("utf-8", "replace"), keep_blank_values=True)
        if form.get("Body") != [""]:
            raise Refused(20422)
        self._account.store.redact(sid)
        return self.fetch(sid)

    def remove(self, sid: str) -> Response:
        """Forget one message."""
        if not self._account.store.remove(sid):
            raise Refused(20404)
        return Response(status=204)

    def media_list(self, sid: str) -> Response:
        """The files of a message."""
        message, account_sid = self._message(sid), self._account.settings.account_sid
        files = [media_json(account_sid, message, number) for number in range(len(message.media))]
        uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{sid}/Media.json"
        page = {"page": 0, "page_size": 50, "start": 0, "end": max(0, len(files) - 1), "previous_page_uri": None, "next_page_uri": None}
        return answer({"media_list": files, "uri": uri, "first_page_uri": f"{uri}?PageSize=50&Page=0", **page})

    def media_fetch(self, sid: str, name: str) -> Response:
        """What is known about one file."""
        message = self._message(sid)
        known = (media_json(self._account.settings.account_sid, message, number) for number in range(len(message.media)))
        found = next((file for file in known if file["sid"] == name), None)
        if found is None:
            raise Refused(20404)
        return answer(found)

    def media(self, sid: str, name: str) -> Response:
        """A file of an inbound message. Like the message itself it needs the account's credentials."""
        self._message(sid)
        file = media.of_message(sid, name)
        if file is None or not self._account.store.has_file(sid, name):
            raise Refused(20404)
        return Response(file.read(), mimetype=file.content_type)

    def remove_media(self, sid: str, name: str) -> Response:
        """Forget one file. Twilio names what it is asked about with `.json` behind the id."""
        if not self._account.store.remove_file(sid, name.removesuffix(".json")):
            raise Refused(20404)
        return Response(status=204)

    def _message(self, sid: str) -> Message:
        message = self._account.store.get(sid)
        if message is None:
            raise Refused(20404)
        return message


def _hang_up() -> Response:
    """Close the connection under the server's feet: the client gets no answer at all."""
    connection = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=502)
