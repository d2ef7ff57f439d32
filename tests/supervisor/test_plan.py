"""The plan of a local run: which processes, in which order, with which secrets."""

from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.supervisor.plan import Run, make
from bot.supervisor.ports import choose
from bot.supervisor.processes import Process, StartError

PROJECT = Path(__file__).resolve().parents[2]
VARIABLES = {"BOT_NLU_TOKEN": "token", "BOT_INDEX_KEY": "key", "BOT_DATABASE_URL": "postgresql://db/x"}
STORE = Process("postgres", ("postgres",), {}, PROJECT)


def run(project: Path, **changes: object) -> Run:
    fields: dict[str, object] = {
        "given": {"PATH": "/bin"},
        "variables": VARIABLES,
        "ports": choose(None, {}),
        "stores": (STORE,),
        **changes,
    }
    return Run(project=project, state=project / ".run", **fields)  # type: ignore[arg-type]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    python = tmp_path / "nlu" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    return tmp_path


def test_stores_come_first_then_the_migration_then_everybody(installed: Path) -> None:
    stages = [[process.name for process in stage] for stage in make(run(installed)).stages]
    assert stages == [
        ["postgres", "train"],
        ["migrate"],
        ["nlu", "sandbox", "webhooks", "advance-1", "advance-2", "dispatch", "media", "timers"],
    ]


def test_the_number_of_workers_can_be_chosen(installed: Path) -> None:
    names = {process.name for process in make(run(installed, advance=1, dispatch=3)).processes}
    assert names >= {"advance", "dispatch-1", "dispatch-2", "dispatch-3"}


def test_without_sandbox_no_phone_is_offered(installed: Path) -> None:
    plan = make(run(installed, sandbox=False))
    assert "sandbox" not in {process.name for process in plan.processes}
    assert "A phone in" not in plan.greeting
    assert "sandbox" not in run(installed, sandbox=False).wanted_ports


def test_a_missing_nlu_environment_is_told_with_both_ways_out(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"make setup.*--no-nlu"):
        make(run(tmp_path))
    assert "nlu" not in {process.name for process in make(run(tmp_path, nlu=False)).processes}


def test_training_may_fail_only_when_a_model_is_there(installed: Path) -> None:
    def train() -> Process:
        return next(process for process in make(run(installed)).processes if process.name == "train")

    assert train().required
    (installed / "nlu" / "models").mkdir()
    (installed / "nlu" / "models" / "current.json").touch()
    assert not train().required


def test_keys_reach_the_bot_and_not_the_understanding_of_texts(installed: Path) -> None:
    seen = {process.name: process.environment for process in make(run(installed)).processes}
    assert all(seen[name]["BOT_INDEX_KEY"] == "key" for name in ("webhooks", "advance-1", "dispatch", "timers", "sandbox", "migrate"))
    assert all("BOT_INDEX_KEY" not in seen[name] and "BOT_DATABASE_URL" not in seen[name] for name in ("nlu", "train"))
    assert seen["nlu"]["BOT_NLU_TOKEN"] == "token"


def test_every_process_of_ours_is_a_command_that_exists(installed: Path) -> None:
    commands = {process.command[1] for process in make(run(installed)).processes if process.command[0].endswith("/dellusi")}
    assert commands <= set(COMMANDS)


def test_the_greeting_says_what_to_try(installed: Path) -> None:
    greeting = make(run(installed, ports=choose(9000, {}))).greeting
    for part in ("http://127.0.0.1:9008/", "simulate", "http://127.0.0.1:9000/health", "http://127.0.0.1:9000/metrics", "Ctrl-C"):
        assert part in greeting
