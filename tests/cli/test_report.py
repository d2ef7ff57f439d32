"""`dellusi report`: numbers that tell nobody apart, in every form."""

import csv
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.report import report as command
from tests.pipeline.world import CASEWORKER, World, environment

URL: list[str] = []
SPAN = ("--from", "2020-01-01", "--to", "2100-01-01")


@pytest.fixture(autouse=True)
def _address(database_url: str) -> None:
    URL[:] = [database_url]


def types(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*SPAN, *arguments, "--lang", "fr"], env=environment(database_url=URL[0]))


@pytest.fixture
def some(world: World) -> World:
    for number in range(12):
        code = world.refer(f"+2217711190{number:02d}")
        world.pass_(minutes=30)
        if number < 6:
            world.say(f"OK {code}", CASEWORKER)
        world.pass_(hours=1)
    return world


def test_counts_and_median_times(some: World) -> None:
    found = json.loads(types("--json").output)
    assert found["total"]["count"] == 12
    assert found["total"]["median_hours"]["accepted"] == pytest.approx(0.5, abs=0.05)
    assert found["rows"][0]["open"] == 12


def test_small_cells_are_hidden_unless_they_stay_inside(some: World) -> None:
    hidden = json.loads(types("--by", "state", "--json").output)["rows"]
    assert {row["count"] for row in hidden} == {None}
    shown = json.loads(types("--by", "state", "--inside", "--json").output)["rows"]
    assert {row["name"]: row["count"] for row in shown} == {"accepted": 6, "offered": 6}


def test_it_is_written_for_spreadsheets_and_as_a_picture(some: World, tmp_path: Path) -> None:
    for suffix in (".csv", ".xlsx", ".svg"):
        assert types("--out", str(tmp_path / f"report{suffix}")).exit_code == 0
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:2] == ["besoin", "demandes"]
    assert rows[-1][:2] == ["Ensemble", "12"]
    with zipfile.ZipFile(tmp_path / "report.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<svg" in (tmp_path / "report.svg").read_text(encoding="utf-8")


def test_another_ending_is_wrong_use(some: World, tmp_path: Path) -> None:
    assert types("--out", str(tmp_path / "report.doc")).exit_code == 2


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".svg"])
def test_where_nothing_can_be_written_it_is_said(some: World, tmp_path: Path, suffix: str) -> None:
    result = types("--out", str(tmp_path / "nowhere" / f"report{suffix}"))
    assert result.exit_code == 2
    assert "ne peut pas être écrit (No such file or directory)" in " ".join(result.output.split())
