"""Talking to the draft in the terminal, with and without the understanding service."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from bot.cli.flows import flows

NOBODY = "http://127.0.0.1:9"


def talk(*lines: str, options: tuple[str, ...] = ()) -> Result:
    result = CliRunner().invoke(flows, ["try", "--lang", "fr", "--nlu", NOBODY, *options], input="\n".join(lines) + "\n")
    assert result.exit_code == 0, result.output
    return result


def test_a_draft_answers_without_any_service(folder: Path) -> None:
    path = folder / "flows" / "thank_bye.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("bon courage", "bonne route"), encoding="utf-8")
    heard = talk("merci", options=("--content", str(folder))).output
    assert "Sans service de compréhension" in heard
    assert "bonne route" in heard
    assert "la conversation est finie" in heard


def test_buttons_time_and_the_state_of_a_conversation() -> None:
    heard = talk("menu", "/tap Un travail", "/state", "/wait 30d", options=("--channel", "whatsapp")).output
    assert "Dans quelle ville" in heard
    assert "à l'étape job.place" in heard
    assert heard.rstrip().endswith("la conversation est finie")


def test_what_does_not_work_is_told_and_the_talk_goes_on() -> None:
    heard = talk("menu", "/tap Une moto", "/wait demain", "/dance", "3").output
    assert "Il n'y a pas de bouton « Une moto »" in heard
    assert "« demain » n'est pas une durée" in heard
    assert "prêt" in heard


def test_words_of_danger_are_understood_without_the_service() -> None:
    assert "danger_self_harm" in talk("franchement j'ai envie de mourir").output


def test_a_meaning_can_be_given() -> None:
    assert "formations" in talk("/as training_request je veux devenir soudeur").output


def test_the_talk_becomes_a_test_conversation_that_comes_true(tmp_path: Path) -> None:
    heard = talk("bonjour", "2", "Bambey", "/wait 1d", "/test").output
    written = heard[heard.index("  - name:") :]
    lines = [line[2:] if line.startswith("    ") else line for line in written.splitlines()]
    path = tmp_path / "talk.yml"
    path.write_text("tests:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    result = CliRunner().invoke(flows, ["test", str(path)])
    assert result.exit_code == 0, f"{path.read_text()}\n{result.output}"


class Understands(BaseHTTPRequestHandler):
    """A small understanding service: everything means training."""

    def do_POST(self) -> None:
        body = json.dumps({"intent_ranking": [{"name": "training_request", "confidence": 0.83}], "entities": []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing: the output belongs to the test."""


@pytest.fixture
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Understands)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_the_understanding_service_is_asked_when_it_is_there(service: str) -> None:
    heard = talk("je veux devenir soudeur", "/test", options=("--nlu", service)).output
    assert "Le service de compréhension répond" in heard
    assert "compris : training_request (0.83)" in heard
    assert "formations" in heard
    assert "intent: training_request" in heard


def test_an_unknown_language_is_refused() -> None:
    result = CliRunner().invoke(flows, ["try", "--language", "xx"])
    assert result.exit_code == 2
