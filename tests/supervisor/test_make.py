"""`make` and the scripts behind it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(
    path for path in [*(ROOT / "scripts").iterdir(), ROOT / ".ci" / "run", ROOT / "deploy" / "secrets" / "make"] if path.is_file()
)


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(command, cwd=ROOT, env={**outside, **variables}, capture_output=True, text=True, check=False, timeout=60)


def shim(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_make_alone_lists_every_command() -> None:
    declared = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert declared
    listed = re.findall(r"^  make (\S+)", run("make").stdout, flags=re.MULTILINE)
    assert sorted(listed) == sorted(declared[1].split())


def test_make_run_hands_its_options_on() -> None:
    planned = run("make", "-n", "run", "PORT=9000", "STATE=/tmp/second", "ARGS=--advance 4").stdout
    assert ".venv/bin/dellusi run --port 9000 --state /tmp/second --advance 4" in planned


def test_make_run_and_make_test_set_everything_up_themselves() -> None:
    for target in ("run", "test", "check"):
        assert run("make", "-n", target).stdout.splitlines()[0] == "scripts/setup"


def test_continuous_integration_checks_before_it_tests() -> None:
    calls = re.findall(r"^make (\w+)$", (ROOT / ".ci" / "run").read_text(), flags=re.MULTILINE)
    assert calls == ["check", "test"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_can_be_run_and_parsed(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert run("bash", "-n", str(script)).returncode == 0


def test_a_shim_of_an_inactive_python_is_passed_over(tmp_path: Path) -> None:
    shim(tmp_path, "python3.11", "echo 'python3.11: command not found' >&2; exit 127")
    shim(tmp_path, "python3.12", f'exec "{sys.executable}" "$@"')
    found = run("scripts/find-python", PATH=f"{tmp_path}:/usr/bin:/bin", HOME=str(tmp_path), PYENV_ROOT=str(tmp_path)).stdout.strip()
    version = run(found, "-c", "import sys; print(sys.version_info[:2] in {(3, 11), (3, 12)})").stdout.strip()
    assert not found.startswith(str(tmp_path))
    assert version == "True"


def test_a_named_python_that_is_none_is_refused_with_the_way_out(tmp_path: Path) -> None:
    shim(tmp_path, "python9", "exit 1")
    refused = run("scripts/find-python", PYTHON=str(tmp_path / "python9"))
    assert refused.returncode == 2
    assert "Python 3.11 or 3.12 is needed" in refused.stderr
    assert "PYTHON=" in refused.stderr
