"""The repository as a test subject: what must hold everywhere, whoever adds something."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from bot.content.load import read_content
from bot.content.reading import Faults, read_text
from bot.engine.actions import ACTIONS, VALUES
from bot.engine.checks import texts
from bot.engine.placeholders import names
from bot.settings import PROJECT
from bot.storage import schema
from bot.storage.database import Database
from bot.worker import QUEUES, timetable

SOURCES = sorted(
    path for folder in ("bot", "webhooks", "tests", "nlu") for path in (PROJECT / folder).rglob("*.py") if ".venv" not in path.parts
)
LONGEST_FILE = 300


def test_no_python_file_is_longer_than_three_hundred_lines() -> None:
    long = {str(path.relative_to(PROJECT)): count for path in SOURCES if (count := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert not long


def test_no_test_patches_our_own_modules() -> None:
    pattern = re.compile(r"""(?:patch|setattr)\(\s*["'](?:bot|webhooks)\.""")
    assert not [path for path in SOURCES if pattern.search(path.read_text())]


def test_only_settings_reads_the_environment() -> None:
    allowed = {"bot/settings.py", "bot/supervisor"}
    readers = {
        str(path.relative_to(PROJECT))
        for path in SOURCES
        if path.relative_to(PROJECT).parts[0] in ("bot", "webhooks") and re.search(r"os\.environ|getenv", path.read_text())
    }
    assert not {reader for reader in readers if not any(reader.startswith(prefix) for prefix in allowed)}


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_shows_an_example_that_is_read_without_a_fault(action: str) -> None:
    example = ACTIONS[action].__doc__ or ""
    faults = Faults()
    lines = [line[4:] for line in example.strip("\n").splitlines() if line.strip()]
    section = read_text("\n".join(lines).encode(), "example", faults)
    assert section is not None
    assert not faults.found
    steps = section.sections("do")
    assert [key for step in steps for key in step.keys] == [action]


def test_every_action_says_which_values_it_takes() -> None:
    assert set(ACTIONS) == set(VALUES)


def test_the_contract_is_the_same_in_nlu_and_flows() -> None:
    contract = yaml.safe_load((PROJECT / "nlu" / "domain.yml").read_text())
    module = ast.parse((PROJECT / "nlu" / "components" / "names.py").read_text())
    named = {constant.value for constant in ast.walk(module) if isinstance(constant, ast.Constant)}
    assert set(contract["intents"]) <= named
    content, _ = read_content(PROJECT)
    assert content is not None
    started = {intent for flow in content.flows.flows.values() for trigger in flow.triggers for intent in trigger.intents}
    assert set(contract["intents"]) - started <= {"affirm", "deny"}


def test_every_text_of_the_flows_is_translated_with_the_same_placeholders() -> None:
    content, _ = read_content(PROJECT)
    assert content is not None
    for language in content.catalogues.languages:
        for text in texts(content.flows):
            assert content.catalogues.has(text.source, text.context, language), f"{language}: {text.context}"
            translated = content.translate(text, language)
            assert sorted(names(translated)) == sorted(names(text.source)), f"{language}: {text.context}"


def test_the_shipped_content_has_no_fault() -> None:
    _, faults = read_content(PROJECT, sandbox=True)
    assert not faults.errors


def test_migrations_have_one_head_and_agree_with_the_models(database: Database) -> None:
    assert len(schema.heads()) == 1
    assert schema.differences(database) == []


def test_every_queue_has_a_consumer() -> None:
    compose = (PROJECT / "docker-compose.yml").read_text()
    for queue in QUEUES:
        assert re.search(rf"worker.*{queue}", compose)
    assert callable(timetable)


def test_the_tree_speaks_of_the_project_alone() -> None:
    folders = ("bot", "webhooks", "flows", "config", "docs", "nlu/components", "nlu/training", "nlu/wolof")
    files = [path for folder in folders for path in Path(PROJECT / folder).rglob("*") if path.suffix in (".py", ".yml", ".md", ".po")]
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert not [path for path in files if unfinished.search(path.read_text(encoding="utf-8"))]
