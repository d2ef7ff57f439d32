"""The state folder: one supervisor at a time, and nothing left over from one that was killed."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.supervisor import procfs
from bot.supervisor.processes import StartError

PATIENCE = 10.0  # seconds for what was left over to end by itself; PostgreSQL writes its pages back meanwhile


@dataclass(frozen=True, slots=True)
class Living:
    """A process that we started: enough to know it again, and never to mistake another one for it."""

    name: str
    pid: int
    started: int
    stop_signal: int


class State:
    """A folder below which the running service keeps everything; held by one supervisor at a time."""

    def __init__(self, folder: Path) -> None:
        """Make the folder and hold it. Raises `StartError` when another supervisor does, or it is not ours."""
        self.folder = folder
        self._file = folder / "processes.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Never inherited by a child: the lock ends with this process, however it ends.
            self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise StartError(
                f"{folder} belongs to another user. Run as that user, or keep the state elsewhere:\n  dellusi run --state ANOTHER_FOLDER"
            ) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(self._held()) from None
        os.ftruncate(self._lock, 0)
        os.write(self._lock, str(os.getpid()).encode())

    def _held(self) -> str:
        return (
            f"The service already runs on {self.folder} (process {os.read(self._lock, 20).decode() or 'unknown'}).\n"
            "Stop it there with Ctrl-C, or run a second one beside it: dellusi run --state ANOTHER_FOLDER --port 9000"
        )

    def note(self, living: tuple[Living, ...]) -> None:
        """Write down who runs, so that a later start can clear up after us. Replaced whole: a crash leaves old or new."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"boot": procfs.boot(), "living": [asdict(one) for one in living]}), encoding="utf-8")
        fresh.replace(self._file)

    def clear(self, say: Callable[[str], None], patience: float = PATIENCE) -> None:
        """End what an earlier supervisor left running; by force after `patience` seconds."""
        left = [one for one in self._noted() if _alive(one)]
        if left:
            say("An earlier run was killed; ending what it left: " + ", ".join(f"{one.name} ({one.pid})" for one in left))
        for one in left:
            _signal(one, one.stop_signal)
        deadline = time.monotonic() + patience
        while any(map(_alive, left)) and time.monotonic() < deadline:
            time.sleep(0.05)
        for one in left:
            _signal(one, signal.SIGKILL)
        self.note(())

    def _noted(self) -> list[Living]:
        try:
            noted = json.loads(self._file.read_text(encoding="utf-8"))
            return [Living(**one) for one in noted["living"]] if noted["boot"] == procfs.boot() else []
        except (OSError, ValueError, TypeError, KeyError):  # never written, or not by us
            return []

    def release(self) -> None:
        os.close(self._lock)


def _members(one: Living) -> tuple[int, ...]:
    """The process and what it started. When its number now belongs to a stranger, nobody."""
    begun = procfs.started(one.pid)
    return procfs.of_session(one.pid) if begun is None or begun == one.started else ()


def _alive(one: Living) -> bool:
    return bool(_members(one))


def _signal(one: Living, number: int) -> None:
    for pid in _members(one):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
