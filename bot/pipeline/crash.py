"""Named points at which a test can have the process die, as a power cut would have it."""

import os
import signal
from functools import lru_cache

from bot.settings import crash_at


@lru_cache(maxsize=1)
def _armed() -> tuple[str, int, str]:
    name, count, once = (*crash_at().split(":", 2), "", "")[:3]
    return name, int(count or 1), once


_passed: dict[str, int] = {}


def crash_point(name: str) -> None:
    """Dies here with SIGKILL when the environment says `BOT_CRASH_AT=<name>[:<nth time>[:<file>]]`. Otherwise nothing.

    With a file, only the first process dies: it makes the file.
    """
    armed, count, once = _armed()
    if armed != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == count and _first(once):
        os.kill(os.getpid(), signal.SIGKILL)


def _first(once: str) -> bool:
    if not once:
        return True
    try:
        os.close(os.open(once, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
