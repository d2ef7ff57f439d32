"""The schemas for editors say about a file what the loader says."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft7Validator

from bot.cli.flows_schema import FILES, schema_command
from bot.content.flows import read_flow, read_form
from bot.content.reading import Faults, read_text
from bot.flowtools.language import KEYS
from bot.settings import PROJECT

VALIDATORS = {part: Draft7Validator(json.loads((PROJECT / "flows" / file).read_text(encoding="utf-8"))) for part, file in FILES.items()}
READERS = {"flow": read_flow, "form": read_form}
SHIPPED = [("form", path) for path in sorted((PROJECT / "flows" / "forms").glob("*.yml"))] + [
    ("flow", path) for path in sorted((PROJECT / "flows").glob("*.yml")) if path.name not in ("words.yml", "notices.yml")
]
BROKEN = [
    ("form" if path.parent.name == "forms" else "flow", path)
    for path in sorted((Path(__file__).parent / "broken").rglob("*.yml"))
    if path.name != "change.yml"
]
# Mistakes that a schema cannot see: they are about other places of the file, other files, or what words mean.
BEYOND = {"bad_condition", "duplicate_node", "duplicate_choice"}
# Mistakes that are no YAML, or not one file of it: an editor shows them itself.
NO_YAML = {
    "tab", "colon_in_text", "quote_left_open", "half_quoted", "anchor", "yaml_syntax", "not_utf8", "empty_file", "duplicate_key",
    "too_large",
}  # fmt: skip


def loader_codes(part: str, raw: bytes) -> set[str]:
    """The codes of what the loader finds wrong inside a file."""
    faults = Faults()
    section = read_text(raw, "file.yml", faults)
    if section is not None:
        READERS[part](section)
    return {fault.code for fault in faults.found}


def schema_finds(part: str, data: object) -> list[str]:
    return [error.message for error in VALIDATORS[part].iter_errors(data)]


def words_of(text: str) -> Any:
    """The file as our loader sees it: every scalar a word."""
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - words only, nothing is built


@pytest.mark.parametrize(("part", "path"), SHIPPED, ids=lambda value: getattr(value, "stem", value))
def test_every_shipped_file_is_right_in_an_editor_too(part: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not schema_finds(part, words_of(text))
    assert not schema_finds(part, yaml.safe_load(text))


@pytest.mark.parametrize(("part", "path"), BROKEN, ids=lambda value: value.parent.parent.name if isinstance(value, Path) else value)
def test_an_editor_finds_what_the_loader_finds(part: str, path: Path) -> None:
    codes = loader_codes(part, path.read_bytes())
    if codes & NO_YAML:
        return
    assert bool(schema_finds(part, words_of(path.read_text(encoding="utf-8")))) >= bool(codes - BEYOND), codes


def test_the_files_are_up_to_date() -> None:
    assert CliRunner().invoke(schema_command, ["--check"]).exit_code == 0


def test_a_schema_out_of_date_is_told_and_written_anew(folder: Path) -> None:
    path = folder / "flows" / "flow.schema.json"
    path.write_text("{}", encoding="utf-8")
    assert CliRunner().invoke(schema_command, ["--content", str(folder), "--check"]).exit_code == 1
    assert CliRunner().invoke(schema_command, ["--content", str(folder)]).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["title"]


def test_the_schemas_are_schemas_and_explain_every_key() -> None:
    for part, file in FILES.items():
        schema = json.loads((PROJECT / "flows" / file).read_text(encoding="utf-8"))
        Draft7Validator.check_schema(schema)
        parts = {part: schema, **{name: one for name, one in schema["definitions"].items() if name != "do"}}
        for name, one in parts.items():
            assert {key.name for key in KEYS[name]} == set(one["properties"])
            assert all(key["description"] for key in one["properties"].values())


def _mutations(data: Any, chance: Random) -> Iterator[Any]:
    """Copies of a file's data with one thing changed: a key gone, renamed or of another shape."""
    for _ in range(40):
        copy = deepcopy(data)
        at = copy
        while True:
            inner = [value for value in (at.values() if isinstance(at, dict) else at) if isinstance(value, dict | list) and value]
            if not inner or (isinstance(at, dict) and chance.random() < 0.4):
                break
            at = chance.choice(inner)
        if isinstance(at, dict):
            key = chance.choice(list(at))
            change = chance.randrange(5)
            if change == 0:
                del at[key]
            elif change == 1:
                at[key + "x"] = at.pop(key)
            else:
                at[key] = chance.choice(["", "peut-être", ["yes"], {"a": "b"}, [], {}])
        yield copy


@pytest.mark.parametrize(("part", "path"), SHIPPED, ids=lambda value: getattr(value, "stem", value))
def test_loader_and_schema_agree_on_files_with_one_thing_changed(part: str, path: Path) -> None:
    for changed in _mutations(words_of(path.read_text(encoding="utf-8")), Random(path.stem)):
        raw = yaml.safe_dump(changed, allow_unicode=True, sort_keys=False).encode()
        codes = loader_codes(part, raw) - BEYOND
        # Whether an intent exists is known to the schema and, of one file, not to the loader.
        found = [error.message for error in VALIDATORS[part].iter_errors(changed) if not {"intent", "entity"} & set(error.absolute_path)]
        unknown = [error for error in VALIDATORS[part].iter_errors(changed) if {"intent", "entity"} & set(error.absolute_path)]
        assert bool(found) == bool(codes) or (unknown and not found), (codes, found, raw.decode())
