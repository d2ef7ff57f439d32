"""The stand-in's phones, its log, and our own door, all over HTTP: a message whose webhook is late, lost or repeated is one message."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.twilio import make_client
from bot.channels.twilio_log import TwilioLog
from bot.pipeline.reconcile import reconcile
from bot.storage.database import Database
from tests.channels.rig import provider
from tests.conftest import Clock
from tests.pipeline.world import World
from tests.sandbox.sandbox_rig import ACCOUNT, AWA, SMS, TOKEN, Rig, free_port, rig, serving
from webhooks.app import create_app


@pytest.fixture
def met(database: Database, clock: Clock) -> Iterator[tuple[World, Rig]]:
    """The service two minutes from now, and a stand-in that calls it."""
    clock.now = datetime.now(UTC) + timedelta(minutes=2)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    world = World(database, clock, public_url=url)
    with serving(create_app(world.rt, provider()), port), rig(public_url=url) as sandbox:
        client = make_client(ACCOUNT, TOKEN, timeout=5.0, connections=4, api_url=sandbox.url)
        world.rt = replace(world.rt, logs=(TwilioLog(client, {"sms": SMS}),))
        yield world, sandbox
    world.pool.shutdown()


def inbound(world: World) -> int:
    count: int = world.one("SELECT count(*) FROM messages WHERE inbound")
    return count


def test_what_came_by_webhook_is_not_missed(met: tuple[World, Rig]) -> None:
    world, sandbox = met
    assert sandbox.phone(text="bonjour")["taken"]
    assert (reconcile(world.rt).missed, inbound(world)) == (0, 1)


def test_a_lost_webhook_is_made_good_and_answered_once_even_when_it_comes_after_all(met: tuple[World, Rig]) -> None:
    world, sandbox = met
    sid = sandbox.phone(text="bonjour", lost=True)["sid"]
    assert (inbound(world), reconcile(world.rt).missed) == (0, 1)
    world.advance()
    world.dispatch()
    sandbox.control("phones/repeat", {"message_sid": sid, "times": 3})
    world.advance()
    world.dispatch()
    assert inbound(world) == 1
    assert len(world.sms.texts(AWA)) == 1


def test_webhook_and_log_at_the_same_moment_make_one_message(met: tuple[World, Rig]) -> None:
    world, sandbox = met
    sids = [sandbox.phone(text=f"bonjour {number}", lost=True)["sid"] for number in range(5)]
    start = threading.Barrier(7)

    def look() -> None:
        start.wait()
        reconcile(world.rt)

    def post(sid: str) -> None:
        start.wait()
        sandbox.control("phones/repeat", {"message_sid": sid, "times": 4, "at_once": True})

    with ThreadPoolExecutor(7) as pool:
        waited = [pool.submit(look), pool.submit(look), *(pool.submit(post, sid) for sid in sids)]
    assert all(future.exception() is None for future in waited)
    assert inbound(world) == 5
    assert world.one("SELECT count(*) FROM contacts") == 1
