"""The two pages about referrals say what the code does."""

import re

import pytest

from bot.casework.reading import COMMANDS, read_order
from bot.content.notices import Notices
from bot.domain.cover import LACKS
from bot.domain.referrals import CLOSINGS, DECLINES, MOVES, OUTCOMES, STATES
from bot.settings import PROJECT
from tests.pipeline.world import shipped

ENGLISH, FRENCH = (PROJECT / "docs" / name for name in ("referrals.md", "travailleurs-sociaux.fr.md"))


def rows(page: str, columns: int) -> list[list[str]]:
    """The rows of tables with so many columns."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    return [row for row in cells if len(row) == columns]


def test_every_state_move_and_code_is_explained() -> None:
    page = ENGLISH.read_text(encoding="utf-8")
    assert {row[0] for row in rows(page, 3)} >= set(STATES)
    moves = {row[0]: row for row in rows(page, 5)}
    assert set(moves) >= set(MOVES)
    for move, rule in MOVES.items():
        assert {actor.strip() for actor in moves[move][3].split(",")} == set(rule.actors), move
    for code in (*OUTCOMES, *DECLINES):
        assert re.search(rf"\b{code}\b", page), code


def test_every_command_of_the_page_for_caseworkers_is_read_as_one_in_both_languages_and_none_is_missing() -> None:
    found = set()
    for french, wolof, _ in rows(FRENCH.read_text(encoding="utf-8"), 3):
        for text in re.findall(r"`([^`]+)`", french):
            command = read_order(shipped(), text).command
            for twin in re.findall(r"`([^`]+)`", wolof):
                assert read_order(shipped(), twin).command == command, (text, twin)
            found.add(command)
    assert found - {None} == set(COMMANDS)


@pytest.mark.parametrize(("group", "keys"), [("declines", DECLINES), ("outcomes", CLOSINGS)])
def test_the_numbers_of_reasons_and_endings_are_those_of_the_service(group: str, keys: tuple[str, ...]) -> None:
    notices: Notices = shipped().notices
    numbered = ", ".join(f"{number} {notices.texts[f'{group}.{key}'].source}" for number, key in enumerate(keys, 1))
    assert numbered in FRENCH.read_text(encoding="utf-8").replace("\n", " ")


def test_every_reason_why_a_referral_goes_on_because_nobody_reads_is_explained() -> None:
    assert set(LACKS) <= {row[0] for row in rows(ENGLISH.read_text(encoding="utf-8"), 3)}
