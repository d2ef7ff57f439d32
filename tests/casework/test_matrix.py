"""Every command in every state by everybody in both languages: what is answered, what becomes of the referral, what the person hears.

The table is matrix/answers.csv. A cell reads `answer`, then `-> state` where the state changes, `@partner` where the holder does, and
`> text` where the person is told: keys of flows/notices.yml and flows/words.yml. `engine` is an ordinary conversation.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.casework.reading import COMMANDS
from bot.domain.referrals import STATES, State
from bot.domain.segments import render_for_sms
from tests.casework.cast import CODE, PLACE, ROLES, Acted, act, cast, refer, with_cast
from tests.pipeline.world import World

TABLE = Path(__file__).parent / "matrix" / "answers.csv"
CASEWORKERS = ("holder", "colleague", "former", "other", "coordinator")
# A command as it is written in each language; `decline` and `close` also without their number.
TEXTS: dict[str, dict[str, str]] = {
    "accept": {"fr": "OK {}", "wo": "NANGU NAA {}"},
    "see": {"fr": "VU {}", "wo": "GIS NAA {}"},
    "decline 1": {"fr": "NON {} 1", "wo": "DÉEDÉET {} 1"},
    "decline": {"fr": "NON {}", "wo": "DÉEDÉET {}"},
    "contact": {"fr": "APPELE {}", "wo": "WOO NAA {}"},
    "miss": {"fr": "PAS JOINT {}", "wo": "JOTUMA KO {}"},
    "serve": {"fr": "EN COURS {}", "wo": "TÀMBALI NAA {}"},
    "close 1": {"fr": "FAIT {} 1", "wo": "JEEX NA {} 1"},
    "close": {"fr": "FAIT {}", "wo": "JEEX NA {}"},
    "transfer": {"fr": "TRANSF {} Bambey", "wo": "YÓBBU {} Bambey"},
    "note": {"fr": "NOTE {} rappeler lundi", "wo": "BIND {} rappeler lundi"},
    "details": {"fr": "DETAILS {}", "wo": "XIBAAR {}"},
    "list": {"fr": "LISTE", "wo": "LIM"},
    "help": {"fr": "AIDE", "wo": "NDIMBAL"},
}


def table() -> dict[tuple[str, str, str], str]:
    """(command, state, role) -> the cell."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["command"], row["state"], role): row[role] for row in rows for role in ROLES}


def cell(acted: Acted, before: State) -> str:
    """What came of a text, as the table writes it."""
    parts = [acted.outcome.key]
    if acted.after.state != before:
        parts.append(f"-> {acted.after.state}")
    if acted.after.partner != "baos_diourbel":
        parts.append(f"@{acted.after.partner}")
    if acted.outcome.told:
        parts.append(f"> {acted.outcome.told.text}")
    return " ".join(parts)


def acted_by(world: World, role: str, language: str) -> Iterator[tuple[str, State, Acted]]:
    """Every command in every state, each in a transaction of its own that leaves nothing behind."""
    content = with_cast(world, language).rt.content
    for command, texts in TEXTS.items():
        for state in STATES:
            with world.rt.database.engine.connect() as connection:
                tx = world.transaction(connection)
                refer(tx, state)
                yield command, state, act(content, tx, ROLES[role], texts[language].format(CODE))
                connection.rollback()


def test_the_table_is_whole() -> None:
    assert set(table()) == {(command, state, role) for command in TEXTS for state in STATES for role in ROLES}
    assert {name.split()[0] for name in TEXTS} == set(COMMANDS)


@pytest.mark.parametrize("language", ["fr", "wo"])
@pytest.mark.parametrize("role", CASEWORKERS)
def test_a_caseworker_is_answered_as_the_table_says(world: World, role: str, language: str) -> None:
    expected, content, wrong = table(), cast(), []
    for command, state, acted in acted_by(world, role, language):
        found = cell(acted, state)
        if found != expected[(command, state, role)]:
            wrong.append((command, state, found, expected[(command, state, role)]))
        begins = content.word_for("replies", acted.outcome.key, language).partition("{{")[0]
        assert acted.outcome.answer.startswith(begins), (command, state)
    assert wrong == []


@pytest.mark.parametrize("language", ["fr", "wo"])
@pytest.mark.parametrize("role", ["person", "stranger"])
def test_from_any_other_number_nothing_moves_and_nothing_is_told(world: World, role: str, language: str) -> None:
    expected = table()
    with_cast(world, language)
    with world.rt.database.writing() as tx:
        refer(tx)
        world.change("UPDATE contacts SET language = :language", language=language)
    refused = {render_for_sms(world.rt.content.reply("not_registered", code), code) for code in ("fr", "wo")}
    for command, texts in TEXTS.items():
        for state in STATES:
            # Slowly: who texts too fast is not heard.
            world.pass_(hours=2)
            world.change("UPDATE referrals SET state = :state", state=state)
            answer = world.say(texts[language].format(CODE), ROLES[role])
            found = "not_registered" if any(text in answer for text in refused) else "engine"
            assert found == expected[(command, state, role)], (command, state, answer)
            assert world.rows("SELECT state, partner FROM referrals") == [(state, "baos_diourbel")]
            assert PLACE.partition("/")[2] not in answer
