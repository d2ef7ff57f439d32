"""An understanding service for the time of one command: the one that runs, else one of its own that ends with the command."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.supervisor.child import LEASH
from bot.supervisor.environment import for_nlu
from bot.supervisor.processes import StartError

USUAL = "http://127.0.0.1:5005"
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Service:
    """Where an understanding service answers, with its token. `own`: it was started for this command."""

    url: str
    token: str
    own: bool = False


@contextmanager
def understanding(project: Path, given: Mapping[str, str], url: str | None = None, token: str = "") -> Iterator[Service]:
    """The service at `url`; without it the one that the environment names, if it answers; else one that lives as long as the block.

    Raises `StartError` when none answers at `url`, when none is installed, or when it does not get ready.
    """
    if url is not None:
        if not answers(url, token):
            raise StartError(f"No understanding service answers at {url}.")
        yield Service(url, token)
        return
    running = Service(given.get("BOT_NLU_URL") or USUAL, given.get("BOT_NLU_TOKEN", ""))
    if answers(running.url, running.token):
        yield running
        return
    with _started(project, given) as own:
        yield own


def answers(url: str, token: str) -> bool:
    """Whether an understanding service there takes the token and is ready."""
    try:
        return httpx.get(f"{url}/status", params={"token": token} if token else {}, timeout=2.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def _started(project: Path, given: Mapping[str, str]) -> Iterator[Service]:
    python = project / "nlu" / ".venv" / "bin" / "python"
    if not python.exists() or not (project / "nlu" / "models" / "current.json").exists():
        raise StartError("The understanding service is not installed or not trained: run `make setup`, then `dellusi nlu train`.")
    own = Service(f"http://127.0.0.1:{_free_port()}", secrets.token_urlsafe(18), own=True)
    environment = for_nlu({**given, "BOT_NLU_TOKEN": own.token, "BOT_NLU_PORT": own.url.rpartition(":")[2]})
    serve = ("serve", "--host", "127.0.0.1", "--port", own.url.rpartition(":")[2], "--token-from-env")
    # On a leash: whatever becomes of the command, the service does not outlive it.
    leash = (sys.executable, "-I", "-S", str(LEASH), str(int(signal.SIGTERM)), str(os.getpid()), "-")
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603
            (*leash, str(python), "-m", "training", *serve),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=project / "nlu",
            start_new_session=True,
        )
        try:
            if not _ready(own, child):
                said.seek(0)
                last = said.read().decode(errors="replace").strip().splitlines()[-5:]
                raise StartError("The understanding service did not get ready. The last it said:\n  " + "\n  ".join(last))
            yield own
        finally:
            _end(child)


def _ready(service: Service, child: "subprocess.Popen[bytes]") -> bool:
    end = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < end:
        if answers(service.url, service.token):
            return True
        time.sleep(0.2)
    return False


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
