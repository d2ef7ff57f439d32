"""What reaches a log line: names of events, ids and codes. What people wrote or are called never does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.settings import PROJECT

SCRIPT = """
import logging, sys
from bot import telemetry
from bot.domain.addresses import Address

telemetry.configure({format!r}, "info", "tests")
log = telemetry.log()

class Named(Exception):
    pass

def fails():
    raise Named("Kanaari +221771110001")

log.info("event", message="id-1", code="21610", text="Kanaari", body="Kanaari", address="+221771110001", name="Kanaari", sender="Kanaari")
log.debug("quiet", message="id-2")
log.error("address", reason=repr(Address("sms", "+221771110001")))
try:
    fails()
except Named as error:
    log.error("broke", exc_info=True)
    log.error("broke_too", exc_info=(type(error), error, error.__traceback__))
    log.error("raised", exc_info=error)
    logging.getLogger("somebody.else").exception("Kanaari said %s", "+221771110001")
    logging.getLogger("somebody.else").warning("Kanaari %s", "+221771110001")
log.info("injection", reason="one\\ntwo\\x1b[31m")
"""


def run(log_format: str) -> tuple[list[str], str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(format=log_format)], capture_output=True, text=True, cwd=PROJECT, check=True, timeout=30
    )
    return done.stdout.splitlines(), done.stderr


@pytest.fixture(scope="module")
def lines() -> dict[str, dict[str, Any]]:
    return {line["event"]: line for line in map(json.loads, run("json")[0])}


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_nothing_that_people_wrote_or_are_called_reaches_a_line(log_format: str) -> None:
    written, errors = run(log_format)
    assert written
    for secret in ("Kanaari", "221771110001"):
        assert secret not in "\n".join(written) + errors


def test_a_line_holds_the_allowed_keys_and_no_other(lines: dict[str, dict[str, Any]]) -> None:
    assert set(lines["event"]) == {"event", "level", "timestamp", "process", "message", "code"}
    assert (lines["event"]["process"], lines["event"]["code"]) == ("tests", "21610")


def test_what_is_below_the_level_is_not_written(lines: dict[str, dict[str, Any]]) -> None:
    assert "quiet" not in lines


@pytest.mark.parametrize("event", ["broke", "broke_too", "raised"])
def test_an_exception_is_its_type_and_its_place(lines: dict[str, dict[str, Any]], event: str) -> None:
    assert lines[event]["exc_type"] == "Named"
    assert lines[event]["where"].startswith("__main__:")


def test_a_line_stays_one_line() -> None:
    written, _ = run("json")
    assert all(json.loads(line) for line in written)


def test_the_libraries_speak_through_the_same_filter() -> None:
    _, errors = run("json")
    assert errors.splitlines() == ["ERROR somebody.else", "Named"]
    assert str(Path.cwd()) not in errors
