"""What operators see: ages, and nobody's data."""

import pytest
from flask import Flask

from bot.pipeline import timers
from bot.storage.database import Database
from bot.storage.vault import Vault
from tests.channels.rig import provider
from tests.conftest import KEYS, Clock
from tests.pipeline.world import World
from webhooks.app import create_app


@pytest.fixture
def app(world: World) -> Flask:
    """The app on a real runtime."""
    return create_app(world.rt, provider())


def test_a_service_with_nothing_waiting_is_well(app: Flask, world: World) -> None:
    timers.sweep(world.rt)
    answer = app.test_client().get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "well"
    assert answer.json["last_sweep_seconds"] == 0
    assert answer.json["flows_version"] == world.rt.content.flows.version


def test_work_that_waits_too_long_is_worrying_and_named(app: Flask, world: World) -> None:
    timers.sweep(world.rt)
    world.receive("bonjour")
    world.pass_(seconds=31)
    answer = app.test_client().get("/health").json
    assert answer is not None
    assert (answer["status"], answer["worrying"], answer["oldest_unhandled_message_seconds"]) == ("worrying", ["unhandled"], 31.0)


def test_no_sweep_at_all_is_worrying(app: Flask) -> None:
    answer = app.test_client().get("/health").json
    assert answer is not None
    assert answer["worrying"] == ["swept"]
    assert answer["last_sweep_seconds"] is None


def test_without_a_database_it_is_down_but_alive(clock: Clock) -> None:
    away = World(Database("postgresql://nobody@127.0.0.1:9/none", Vault(KEYS, b"i" * 32), clock), clock)
    client = create_app(away.rt, provider()).test_client()
    assert client.get("/health").status_code == 503
    assert client.get("/health").json == {"status": "down", "reason": "database"}
    assert client.get("/health/live").data == b"alive\n"


def test_metrics_are_counters_and_ages_without_anybodys_data(app: Flask, world: World) -> None:
    world.say("je m'appelle Kanaari")
    app.test_client().get("/health")
    answer = app.test_client().get("/metrics")
    assert answer.mimetype == "text/plain"
    for name in ("dellusi_inbound_total", "dellusi_turns_total", "dellusi_sends_total", "dellusi_oldest_seconds"):
        assert name in answer.text
    assert "Kanaari" not in answer.text
    assert "22177" not in answer.text


def test_no_page_shows_anything_else(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert rules == {
        "/twilio/sms",
        "/twilio/whatsapp",
        "/twilio/status",
        "/health",
        "/health/live",
        "/metrics",
        "/d/<token>",
        "/d/style.css",
        "/media/<name>",
    }
