"""`dellusi incidents`: what needs an admin, listed and closed."""

import json

import pytest
from click.testing import CliRunner, Result

from bot.cli.incidents import incidents as command
from bot.content.messages import sentences
from bot.storage import incidents
from bot.storage.database import Database
from tests.pipeline.world import environment

URL: list[str] = []


@pytest.fixture(autouse=True)
def _address(database_url: str) -> None:
    URL[:] = [database_url]


def types(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--lang", "fr"], env=environment(database_url=URL[0]))


def note(database: Database, kind: incidents.Kind = "sender_refused", subject: str = "sms", code: str = "21606") -> None:
    with database.writing() as tx:
        incidents.note(tx, kind, subject, code)


def test_nothing_open_is_exit_code_zero(database: Database) -> None:
    assert (types("list").exit_code, types("list").output.strip()) == (0, "Rien à regarder.")


def test_what_is_open_is_a_sentence_with_how_often_it_happened(database: Database) -> None:
    for _ in range(3):
        note(database)
    result = types("list")
    assert result.exit_code == 1
    assert "L'expéditeur sms est refusé par l'opérateur (code 21606), 3 fois." in result.output


def test_a_closed_one_is_gone_and_opens_again_when_it_happens_again(database: Database) -> None:
    note(database)
    (row,) = json.loads(types("list", "--json").output)
    assert types("close", row["id"][:8], "--by", "Fatou").exit_code == 0
    assert types("list").exit_code == 0
    assert "clos par Fatou" in types("list", "--closed").output
    note(database)
    assert types("list").exit_code == 1
    assert len(json.loads(types("list", "--closed", "--json").output)) == 2


@pytest.mark.parametrize("beginning", ["abc", "00000000"])
def test_an_id_that_is_too_short_or_unknown_is_wrong_use(database: Database, beginning: str) -> None:
    assert types("close", beginning).exit_code == 2


def test_every_kind_has_a_sentence_in_both_languages(database: Database) -> None:
    for kind in incidents.KINDS:
        note(database, kind)
    assert len(types("list").output.splitlines()) == len(incidents.KINDS)
    for language in ("fr", "en"):
        assert all(f"incident_{kind}" in sentences(language) for kind in incidents.KINDS)


@pytest.mark.parametrize("name", ["list", "close"])
def test_help_teaches_with_an_example(name: str) -> None:
    assert f"dellusi incidents {name}" in types(name, "--help").output
