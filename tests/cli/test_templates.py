"""`dellusi templates`: from the file to Meta, and what became of it; with the official SDK against the stand-in."""

import json
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from bot.cli.templates import templates
from bot.storage.database import Database
from tests.pipeline.approved import SHIPPED
from tests.pipeline.world import environment
from tests.sandbox.sandbox_rig import ACCOUNT, TOKEN, Rig, free_port, rig

NAMES = {template.name for template in SHIPPED.templates.values()}
Types = Callable[..., Result]


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig() as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig, database: Database) -> Rig:
    shared.control("clear", {"contents": True})
    return shared


@pytest.fixture
def types(database_url: str, shared: Rig) -> Types:
    def run(*arguments: str, api_url: str = shared.url) -> Result:
        changes = {"database_url": database_url, "twilio_api_url": api_url, "twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN}
        return CliRunner().invoke(templates, [*arguments, "--lang", "fr"], env=environment(**changes))

    return run


def test_a_push_makes_each_template_once_and_submits_it(sandbox: Rig, types: Types) -> None:
    first, second = types("push"), types("push")
    assert first.exit_code == second.exit_code == 0
    assert first.output.count("créé et soumis à Meta") == len(NAMES)
    assert second.output.count("déjà là") == len(NAMES)
    assert {content.friendly_name for content in sandbox.twilio.content.v1.contents.list()} == NAMES


def test_a_dry_run_makes_nothing(sandbox: Rig, types: Types) -> None:
    outcomes = json.loads(types("push", "--dry-run", "--json").output)
    assert {(one["name"], one["outcome"]) for one in outcomes} == {(name, "would") for name in NAMES}
    assert sandbox.twilio.content.v1.contents.list() == []


def test_what_meta_decided_is_kept_and_only_approval_is_exit_code_zero(sandbox: Rig, types: Types) -> None:
    assert types("status").exit_code == 1
    types("push")
    result = types("status")
    assert (result.exit_code, result.output.count("approuvé")) == (0, len(NAMES))
    assert {one["approval"] for one in json.loads(types("status", "--json").output)} == {"approved"}


def test_a_template_that_was_made_but_never_submitted_is_submitted(sandbox: Rig, types: Types) -> None:
    types("push")
    for content in sandbox.twilio.content.v1.contents.list():
        content.delete()
    assert types("push").output.count("créé et soumis à Meta") == len(NAMES)


def test_a_provider_that_is_away_is_told(sandbox: Rig, types: Types) -> None:
    result = types("push", api_url=f"http://127.0.0.1:{free_port()}")
    assert result.exit_code == 2
    assert "Twilio ne répond pas" in result.output


@pytest.mark.parametrize("command", ["push", "status"])
def test_help_teaches_with_an_example(types: Types, command: str) -> None:
    assert f"dellusi templates {command}" in types(command, "--help").output
