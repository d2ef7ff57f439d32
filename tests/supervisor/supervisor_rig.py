"""Real supervisors over small real programs: `python supervisor_rig.py STATE SPEC` runs one, `Service` drives it from a test.

SPEC is JSON: stages of {name, role, argument?, and fields of Process}.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.supervisor import procfs
from bot.supervisor.child import BackOff
from bot.supervisor.output import Console
from bot.supervisor.processes import Plan, Probe, Process, StartError
from bot.supervisor.remains import State
from bot.supervisor.supervise import supervise

ACTOR = Path(__file__).with_name("actor.py")
GREETING = "all is up"
Stage = list[dict[str, Any]]


def actor(name: str, role: str, argument: object = "", **fields: Any) -> dict[str, Any]:
    """The spec of a process that plays `role`; `port` (a field) makes it ready when that port answers."""
    return {"name": name, "role": role, "argument": str(argument), **fields}


class Service:
    """A running supervisor; what it prints is in `lines`."""

    def __init__(self, state: Path, *stages: Stage) -> None:
        self.state = state
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(state), json.dumps(stages)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def wait_for(self, text: str, seconds: float = 45) -> None:
        until(lambda: any(text in line for line in self.lines), seconds, lambda: f"{text!r} was not said:\n{self.text}")

    def end(self, number: int = signal.SIGINT, seconds: float = 45) -> int:
        self.process.send_signal(number)
        return self.finish(seconds)

    def finish(self, seconds: float = 45) -> int:
        code = self.process.wait(seconds)
        self._reader.join(5)
        return code

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def pids(self) -> dict[str, int]:
        """Who runs now, as the state file says."""
        return {one["name"]: one["pid"] for one in json.loads((self.state / "processes.json").read_text())["living"]}


@pytest.fixture
def services() -> Iterator[Callable[..., Service]]:
    """Makes services and ends those that a test leaves running."""
    made: list[Service] = []

    def make(state: Path, *stages: Stage) -> Service:
        made.append(Service(state, *stages))
        return made[-1]

    yield make
    for service in made:
        if service.process.poll() is None:
            service.end(signal.SIGTERM)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of our own. Not below pytest's: another session closes that to the account of PostgreSQL when it starts."""
    with tempfile.TemporaryDirectory(prefix="dellusi-test-") as made:
        yield Path(made)


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def until(holds: Callable[[], bool], seconds: float = 45, why: Callable[[], str] = lambda: "it did not happen") -> None:
    """Wait until something holds, or fail saying why."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, why()
        time.sleep(0.02)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def alive(pid: int) -> bool:
    return procfs.started(pid) is not None


def _process(spec: dict[str, Any]) -> Process:
    command = (sys.executable, str(ACTOR), spec.pop("role"), spec.pop("argument"))
    name, port = spec.pop("name"), spec.pop("port", None)
    fields: dict[str, Any] = {"settle": 0.2, **spec}
    return Process(name, command, {**os.environ, "NAME": name}, ACTOR.parent, ready=_port_probe(port) if port else None, **fields)


def _port_probe(port: int) -> Probe:
    async def probe() -> bool:
        return answers(port)

    return probe


def main(state: str, stages: str) -> int:
    plan = Plan(tuple(tuple(_process(spec) for spec in stage) for stage in json.loads(stages)), greeting=GREETING)
    try:
        held = State(Path(state))
    except StartError as error:
        print(error)
        return 2
    held.clear(print, patience=1.0)
    console = Console(process.name for process in plan.processes)
    return asyncio.run(supervise(plan, console, held, BackOff(shortest=0.1, longest=3.0)))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
