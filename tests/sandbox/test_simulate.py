"""`dellusi simulate` against a running sandbox and a service that answers."""

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.simulate import simulate
from tests.sandbox.sandbox_rig import ACCOUNT, AWA, TOKEN, Received, Rig, rig


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig() as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {})
    shared.receiver.got.clear()
    shared.receiver.answers.clear()
    shared.receiver.react = lambda received: answer(shared, received)
    return shared


def answer(sandbox: Rig, received: Received) -> None:
    """A service of three sentences, in two messages to a greeting."""
    said, person = received.form["Body"].lower(), received.form["From"].removeprefix("whatsapp:")
    if received.path == "/twilio/whatsapp":
        _whatsapp(sandbox, received, person)
    elif "salaam" in said:
        sandbox.sms("Dalal jàmm ! Mënuma la jàppale.", to=person)
        sandbox.sms("Bindal 1 walla 2.", to=person)
    else:
        sandbox.sms("Reçu : tasyong « " + said + " »", to=person)


def _whatsapp(sandbox: Rig, received: Received, person: str) -> None:
    if "ButtonPayload" in received.form:
        sandbox.whatsapp("Merci.", to=person)
        return
    actions = [{"type": "QUICK_REPLY", "title": "Oui", "id": "yes"}]
    types = {"twilio/quick-reply": {"body": "D'accord ?", "actions": actions}}
    document = {"friendly_name": "x", "language": "fr", "types": types}
    sid = sandbox.http.post("/v1/Content", json=document, auth=(ACCOUNT, TOKEN)).json()["sid"]
    sandbox.whatsapp(to=person, content_sid=sid)


