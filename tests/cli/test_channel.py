"""`dellusi channel`: with the official SDK against the stand-in, whose phones send what never reaches us."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from bot.cli.channel import channel
from bot.storage.database import Database
from tests.conftest import Clock
from tests.pipeline.conftest import log_lines
from tests.pipeline.world import World, environment
from tests.sandbox.sandbox_rig import ACCOUNT, TOKEN, Rig, free_port, rig

__all__ = ["log_lines"]
Types = Callable[..., Result]
GATEWAY = {
    "sms_provider": "gateway",
    "gateway": "kannel",
    "gateway_url": "https://gateway.example.org/send",
    "gateway_sender": "DELLUSI",
    "gateway_key": "geheim0123456789abcdef0123",
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig() as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {"contents": True})
    return shared


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """The service at the time that the stand-in's phones live in."""
    clock.now = datetime.now(UTC)
    return World(database, clock)


@pytest.fixture
def types(database_url: str, shared: Rig) -> Types:
    def run(*arguments: str, **more: str) -> Result:
        account = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_api_url": shared.url}
        return CliRunner().invoke(channel, list(arguments), env=environment(**{"database_url": database_url, **account, **more}))

    return run


def lost(sandbox: Rig, minutes: float, text: str = "bonjour") -> str:
    sandbox.control("clock", {"offset": -60 * minutes})
    return str(sandbox.phone(text=text, lost=True)["sid"])


def counts(result: Result) -> tuple[int, int, int, list[str]]:
    data = json.loads(result.stdout.splitlines()[-1] if result.stdout.count("\n") == 1 else result.stdout[result.stdout.index("{\n") :])
    return data["listed"], data["missed"], data["late"], data["failed"]


def test_what_never_reached_us_is_taken_in_once(sandbox: Rig, world: World, types: Types) -> None:
    sid = lost(sandbox, 5)
    first, second = types("reconcile", "--json"), types("reconcile", "--json")
    assert (first.exit_code, counts(first)) == (1, (1, 1, 0, []))
    assert (second.exit_code, counts(second)) == (0, (1, 0, 0, []))
    assert world.rows("SELECT provider_id FROM messages WHERE inbound") == [(sid,)]


def test_a_trial_counts_and_takes_nothing(sandbox: Rig, world: World, types: Types) -> None:
    lost(sandbox, 5)
    result = types("reconcile", "--dry-run", "--lang", "fr")
    assert result.exit_code == 1
    assert "1 message(s) au journal, 1 manquai(en)t" in result.output
    assert "Rien n'a été repris" in result.output
    assert world.one("SELECT count(*) FROM messages") == 0


def test_after_an_outage_that_is_known_one_looks_further_back(sandbox: Rig, world: World, types: Types) -> None:
    lost(sandbox, 3 * 24 * 60)
    assert counts(types("reconcile", "--json")) == (0, 0, 0, [])
    assert counts(types("reconcile", "--since", "4j", "--json")) == (1, 1, 1, [])
    world.advance()
    world.dispatch()
    assert [message.text[:23] for message, _, _ in world.sms.taken] == ["Nous sommes de retour a"]


def test_a_log_that_does_not_answer_is_told(world: World, types: Types) -> None:
    result = types("reconcile", "--lang", "fr", twilio_api_url=f"http://127.0.0.1:{free_port()}")
    assert result.exit_code == 1
    assert "Le journal ne répond pas : twilio" in result.output


def test_a_gateway_alone_keeps_no_log(world: World, types: Types) -> None:
    result = types("reconcile", "--lang", "fr", **GATEWAY, twilio_whatsapp_sender="", sms_answer_at="33 800 00 00")
    assert result.exit_code == 2
    assert "Aucun opérateur ne tient de journal" in result.output


@pytest.mark.parametrize("since", ["gestern", "2h30", "-1h", "2026-13-01"])
def test_a_time_that_is_none_is_wrong_use(types: Types, since: str) -> None:
    result = types("reconcile", "--since", since, "--lang", "fr")
    assert result.exit_code == 2
    assert "écrivez une durée" in result.output


def test_each_channel_says_what_it_can_do(types: Types) -> None:
    sms, whatsapp = json.loads(types("show", "--json").stdout)
    assert (sms["channel"], sms["two_way"], sms["buttons"], sms["window_hours"]) == ("sms", True, 0, None)
    assert (whatsapp["channel"], whatsapp["buttons"], whatsapp["entries"], whatsapp["window_hours"]) == ("whatsapp", 3, 10, 24.0)
    whatsapp, sms = json.loads(types("show", "--json", **GATEWAY).stdout)
    assert (sms["sender"], sms["two_way"], sms["listed"]) == ("DELLUSI", False, False)
    assert "sms  expéditeur DELLUSI  réponses non" in types("show", "--lang", "fr", **GATEWAY).output


@pytest.mark.parametrize("command", ["show", "reconcile"])
def test_help_teaches_with_an_example(types: Types, command: str) -> None:
    assert f"dellusi channel {command}" in types(command, "--help").output
