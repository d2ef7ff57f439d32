"""Named points at which a test can have the process die, as a power cut would have it."""

import os
import signal
from functools import lru_cache

from bot.settings import crash_at


@lru_cache(maxsize=1)
def _armed() -> tuple[str, int]:
    name, _, count = crash_at().partition(":")
    return name, int(count or 1)


_passed: dict[str, int] = {}


def crash_point(name: str) -> None:
    """Dies here with SIGKILL when the environment says `BOT_CRASH_AT=<name>[:<nth time>]`. Otherwise nothing."""
    armed, count = _armed()
    if armed != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == count:
        os.kill(os.getpid(), signal.SIGKILL)
