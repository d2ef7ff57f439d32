"""`dellusi run` brings up everything, survives kills, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.supervisor.supervisor_rig import alive, folder, until

__all__ = ["folder"]  # a fixture

pytestmark = pytest.mark.e2e

DELLUSI = str(Path(sys.prefix) / "bin" / "dellusi")
RUNNING = "Dellusi is running."
EVERYBODY = {"postgres", "redis", "nlu", "sandbox", "webhooks", "advance-1", "advance-2", "dispatch", "media", "timers"}


class Run:
    """A `dellusi run` on ports and a state of its own."""

    def __init__(self, state: Path, base: int) -> None:
        self.state, self.base, self.lines = state, base, list[str]()
        outside = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        command = (DELLUSI, "run", "--state", str(state), "--port", str(base))
        self.process = subprocess.Popen(command, env=outside, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def up(self, seconds: float) -> None:
        until(lambda: RUNNING in self.lines or self.process.poll() is not None, seconds, lambda: "\n".join(self.lines))
        assert RUNNING in self.lines, "\n".join(self.lines)

    @property
    def pids(self) -> dict[str, int]:
        return {one["name"]: one["pid"] for one in json.loads((self.state / "processes.json").read_text())["living"]}

    def get(self, path: str, offset: int = 0) -> int:
        with urlopen(f"http://127.0.0.1:{self.base + offset}{path}", timeout=5) as answer:
            return int(answer.status)


@pytest.fixture
def base() -> int:
    """A port that is free, and so are those 5 and 8 above."""
    for candidate in range(20_000 + os.getpid() % 5_000, 32_000, 10):
        try:
            for offset in (0, 5, 8):
                socket.create_server(("127.0.0.1", candidate + offset)).close()
        except OSError:
            continue
        return candidate
    raise AssertionError("no free ports")


@pytest.fixture
def runs(folder: Path, base: int) -> Iterator[list[Run]]:
    made: list[Run] = []
    yield made
    for run in made:
        if run.process.poll() is None:
            run.process.send_signal(signal.SIGTERM)
            run.process.wait(60)


def test_everything_is_up_survives_a_kill_and_is_gone_after_ctrl_c(runs: list[Run], folder: Path, base: int) -> None:
    runs.append(first := Run(folder / "state", base))
    first.up(600)  # a model may have to be trained first
    assert set(first.pids) == EVERYBODY
    assert first.get("/health/live") == first.get("/metrics") == first.get("/", 8) == first.get("/control/health", 8) == 200

    before = first.pids["webhooks"]
    os.kill(before, signal.SIGKILL)
    until(lambda: first.pids.get("webhooks", before) != before)

    first.process.kill()
    left = first.pids
    runs.append(second := Run(folder / "state", base))
    begun = time.monotonic()
    second.up(60)
    assert time.monotonic() - begun < 20
    assert not any(alive(pid) for pid in left.values())
    assert second.get("/health/live") == 200

    pids = second.pids
    second.process.send_signal(signal.SIGINT)
    assert second.process.wait(60) == 0
    assert not any(alive(pid) for pid in pids.values())
    assert not any("died" in line for line in second.lines)
