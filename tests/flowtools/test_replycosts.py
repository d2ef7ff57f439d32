"""Replies are counted as they are sent, and the whole intake in Wolof stays short."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli.flows_cost import INTAKE, PAGE, cost
from bot.content.load import load_content
from bot.content.reading import Faults
from bot.flowtools.replycosts import transcript
from bot.flowtools.scripts import Script, read_scripts
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cost, arguments)


def intake() -> Script:
    (script,) = read_scripts([PROJECT / INTAKE], PROJECT, CONTENT, Faults())
    return script


def test_the_rendering_never_costs_more_and_saves_in_wolof() -> None:
    data = {one["language"]: one for one in json.loads(run("--json").output)}
    assert set(data) == {"fr", "wo"}
    assert all(one["average"] <= one["plain_average"] and one["worst"] <= one["plain_worst"] for one in data.values())
    assert data["wo"]["average"] < data["wo"]["plain_average"]


def test_the_counts_read_as_sentences() -> None:
    lines = run("--lang", "en").output.splitlines()
    assert len(lines) == 2
    assert all("on average" in line for line in lines)


def test_a_full_intake_in_wolof_costs_the_person_at_most_twelve_messages() -> None:
    assert sum(step.acts for step in intake().steps) <= 12


def test_the_page_with_the_intake_is_current() -> None:
    assert (PROJECT / Path(PAGE)).read_text(encoding="utf-8") == transcript(CONTENT, intake()), "run `dellusi flows cost --write`"
