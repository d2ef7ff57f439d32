"""`dellusi run`, `dellusi keys` and `dellusi nlu` as they are typed."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from bot import settings

DELLUSI = str(Path(sys.prefix) / "bin" / "dellusi")
SERVERS = {"BOT_DATABASE_URL": "postgresql://127.0.0.1:1/none", "BOT_REDIS_URL": "redis://127.0.0.1:1"}


def dellusi(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | variables
    return subprocess.run([DELLUSI, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_run_refuses_a_taken_port_and_says_who_holds_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        refused = dellusi("run", "--no-nlu", "--state", str(tmp_path), BOT_WEBHOOKS_PORT=port, **SERVERS)
    assert refused.returncode == 2
    assert f"Port {port}, wanted by webhooks, is taken by process {os.getpid()}" in refused.stderr
    assert "BOT_WEBHOOKS_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_run_refuses_a_mistyped_setting_before_anything_starts(tmp_path: Path) -> None:
    refused = dellusi("run", "--no-nlu", "--state", str(tmp_path), BOT_REGOIN="thies", **SERVERS)
    assert refused.returncode == 2
    assert "BOT_REGOIN: no such setting" in refused.stderr
    assert "Starting" not in refused.stdout


def test_run_with_real_credentials_asks_for_the_public_address(tmp_path: Path) -> None:
    real = {"BOT_TWILIO_ACCOUNT_SID": f"AC{'0' * 32}", "BOT_TWILIO_AUTH_TOKEN": "token"}
    refused = dellusi("run", "--no-nlu", "--state", str(tmp_path), **real, **SERVERS)
    assert refused.returncode == 2
    assert "BOT_PUBLIC_URL: is missing" in refused.stderr


def test_help_teaches_with_examples_and_exit_codes() -> None:
    shown = dellusi("run", "--help").stdout
    assert "dellusi run --port 9000" in shown
    assert "Exit codes:" in shown


def test_new_keys_are_lines_for_an_environment_file(tmp_path: Path) -> None:
    printed = dellusi("keys", "new")
    lines = dict(line.split("=", 1) for line in printed.stdout.splitlines())
    assert printed.returncode == 0
    assert list(lines) == ["BOT_ENCRYPTION_KEYS", "BOT_INDEX_KEY", "BOT_CALLBACK_KEY"]
    for name in ("BOT_INDEX_KEY", "BOT_CALLBACK_KEY"):
        settings.parse_key(lines[name], name)


def test_nlu_commands_are_handed_to_their_own_environment() -> None:
    forwarded = dellusi("nlu", "--help", BOT_INDEX_KEY="secret")
    assert forwarded.returncode == 0, forwarded.stderr
    assert "train" in forwarded.stdout