def run(sandbox: Rig, *arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(simulate, ["--url", sandbox.url, "--timeout", "1", *map(str, arguments)], input=typed)


def written(folder: Path, text: str, name: str = "talk.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


GOOD = """
# a conversation
> Salaam aleekum
< DALAL JAMM
< bindal 1
> 1
wait 50ms
< recu : tasyoŋ "1"
"""


def test_a_script_whose_expectations_are_met_ends_with_0(sandbox: Rig, tmp_path: Path) -> None:
    result = run(sandbox, "--script", written(tmp_path, GOOD))
    assert result.exit_code == 0, result.output
    assert "> Salaam aleekum\n< Dalal jàmm ! Mënuma la jàppale.\n  1 segment, UCS-2, 31 units\n" in result.output
    assert "< Bindal 1 walla 2.\n  1 segment, GSM-7, 17 units\n" in result.output


def test_the_same_conversation_can_be_yaml(sandbox: Rig, tmp_path: Path) -> None:
    text = "- send: Salaam aleekum\n- expect: [dalal jamm, Bindal]\n- wait: 0.1s\n- send: 01\n- expect: '\"01\"'\n"
    result = run(sandbox, "--script", written(tmp_path, text, "talk.yml"))
    assert result.exit_code == 0, result.output


def test_an_expectation_that_is_not_met_ends_with_1_and_shows_the_chat(sandbox: Rig, tmp_path: Path) -> None:
    result = run(sandbox, "--script", written(tmp_path, "> Salaam aleekum\n< nangeen def\n> 1\n"))
    assert result.exit_code == 1
    assert "Dalal jàmm" in result.output
    assert "✗ line 2: this did not come: nangeen def" in result.output
    assert len(sandbox.receiver.got) == 1


def test_an_earlier_answer_does_not_meet_a_later_expectation(sandbox: Rig, tmp_path: Path) -> None:
    script = written(tmp_path, "> Salaam aleekum\n> 1\n< Dalal jàmm\n")
    assert run(sandbox, "--script", script).exit_code == 1


def test_a_message_that_the_service_does_not_take_ends_with_1(sandbox: Rig, tmp_path: Path) -> None:
    sandbox.receiver.answers.extend([500, 500, 500])
    result = run(sandbox, "--script", written(tmp_path, "> Salaam aleekum\n"))
    assert result.exit_code == 1
    assert "the service did not take this (3 tries)" in result.output


def test_buttons_can_be_tapped_on_whatsapp(sandbox: Rig, tmp_path: Path) -> None:
    script = written(tmp_path, "> Bonjour\n< d'accord\ntap oui\n< merci\n")
    result = run(sandbox, "--channel", "whatsapp", "--as", "SN.awa1", "--script", script)
    assert result.exit_code == 0, result.output
    assert "[Oui]" in result.output
    assert sandbox.receiver.got[-1].form["ButtonPayload"] == "yes"
    assert sandbox.receiver.got[-1].form["From"] == "whatsapp:SN.awa1"


def test_a_button_that_is_not_there_ends_with_1(sandbox: Rig, tmp_path: Path) -> None:
    result = run(sandbox, "--channel", "whatsapp", "--script", written(tmp_path, "> Bonjour\ntap Peut-être\n"))
    assert result.exit_code == 1
    assert "there was no such button: Peut-être" in result.output


def test_json_says_what_was_met_and_what_it_cost(sandbox: Rig, tmp_path: Path) -> None:
    result = run(sandbox, "--json", "--as", AWA, "--script", written(tmp_path, GOOD))
    document: dict[str, Any] = json.loads(result.stdout)
    assert (document["met"], document["failed"], document["from"], document["channel"]) == (True, None, AWA, "sms")
    assert document["segments"] == 3
    assert [message["mine"] for message in document["messages"]] == [True, False, False, True, False]
    failed = json.loads(run(sandbox, "--json", "--script", written(tmp_path, "> x\n< nangeen\n")).stdout)
    assert (failed["met"], failed["failed"]) == (False, {"line": 2, "verb": "expect", "text": "nangeen"})


@pytest.mark.parametrize(("language", "greeting"), [("fr", "Bonjour"), ("wo", "Salaam aleekum")])
def test_a_language_begins_with_its_greeting(sandbox: Rig, language: str, greeting: str) -> None:
    assert run(sandbox, "--language", language).exit_code == 0
    assert sandbox.receiver.got[0].form["Body"] == greeting


def test_without_language_and_script_nothing_is_sent_by_itself(sandbox: Rig) -> None:
    assert run(sandbox).exit_code == 0
    assert sandbox.receiver.got == []


def test_typed_lines_are_sent_and_commands_do_other_things(sandbox: Rig) -> None:
    result = run(sandbox, "--channel", "whatsapp", typed="Bonjour\n/tap Oui\n/tap Non\n/voice\n/place\n/empty\n/dance\n\n/quit\nmore\n")
    assert result.exit_code == 0
    kinds = [received.form["MessageType"] for received in sandbox.receiver.got]
    assert kinds == ["text", "interactive", "audio", "location", "text"]
    assert "There is no button Non." in result.output
    assert "< Merci." in result.output


def test_what_a_phone_cannot_do_is_said_and_the_talk_goes_on(sandbox: Rig) -> None:
    result = run(sandbox, typed="/place\nSalaam\n")
    assert "an SMS cannot carry a location" in result.output
    assert "Dalal jàmm" in result.output


def test_every_run_is_a_new_phone_unless_one_is_named(sandbox: Rig) -> None:
    for _ in range(2):
        run(sandbox, "--language", "wo")
    first, second = (received.form["From"] for received in sandbox.receiver.got)
    assert first != second


def test_an_old_conversation_is_no_answer(sandbox: Rig, tmp_path: Path) -> None:
    run(sandbox, "--as", AWA, "--language", "wo")
    sandbox.receiver.react = None
    assert run(sandbox, "--as", AWA, "--script", written(tmp_path, "> Salaam\n< Dalal jàmm\n")).exit_code == 1


def test_without_a_sandbox_it_says_what_to_do(sandbox: Rig) -> None:
    for url in ("http://127.0.0.1:1", "nonsense", sandbox.receiver.url):
        result = CliRunner().invoke(simulate, ["--url", url, "--language", "wo"])
        assert result.exit_code == 2
        assert "dellusi run" in result.output


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("talk.txt", "", "sends nothing"),
        ("talk.txt", "> a\nhello\n", "talk.txt:2: a line begins with"),
        ("talk.txt", "> a\nwait long\n", "talk.txt:2: write wait like"),
        ("talk.txt", "> a\n<\n", "talk.txt:2: expect needs a text"),
        ("talk.yml", "- send: [", "is no YAML"),
        ("talk.yml", "send: a\n", "write a list of steps"),
        ("talk.yml", "- send: a\n- shout: b\n", "talk.yml:2: shout is none of"),
        ("talk.yml", "- send: a\n  expect: b\n", "talk.yml:1: one step has one of"),
        ("talk.yml", "- send: {a: b}\n", "talk.yml:1: send takes a text"),
    ],
)
def test_a_script_that_cannot_be_read_ends_with_2_and_names_its_line(
    sandbox: Rig, tmp_path: Path, name: str, text: str, reason: str
) -> None:
    result = run(sandbox, "--script", written(tmp_path, text, name))
    assert result.exit_code == 2
    assert reason in result.output


def test_a_missing_script_ends_with_2(sandbox: Rig, tmp_path: Path) -> None:
    assert run(sandbox, "--script", tmp_path / "nowhere.txt").exit_code == 2


def test_on_a_terminal_answers_appear_by_themselves(sandbox: Rig) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from bot.cli import main; main()", "simulate", "--url", sandbox.url, "--as", AWA, "--language", "wo"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    screen = _until(ours, "Bindal 1 walla 2.")
    sandbox.sms("Fàttali : ëllëg ci 9 waxtu.")
    screen += _until(ours, "waxtu.")
    os.write(ours, b"Nanga def\n")
    screen += _until(ours, "Reçu : tasyong « nanga def »")
    os.write(ours, b"/quit\n")
    assert process.wait(10) == 0
    os.close(ours)
    assert "\x1b[" in screen


def _until(terminal: int, text: str) -> str:
    screen, end = b"", time.monotonic() + 10
    while text not in screen.decode("utf-8", "replace"):
        assert time.monotonic() < end, screen
        screen += os.read(terminal, 4096)
    return screen.decode("utf-8", "replace")
