"""A gateway for these tests: takes what we send, answers in the words of one of the dialects, and calls us back as they do."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, request

from bot.channels.abilities import sms_abilities
from bot.channels.gateway import Account, GatewayChannel, GatewayProvider, Guard
from bot.content.gateways import load_gateway
from bot.settings import PROJECT
from tests.channels.rig import SIGNER
from tests.pipeline.world import settings
from tests.sandbox.sandbox_rig import serving

KEY, USER, PASSWORD, SENDER = "geheim-0123456789", "dellusi", "pass", "+221330000000"
DIALECTS = ("kannel", "jasmin", "africastalking")
TEXT_OF = {"kannel": "text", "jasmin": "content", "africastalking": "message"}
Answer = tuple[int, str]
YES: dict[str, Callable[[int], Answer]] = {
    "kannel": lambda _: (202, "0: Accepted for delivery"),
    "jasmin": lambda number: (200, f'Success "07033084-5cfd-4812-90a4-{number:012d}"'),
    "africastalking": lambda number: (
        201,
        '{"SMSMessageData":{"Message":"Sent to 1/1","Recipients":[{"statusCode":101,"status":"Success",'
        f'"messageId":"ATXid_{number}"}}]}}}}',
    ),
}


@dataclass
class FakeGateway:
    """Keeps every request; answers `answers` first, and yes afterwards."""

    dialect: str
    url: str = ""
    got: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)

    def app(self) -> Flask:
        app = Flask("gateway")
        app.add_url_rule("/send", "send", self.take, methods=["GET", "POST"])
        return app

    def take(self) -> Response:
        self.got.append((request.args if request.method == "GET" else request.form).to_dict())
        self.headers.append(dict(request.headers))
        status, body = self.answers.popleft() if self.answers else YES[self.dialect](len(self.got))
        return Response(body, status)

    def texts(self) -> list[str]:
        """What the phones read."""
        return [_read(sent, TEXT_OF[self.dialect]) for sent in self.got]

    def callback(self, at: int = -1) -> dict[str, str]:
        """The query of the address that we gave for reports; empty for a gateway that has one address for all."""
        url = self.got[at].get("dlr-url", "")
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _read(sent: dict[str, str], name: str) -> str:
    return bytes.fromhex(sent["hex-content"]).decode("utf-16-be") if "hex-content" in sent else sent[name]


@contextmanager
def gateway(dialect: str) -> Iterator[FakeGateway]:
    """One on a port of its own."""
    fake = FakeGateway(dialect)
    with serving(fake.app()) as url:
        fake.url = url + "/send"
        yield fake


def channel(fake: FakeGateway, sender: str = SENDER) -> GatewayChannel:
    """Our outbound half for it."""
    account = Account(fake.url, USER, PASSWORD, sender, KEY, "https://example.org/bot", timeout=2.0)
    abilities = sms_abilities(settings(sms_provider="gateway"), sender, joined=True)
    return GatewayChannel(load_gateway(PROJECT, fake.dialect), account, SIGNER, abilities)


def provider(dialect: str, guard: Guard | None = None) -> GatewayProvider:
    """Our inbound half for it."""
    return GatewayProvider(load_gateway(PROJECT, dialect), KEY, SIGNER, guard=guard)
