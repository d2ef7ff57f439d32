"""A whole service of our own for a while: private ports, private databases, patient limits, and nothing left behind."""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.supervisor.environment import surroundings

DELLUSI = str(Path(sys.prefix) / "bin" / "dellusi")
_RUNNING = "Dellusi is running."
_PATIENCE = 180.0
# Phones that are played write faster and more than any person. Hung calls are given up soon, lost webhooks looked for often.
QUICK = {
    "BOT_LOG_LEVEL": "error",
    "BOT_PERSON_PER_MINUTE": "0",
    "BOT_PERSON_DAY_MESSAGES": "0",
    "BOT_PERSON_DAY_SEGMENTS": "0",
    "BOT_PERSON_DAY_REPEATS": "0",
    "BOT_SMS_PER_SECOND": "0",
    "BOT_WHATSAPP_PER_SECOND": "0",
    "BOT_TWILIO_TIMEOUT": "3",
    "BOT_RECONCILE_MINUTES": "0.1",
    "BOT_LATER_SECONDS": "4",
}


class NotStarted(Exception):
    """The service did not come up; the text is what it said last."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where it is, what its settings are, and where it keeps what it runs."""

    port: int
    variables: dict[str, str]
    state: Path

    @property
    def sandbox(self) -> str:
        """The address of the stand-in."""
        return f"http://127.0.0.1:{self.port + 8}"


@contextmanager
def started(given: Mapping[str, str], *options: str, **changes: str) -> Iterator[Running]:
    """`dellusi run` with `given` as its surroundings and `changes` to its settings, stopped at the end. Raises `NotStarted`."""
    folder = Path(tempfile.mkdtemp(prefix="dellusi-faults-"))
    # Two that start at once look at different ports: what is free now is taken only seconds later.
    port = free_port(25_000 + os.getpid() % 200 * 10)
    command = (DELLUSI, "run", "--state", str(folder), "--port", str(port), *options)
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env=surroundings(given) | QUICK | changes, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait(process)
        yield Running(port, variables(folder / "environment.sh"), folder)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: "subprocess.Popen[str]") -> None:
    lines: list[str] = []
    up = threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            lines.append(line)
            del lines[:-20]
            if line.strip() == _RUNNING:
                up.set()
        up.set()

    threading.Thread(target=read, daemon=True).start()
    up.wait(_PATIENCE)
    time.sleep(0.2)
    if process.poll() is not None or not any(line.strip() == _RUNNING for line in lines):
        raise NotStarted("".join(lines))


def free_port(first: int) -> int:
    """A port that is free, and so are those 5 and 8 above: what `dellusi run` needs. Raises `NotStarted`."""
    for candidate in range(first, first + 2000, 10):
        try:
            for offset in (0, 5, 8):
                socket.create_server(("127.0.0.1", candidate + offset)).close()
        except OSError:
            continue
        return candidate
    raise NotStarted("no free port")


def variables(path: Path) -> dict[str, str]:
    """The settings in an environment.sh."""
    lines = (line.removeprefix("export ").partition("=") for line in path.read_text().splitlines() if line.startswith("export "))
    return {name: shlex.split(value)[0] if value else "" for name, _, value in lines}
