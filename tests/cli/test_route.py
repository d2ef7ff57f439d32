"""`dellusi route`: who would take a referral and why, and what a changed directory would change."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.route import route as command
from bot.settings import PROJECT
from tests.pipeline.world import World, environment

URL: list[str] = []


@pytest.fixture(autouse=True)
def _address(database_url: str) -> None:
    URL[:] = [database_url]


def types(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--lang", "fr"], env=environment(database_url=URL[0], sandbox="yes"))


def test_it_says_who_why_and_who_comes_next(world: World) -> None:
    result = types("explain", "training", "Mbacké")
    assert result.exit_code in {0, 1}
    assert result.output.startswith("1. ")
    found = json.loads(types("explain", "training", "mbake", "--json").output)
    assert found["partner"]
    assert found["reason"]


@pytest.mark.parametrize(
    ("word", "need"), [("formation", "training"), ("Santé", "health"), ("SANTE", "health"), ("jàng mecce", "training")]
)
def test_a_need_may_be_named_as_caseworkers_read_it(world: World, word: str, need: str) -> None:
    assert types("explain", word, "Mbacké").output == types("explain", need, "Mbacké").output


@pytest.mark.parametrize(
    ("need", "place", "said"),
    [("trainning", "Mbacké", "training"), ("formasion", "Mbacké", "formation"), ("training", "Atlantis", "Atlantis")],
)
def test_what_nobody_knows_is_wrong_use(world: World, need: str, place: str, said: str) -> None:
    result = types("explain", need, place)
    assert result.exit_code == 2
    assert said in result.output


def test_a_changed_directory_is_held_against_the_last_month(world: World, tmp_path: Path) -> None:
    world.refer()
    for name in ("config", "flows", "nlu/lexicon", "nlu/domain.yml"):
        source, target = PROJECT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    assert types("dry-run", str(tmp_path)).exit_code == 0
    region = tmp_path / "config/regions/diourbel.yml"
    text = region.read_text(encoding="utf-8")
    on_call = next(line for line in text.splitlines() if line.startswith("on_call:"))
    region.write_text(text.replace(on_call, "on_call: caosp"), encoding="utf-8")
    result = types("dry-run", str(tmp_path), "--json")
    assert (result.exit_code, json.loads(result.output)["changed"][0]["after"]) == (1, "caosp")
