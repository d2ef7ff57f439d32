"""`dellusi outbox`: what is stuck, what it means, and both ways out of it."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from bot.channels.twilio_codes import error_for
from bot.cli.outbox import outbox
from bot.domain.errors import SendError
from bot.storage.database import Database
from tests.conftest import Clock
from tests.pipeline.conftest import log_lines
from tests.pipeline.world import AWA, MODOU, World, environment

__all__ = ["log_lines"]
Types = Callable[..., Result]


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    return World(database, clock)


@pytest.fixture
def types(database_url: str) -> Types:
    def run(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(outbox, [*arguments, "--lang", "fr"], env=environment(database_url=database_url), input=given)

    return run


def failed(world: World, code: str = "21211", sender: str = AWA) -> UUID:
    """A reply that will not be tried again."""
    world.sms.outcomes.append(error_for(code))
    world.say("bonjour", sender)
    row: UUID = world.one("SELECT id FROM outbox ORDER BY seq DESC LIMIT 1")
    return row


def test_nothing_stuck_is_said_and_is_exit_code_zero(world: World, types: Types) -> None:
    world.say("bonjour")
    result = types("list")
    assert (result.exit_code, result.output.strip()) == (0, "Rien n'attend et rien n'a échoué.")


def test_what_failed_is_listed_with_what_its_code_means_and_without_a_person(world: World, types: Types) -> None:
    row = failed(world)
    result = types("list")
    assert result.exit_code == 1
    assert str(row)[:8] in result.output
    assert "Le numéro du destinataire n'est pas valable." in result.output
    assert AWA not in result.output
    assert "Bonjour" not in result.output


def test_machines_get_json_with_counts(world: World, types: Types) -> None:
    row = failed(world)
    failed(world, "30007", MODOU)
    data = json.loads(types("list", "--json", "--code", "21211").output)
    assert data["counts"] == {"failed": 1}
    assert [(one["id"], one["code"], one["channel"], one["kind"]) for one in data["rows"]] == [(str(row), "21211", "sms", "reply")]


def test_one_row_is_shown_by_the_beginning_of_its_id(world: World, types: Types) -> None:
    row = failed(world)
    shown = types("show", str(row)[:8])
    assert shown.exit_code == 0
    assert str(row) in shown.output
    assert "Le numéro du destinataire n'est pas valable." in shown.output


@pytest.mark.parametrize(("beginning", "exit_code"), [("abc", 2), ("00000000", 2)])
def test_an_id_that_is_too_short_or_unknown_is_wrong_use(world: World, types: Types, beginning: str, exit_code: int) -> None:
    failed(world)
    assert types("show", beginning).exit_code == exit_code


def test_a_retry_sends_it_and_the_message_begins_anew(world: World, types: Types) -> None:
    row = failed(world)
    result = types("retry", str(row)[:8])
    assert (result.exit_code, "1 remis" in result.output) == (0, True)
    assert world.rows("SELECT status, error_code FROM messages WHERE NOT inbound") == [(0, None)]
    world.clock.now = world.one("SELECT due_at FROM outbox")
    world.dispatch()
    assert world.states() == ["sent"]
    assert len(world.sms.taken) == 1


def test_everything_of_one_code_is_retried_at_once(world: World, types: Types) -> None:
    failed(world)
    failed(world, "30007", MODOU)
    assert types("retry", "--code", "30007").exit_code == 0
    assert world.states() == ["failed", "due"]


def test_what_is_in_doubt_is_left_alone_until_somebody_wants_it_twice(world: World, types: Types) -> None:
    world.sms.outcomes.append(SendError("no_answer", retryable=True, ambiguous=True))
    world.say("bonjour")
    row = str(world.one("SELECT id FROM outbox"))
    assert "en doute" in types("list").output
    assert types("retry", row).exit_code == 1
    assert world.states() == ["unknown"]
    assert types("retry", row, "--doubtful").exit_code == 0
    assert world.states() == ["due"]


def test_what_was_sent_is_not_sent_again(world: World, types: Types) -> None:
    world.say("bonjour")
    assert types("retry", str(world.one("SELECT id FROM outbox"))).exit_code == 1
    assert world.states() == ["sent"]


def test_somebody_who_stopped_us_gets_nothing_by_a_retry(world: World, types: Types) -> None:
    row = failed(world)
    world.pass_(seconds=1)
    world.say("arrêt")
    types("retry", str(row))
    world.clock.now = world.one("SELECT due_at FROM outbox WHERE id = :id", id=row)
    world.dispatch()
    assert world.rows("SELECT state, error_code FROM outbox WHERE id = :id", id=row) == [("cancelled", "stopped")]
    assert [text for text in world.sms.texts(AWA) if "Bonjour" in text] == []


def test_a_drop_asks_first_and_takes_it_from_the_list(world: World, types: Types) -> None:
    row = failed(world)
    assert types("drop", str(row), given="n\n").exit_code == 1
    assert world.states() == ["failed"]
    assert types("drop", str(row), given="y\n").exit_code == 0
    assert world.rows("SELECT state, error_code FROM outbox") == [("cancelled", "dropped")]
    assert types("list").exit_code == 0


@pytest.mark.parametrize("command", ["retry", "drop"])
def test_without_saying_what_nothing_is_done(world: World, types: Types, command: str) -> None:
    failed(world)
    result = types(command)
    assert result.exit_code == 2
    assert "--code" in result.output
    assert world.states() == ["failed"]


@pytest.mark.parametrize("command", ["list", "show", "retry", "drop"])
def test_help_teaches_with_an_example(types: Types, command: str) -> None:
    assert f"dellusi outbox {command}" in types(command, "--help").output


def test_a_database_that_is_away_is_told(types: Types) -> None:
    result = CliRunner().invoke(outbox, ["list"], env=environment(database_url="postgresql://nobody@127.0.0.1:1/none"))
    assert result.exit_code == 2
