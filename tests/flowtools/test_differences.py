"""What changed between two versions, in words."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.flows_diff import diff
from bot.settings import PROJECT

# Other texts are a yes as well: this is the one of flows/words.yml.
YES = 'msgctxt "words.yes"\nmsgid "Oui"\nmsgstr "Waaw"'


def told(folder: Path) -> list[str]:
    result = CliRunner().invoke(diff, [str(PROJECT), "--content", str(folder), "--lang", "fr"])
    lines = result.output.splitlines()
    assert result.exit_code == (1 if len(lines) > 1 else 0), result.output
    return lines[:-1]


def test_nothing_changed(folder: Path) -> None:
    assert told(folder) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "sentence"),
    [
        ("thank_bye.yml", "bon courage", "bonne route", "bonne route"),
        ("thank_bye.yml", "kind: answer", "kind: conversation", "thank_bye: le genre passe de « answer » à « conversation »."),
        ("thank_bye.yml", "name: bye", "name: farewell", "thank_bye.farewell: nouvelle étape."),
        ("register.yml", '{answer: "no", go: refused}', '{answer: "no", go: end}', "réponse « no » → end"),
        ("register.yml", "urgency: urgent", "urgency: normal", "register.soon: l'action"),
        ("menu.yml", 'label: "Mes droits"', 'label: "Mon droit"', "menu.rights: le choix legal (Mes droits"),
        ("forms/intake.yml", "    answer: name\n", "    answer: text\n", "form.intake.first_name: attend"),
        ("words.yml", "[passer, passe, ", "[passe, ", "words.commands.skip: le mot « passer » n'est plus compris."),
        ("translations/wo/LC_MESSAGES/flows.po", YES, YES.replace("Waaw", "Waawaaw"), "words.yes [wo]: « Waaw » devient « Waawaaw »."),
    ],
)
def test_a_change_is_told_in_a_sentence(folder: Path, file: str, before: str, after: str, sentence: str) -> None:
    path = folder / "flows" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert any(sentence in line for line in told(folder)), told(folder)


def test_a_flow_that_came_and_one_that_went(folder: Path) -> None:
    (folder / "flows" / "thank_bye.yml").unlink()
    (folder / "flows" / "hello.yml").write_text('flow: hello\nabout: "Essai"\nnodes:\n  - {name: a, say: "Bonjour."}\n', encoding="utf-8")
    assert told(folder) == ["thank_bye: le parcours a disparu.", "hello: nouveau parcours."]


def test_machines_read_json(folder: Path) -> None:
    (folder / "flows" / "thank_bye.yml").unlink()
    result = CliRunner().invoke(diff, [str(PROJECT), "--content", str(folder), "--json"])
    (change,) = json.loads(result.output)
    assert change["place"] == "thank_bye"
    assert change["code"] == "diff_flow_gone"
