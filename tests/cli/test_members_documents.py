"""The two pages about members say what the commands do and what people read."""

import re
import shlex
from pathlib import Path

import click
import pytest

from bot.cli.members import members as command
from bot.content.messages import describe
from bot.content.reading import Faults
from bot.content.roster import HEADINGS, read_roster
from bot.settings import PROJECT
from tests.pipeline.world import shipped

FRENCH, ENGLISH = (PROJECT / "docs" / name for name in ("membres.fr.md", "members.md"))


def typed(page: Path) -> list[list[str]]:
    """The arguments of every command that the page shows in a block."""
    lines = [line.strip() for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("    dellusi members")]
    return [shlex.split(line.partition(" > ")[0])[2:] for line in lines]


def said(page: Path) -> str:
    return re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", [FRENCH, ENGLISH])
def test_every_command_on_the_page_exists_with_these_options_and_none_is_missing(page: Path, tmp_path: Path) -> None:
    lines, file = typed(page), tmp_path / "members.csv"
    file.touch()
    for name, *arguments in lines:
        with command.commands[name].make_context(name, [str(file) if one.endswith(".csv") else one for one in arguments]):
            pass
    assert {name for name, *_ in lines} == set(command.commands)


def test_every_option_of_add_is_on_the_french_page() -> None:
    options = {option for one in command.commands["add"].params if isinstance(one, click.Option) for option in one.opts}
    assert not [option for option in options - {"--lang"} if f" {option}" not in FRENCH.read_text(encoding="utf-8")]


def test_what_people_read_is_quoted_word_for_word() -> None:
    content, page = shipped(), said(FRENCH)
    partner = content.value("partner.baos_diourbel", "fr") or ""
    words = [
        content.word("notices.verify_member", "fr", partner=partner, number="47"),
        content.word("notices.verify_member", "wo", partner=partner, number="47"),
        content.word("notices.stand_in", "fr", partner=partner, since="21 décembre 2026", until="3 janvier 2027"),
        content.word("notices.digest", "fr", codes="K7M4PX, 48ETHB"),
        content.word("notices.left_referral", "fr", code="K7M4PX"),
        content.reply("joined", "fr", partner=partner),
        content.reply("not_joined", "fr"),
        content.reply("join_wrong", "fr"),
    ]
    assert not [text for text in words if text not in page]


def test_the_columns_of_the_file_are_those_that_are_read() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in FRENCH.read_text(encoding="utf-8").splitlines()]
    assert [tuple(row[:2]) for row in rows if len(row) == 4][2:] == [words[:2] for words in HEADINGS.values()]
    assert all(words[1] in said(ENGLISH) for words in HEADINGS.values())


def test_the_tour_shows_the_help_that_caseworkers_read() -> None:
    assert f"    {shipped().reply('help', 'fr')}\n" in (PROJECT / "docs" / "tour.fr.md").read_text(encoding="utf-8")


def test_the_mistake_on_the_page_is_told_so(tmp_path: Path) -> None:
    file, faults = tmp_path / "membres.csv", Faults()
    file.write_text("partenaire;téléphone\n\n\n\ncaospp;+221770000123\n", encoding="utf-8")
    read_roster(file, tuple(shipped().directory.partners), faults)
    (fault,) = faults.found
    assert f"    {describe(fault, 'fr')}\n" in FRENCH.read_text(encoding="utf-8")
