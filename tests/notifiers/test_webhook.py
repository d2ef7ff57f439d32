"""Notices to a partner's own system, over real HTTP."""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from flask import Flask, Response, request

from bot.domain.addresses import Address
from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage
from bot.domain.sending import Verdict
from bot.notifiers.webhook import WebhookNotifier
from tests.sandbox.sandbox_rig import free_port, serving

TEXT = "Nouvelle demande K7M4PX. Besoin : santé. Répondez OK K7M4PX."


@dataclass
class System:
    """A partner's system."""

    url: str = ""
    status: int = 204
    got: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    def app(self) -> Flask:
        app = Flask("system")
        app.add_url_rule("/notices", "notices", self.take, methods=["POST"])
        return app

    def take(self) -> Response:
        self.got.append((request.get_data(), dict(request.headers)))
        return Response(status=self.status)


@pytest.fixture
def system() -> Iterator[System]:
    made = System()
    with serving(made.app()) as made.url:
        yield made


def send(system: System, url: str = "") -> None:
    notifier = WebhookNotifier("shared-key", timeout=2, clock=lambda: 1_800_000_000)
    notifier.send(OutboundMessage(Address("webhook", url or f"{system.url}/notices"), TEXT), "notice.1")


def test_a_notice_is_signed_over_its_time_and_its_body(system: System) -> None:
    send(system)
    ((body, headers),) = system.got
    assert json.loads(body) == {"id": "notice.1", "code": "K7M4PX", "language": "fr", "text": TEXT}
    signature = hmac.new(b"shared-key", b"1800000000." + body, sha256).hexdigest()
    assert (headers["X-Dellusi-Timestamp"], headers["X-Dellusi-Signature"]) == ("1800000000", f"sha256={signature}")


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(410, Verdict.NEVER), (429, Verdict.PACE), (500, Verdict.SOON), (503, Verdict.SOON), (401, Verdict.OURS), (302, Verdict.OURS)],
)
def test_a_refusal_is_one_of_our_verdicts(system: System, status: int, verdict: Verdict) -> None:
    system.status = status
    with pytest.raises(SendError) as caught:
        send(system)
    assert (caught.value.code, caught.value.verdict) == (f"webhook_{status}", verdict)


def test_a_system_that_is_away_is_tried_again(system: System) -> None:
    with pytest.raises(SendError) as caught:
        send(system, f"http://127.0.0.1:{free_port()}/notices")
    assert caught.value.retryable
