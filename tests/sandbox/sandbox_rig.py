"""Real parts for these tests: the sandbox and a receiver over HTTP on loopback, and the provider's own SDK."""

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from flask import Flask, Response, request
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response as TwilioResponse
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.flowtools.draft import Draft
from bot.sandbox.app import create_app
from bot.sandbox.options import SandboxSettings

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "token-of-the-tests"
SERVICE = "MG" + "ab" * 16
SMS, WHATSAPP = "+221330000000", "+221330000001"
AWA, MODOU = "+221770000001", "+221770000002"


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: Any, **__: Any) -> None:
        """Nothing."""


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[str]:
    """The application on a port of its own; gives its address."""
    server: BaseWSGIServer = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Received:
    """One request that the receiver got."""

    path: str
    form: dict[str, str]
    signed: bool
    token: str
    at: float


@dataclass
class Receiver:
    """Stands for our webhooks: checks every signature, answers what it is told to, keeps what it got."""

    url: str = ""
    got: list[Received] = field(default_factory=list)
    answers: deque[int] = field(default_factory=deque)
    react: Callable[[Received], None] | None = None
    pause: float = 0.0

    def app(self) -> Flask:
        app = Flask("receiver")
        app.add_url_rule("/<path:path>", "any", self.take, methods=["POST"])
        return app

    def take(self, path: str) -> Response:
        query = request.query_string.decode()
        url = f"{self.url}/{path}" + (f"?{query}" if query else "")
        signature = request.headers.get("X-Twilio-Signature", "")
        signed = RequestValidator(TOKEN).validate(url, request.form, signature)
        token = request.headers.get("I-Twilio-Idempotency-Token", "")
        received = Received("/" + path + (f"?{query}" if query else ""), request.form.to_dict(), signed, token, time.monotonic())
        self.got.append(received)
        time.sleep(self.pause)
        status = self.answers.popleft() if self.answers else 200
        if status == 200 and self.react is not None:
            self.react(received)
        return Response("<Response/>", status, mimetype="text/xml")

    def inbound(self) -> list[Received]:
        return [received for received in self.got if not received.path.startswith("/twilio/status")]

    def statuses(self) -> list[str]:
        return [received.form["MessageStatus"] for received in self.got if received.path.startswith("/twilio/status")]


class RewritingClient(TwilioHttpClient):
    """What our adapter does too: changes where the request goes, and keeps the host as the first part of the path."""

    def __init__(self, url: str, *, keep_host: bool = True) -> None:
        super().__init__(timeout=10)
        self._url = url
        self._keep_host = keep_host

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT001, FBT002
    ) -> TwilioResponse:
        parts = urlsplit(url)
        host = f"/{parts.netloc}" if self._keep_host else ""
        rewritten = f"{self._url}{host}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(method, rewritten, params, data, headers, auth, timeout, allow_redirects)


@dataclass
class Rig:
    """A sandbox, a receiver, the SDK and a plain HTTP client for the control API."""

    url: str
    receiver: Receiver
    twilio: Client
    http: httpx.Client

    def control(self, path: str, document: dict[str, Any] | None = None) -> Any:
        answer = self.http.get(f"/control/{path}") if document is None else self.http.post(f"/control/{path}", json=document)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def phone(self, **message: Any) -> Any:
        return self.control("phones/send", {"from": AWA, "channel": "sms", **message})

    def thread(self, address: str = AWA) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.control(f"phones/{address}/messages")["messages"]
        return messages

    def sms(self, body: str, to: str = AWA, **more: Any) -> Any:
        return self.twilio.messages.create(to=to, from_=SMS, body=body, **more)

    def whatsapp(self, body: str | None = None, to: str = AWA, **more: Any) -> Any:
        given = {"body": body, **more} if body is not None else more
        return self.twilio.messages.create(to="whatsapp:" + to, from_="whatsapp:" + WHATSAPP, **given)

    def callback_url(self, query: str = "ref=7&sig=x%2Fy") -> str:
        return f"{self.receiver.url}/twilio/status?{query}"


@contextmanager
def rig(draft: Draft | None = None, **changes: Any) -> Iterator[Rig]:
    """Everything running; `changes` go to the settings of the sandbox."""
    receiver = Receiver()
    with serving(receiver.app()) as receiver.url:
        senders = {"sms_sender": SMS, "whatsapp_sender": WHATSAPP}
        urls = {"public_url": receiver.url, "own_url": "http://sandbox.test"}
        settings = SandboxSettings(ACCOUNT, TOKEN, **{**urls, **senders, "callback_delay": 0.05, **changes})
        app = create_app(settings, draft)
        with serving(app) as url, httpx.Client(base_url=url, timeout=20) as http:
            yield Rig(url, receiver, Client(ACCOUNT, TOKEN, http_client=RewritingClient(url)), http)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait for something that other threads do."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
