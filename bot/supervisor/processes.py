"""What the supervisor knows about a process before it runs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, Signals

from bot.domain.errors import BotError

Probe = Callable[[], Awaitable[bool]]
"""Asks once whether a process does its work yet. Answers False rather than raise."""


class StartError(BotError):
    """The service cannot be brought up; the sentence says why and what to do."""

    code = "start_error"


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the service.

    `name` is the prefix of its lines; `environment` is all it sees. `ready` is asked until it says yes, `patience`
    seconds long; without it the process is ready once it has run for `settle` seconds. `once`: it has to end with 0 before
    what comes later starts, and is not started again. `required` False: its failure is told and the start goes on.
    `stop_signal` asks it to end, `grace` is how many seconds it may take. `user` is an account to run as (only root can).
    The lines of a `quiet` process are shown only when it dies.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path
    ready: Probe | None = None
    patience: float = 45.0
    settle: float = 3.0
    once: bool = False
    required: bool = True
    stop_signal: Signals = SIGTERM
    grace: float = 15.0
    user: str | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Processes in stages: a stage starts when the one before is ready; stopping goes the other way round."""

    stages: tuple[tuple[Process, ...], ...]
    farewell: str = "Everything is stopped."
    greeting: str = "Everything is running."

    @property
    def processes(self) -> tuple[Process, ...]:
        return tuple(process for stage in self.stages for process in stage)
