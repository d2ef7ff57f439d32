"""A small part of `dellusi faults run` against the running service, with every part real."""

import json
import os
import subprocess
from typing import Any

import pytest

from tests.e2e.rig import DELLUSI, Service

pytestmark = pytest.mark.e2e


def faults(service: Service, *options: str) -> tuple[int, Any, str]:
    """Exit code, the JSON, and what was said beside it."""
    url = f"http://127.0.0.1:{service.port + 8}"
    command = (DELLUSI, "faults", "run", "--url", url, "--json", *options)
    done = subprocess.run(command, env={**os.environ, **service.variables}, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout or "null"), done.stderr


def test_trouble_at_any_step_leaves_one_intake_one_referral_one_notice_and_one_reply_each(service: Service) -> None:
    kinds = ("--only", "took it, then 500", "--only", "five times", "--only", "reordered", "--only", "63016")
    code, outcome, said = faults(service, "--seed", "11", *kinds, "--step", "consent", "--step", "referral", "--step", "answer")
    assert (code, [cell for cell in outcome["cells"] if cell["problem"]]) == (0, [])
    assert "seed 11" in said
    # Two undisturbed conversations; three steps of three troubles; the caseworker, who has SMS, has no window that could close.
    assert len(outcome["cells"]) == 2 + 3 * 3 + 2


def test_a_cell_that_fails_is_named_and_the_command_ends_with_1(service: Service) -> None:
    # This service looks for lost webhooks every five minutes: five seconds are too few.
    code, outcome, _ = faults(service, "--seed", "12", "--only", "webhook lost", "--step", "consent", "--patience", "5")
    assert code == 1
    (bad,) = [cell for cell in outcome["cells"] if cell["problem"]]
    assert (bad["kind"], bad["step"], bad["problem"]) == ("webhook lost", "consent", "0 of 1 texts after 5 s, after 3 answers")


def test_without_a_sandbox_the_command_says_so_and_ends_with_2(service: Service) -> None:
    command = (DELLUSI, "faults", "run", "--url", "http://127.0.0.1:9", "--only", "late")
    done = subprocess.run(command, env={**os.environ, **service.variables}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "No sandbox" in done.stderr
