"""What `dellusi flows test` says about conversations: passed, failed with the chat as it went, broken, rewritten."""

import json
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli.flows_test import test as command
from bot.content.load import load_content
from bot.domain.contacts import Contact
from bot.engine.turn import Heard
from bot.flowtools.chat import Chat
from bot.flowtools.coverage import Ledger
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)


def run(folder: Path, conversation: str, *options: str) -> Result:
    path = folder / "talk.yml"
    path.write_text("tests:\n" + conversation, encoding="utf-8")
    return CliRunner().invoke(command, [str(path), "--lang", "fr", *options])


GREETING = """
  - name: Bonjour
    language: fr
    channel: sms
    steps:
      - say: "Bonjour"
      - expect: ["BIENVENUE", "gratuit"]
      - not_expect: "erreur"
      - ended: no
"""
WRONG = GREETING.replace('"BIENVENUE"', '"xyz"')


def test_expectations_ignore_case_and_accents(tmp_path: Path) -> None:
    result = run(tmp_path, GREETING)
    assert result.exit_code == 0, result.output
    assert "1 conversation(s)" in result.output


def test_a_failure_shows_the_chat_the_line_and_what_was_missing(tmp_path: Path) -> None:
    result = run(tmp_path, WRONG)
    assert result.exit_code == 1
    assert "> Bonjour" in result.output
    assert "< Bonjour et bienvenue" in result.output
    assert "talk.yml:8: La réponse devait contenir « xyz »." in result.output


def test_a_broken_file_is_told_with_every_mistake_and_code_two(tmp_path: Path) -> None:
    broken = GREETING.replace("say:", "sai:").replace("language: fr", "language: fro").replace("not_expect", "not_expected")
    result = run(tmp_path, broken)
    assert result.exit_code == 2
    assert len([line for line in result.output.splitlines() if "erreur:" in line]) == 3
    assert "Traceback" not in result.output


def test_a_tap_picks_a_button_by_its_label_and_names_what_there_is_otherwise(tmp_path: Path) -> None:
    tapping = """
  - name: Boutons
    channel: whatsapp
    steps:
      - say: "menu"
      - tap: "{label}"
      - expect: "garantir"
"""
    assert run(tmp_path, tapping.format(label="un travail")).exit_code == 0
    missed = run(tmp_path, tapping.format(label="Une moto"))
    assert missed.exit_code == 1
    assert "« Une moto »" in missed.output
    assert "Un travail" in missed.output


def test_what_came_is_written_into_the_expectation_on_demand(tmp_path: Path) -> None:
    assert run(tmp_path, WRONG, "--rewrite").exit_code == 1
    rewritten = (tmp_path / "talk.yml").read_text(encoding="utf-8")
    assert '- expect: ["gratuit"' in rewritten
    assert "xyz" not in rewritten
    assert CliRunner().invoke(command, [str(tmp_path / "talk.yml")]).exit_code == 0


def test_machines_read_json(tmp_path: Path) -> None:
    data = json.loads(run(tmp_path, WRONG, "--json", "--coverage").output)
    (conversation,) = data["conversations"]
    assert conversation["misses"][0]["line"] == 8
    assert {report["language"] for report in data["coverage"]} == {"fr", "wo"}


def test_coverage_names_nodes_and_ways_that_nobody_tried(tmp_path: Path) -> None:
    result = run(tmp_path, GREETING, "--coverage", "--language", "fr")
    assert "training.place" in result.output
    assert "register.consent -> refused (réponse « no »)" in result.output
    assert "welcome.hello" not in result.output


def test_watching_for_coverage_changes_nothing_that_is_said(tmp_path: Path) -> None:
    plain, watched = (Chat(content, Contact("sms", "fr")) for content in (CONTENT, Ledger().watch(CONTENT)))
    for text in ("bonjour", "2", "Bambey", "oui", "oui", "1", "retour", "1", "passer", "stop"):
        assert plain.hear(Heard(text)) == watched.hear(Heard(text))
    assert plain.pass_(timedelta(days=9)) == watched.pass_(timedelta(days=9))


def test_broken_flows_are_told_before_any_conversation_is_held(folder: Path) -> None:
    (folder / "flows" / "menu.yml").write_text("flow: menu\n\tnodes:\n", encoding="utf-8")
    result = CliRunner().invoke(command, ["--content", str(folder)])
    assert result.exit_code == 2


def test_time_passes_through_every_wait_on_the_way() -> None:
    chat = Chat(CONTENT, Contact("sms", "fr"))
    chat.hear(Heard("inscription"))
    chat.hear(Heard("oui"))
    assert chat.pass_(timedelta(days=1))
    assert chat.session is not None
    chat.pass_(timedelta(days=30))
    assert chat.session is None
