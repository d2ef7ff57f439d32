"""A whole conversation over an HTTP gateway, in both directions, through the public doors: a referral, its notice, the partner's yes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import pytest
from flask import Flask

from bot.domain.ports import Channel
from bot.notifiers.text import TextNotifier
from tests.channels.gateway_rig import DIALECTS, KEY, FakeGateway, channel, gateway, provider
from tests.pipeline.world import AWA, CASEWORKER, World
from webhooks.app import create_app

FORM = "application/x-www-form-urlencoded"
NAMES = {"kannel": "text", "jasmin": "content", "africastalking": "text"}


@dataclass
class Line:
    """The service behind one gateway."""

    world: World
    fake: FakeGateway
    app: Flask

    def receive(self, text: str, sender: str = AWA, sid: str = "", key: str = KEY) -> tuple[int, str]:
        """The gateway calls us with a text."""
        form = {"id": sid or f"in{len(self.fake.got)}-{sender}", "from": sender, "to": "33", NAMES[self.fake.dialect]: text}
        answer = self.app.test_client().post(f"/gateway/{key}/message", data=urlencode(form), content_type=FORM)
        self.world.advance()
        for _ in range(20):
            if not self.world.one("SELECT count(*) FROM outbox WHERE state = 'due' AND due_at <= :now", now=self.world.clock()):
                break
            self.world.dispatch()
            self.world.pass_(seconds=2)
        return answer.status_code, answer.text

    def read(self, phone: str) -> list[str]:
        """What a phone got so far."""
        to = phone.removeprefix("+") if self.fake.dialect == "jasmin" else phone
        return [text for sent, text in zip(self.fake.got, self.fake.texts(), strict=True) if sent["to"] == to]


@pytest.fixture(params=DIALECTS)
def line(request: pytest.FixtureRequest, world: World) -> Iterator[Line]:
    with gateway(request.param) as fake:
        sms = channel(fake)
        channels: dict[str, Channel] = {**world.rt.channels, "sms": sms}
        notifiers = {**world.rt.notifiers, "sms": TextNotifier(sms)}
        world.rt = replace(world.rt, channels=channels, notifiers=notifiers)
        yield Line(world, fake, create_app(world.rt, provider(fake.dialect)))


def test_a_referral_from_the_first_word_to_the_partners_yes(line: Line) -> None:
    status, _ = line.receive("j'ai envie de mourir")
    assert status in {200, 204}
    code = line.world.one("SELECT code FROM referrals")
    assert "SAMU : 1515" in line.read(AWA)[0]
    (notice,) = [text for text in line.read(CASEWORKER) if code in text]
    assert AWA.removeprefix("+") not in notice
    line.receive(f"OK {code}", CASEWORKER)
    assert line.world.one("SELECT state FROM referrals") == "accepted"


def test_a_text_that_is_delivered_twice_is_answered_once(line: Line) -> None:
    line.receive("bonjour", sid="same")
    said = len(line.fake.got)
    line.receive("bonjour", sid="same")
    assert len(line.fake.got) == said


def test_behind_a_guessed_address_there_is_nothing(line: Line) -> None:
    assert line.receive("bonjour", key="guessed")[0] == 404
    assert line.world.one("SELECT count(*) FROM messages") == 0


def test_a_report_settles_the_message_it_is_about(line: Line) -> None:
    line.receive("bonjour")
    provider_id = line.world.one("SELECT provider_id FROM messages WHERE NOT inbound ORDER BY seq LIMIT 1")
    words = {"kannel": {"status": "1"}, "jasmin": {"message_status": "DELIVRD"}, "africastalking": {"status": "Success"}}
    form = {"id": provider_id, **words[line.fake.dialect]}
    path, client = f"/gateway/{KEY}/status", line.app.test_client()
    if line.fake.dialect == "kannel":
        answer = client.get(path, query_string={**line.fake.callback(0), **form})
    else:
        answer = client.post(path, query_string=line.fake.callback(0), data=urlencode(form), content_type=FORM)
    assert answer.status_code in {200, 204}
    assert line.world.one("SELECT max(status) FROM messages WHERE provider_id = :id", id=provider_id) >= 5
    if line.fake.dialect == "jasmin":
        assert answer.text == "ACK/Jasmin"


def test_stop_by_text_is_heard_and_confirmed_once(line: Line) -> None:
    line.receive("bonjour")
    before = len(line.read(AWA))
    line.receive("STOP")
    line.receive("bonjour")
    assert len(line.read(AWA)) == before + 1
