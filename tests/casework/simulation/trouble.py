"""What breaks on the way: processes that die, a Redis that loses everything, a provider that refuses, doubts and drops."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any

import sqlalchemy as sa

from bot.domain.errors import SendError, Unavailable
from tests.pipeline.world import RecordingChannel

# Shares of all commits, wake-ups and sends.
DIES_BEFORE_COMMIT, DIES_AFTER_COMMIT, DIES_AROUND_SENDING, REFUSED = 1 / 250, 1 / 200, 1 / 120, 1 / 15
REFUSALS: tuple[Callable[[], SendError], ...] = (
    lambda: SendError("20429", retryable=True),
    lambda: SendError("20500", retryable=True),
    lambda: SendError("timeout", retryable=True, ambiguous=True),
    lambda: SendError("taken_then_dropped", retryable=True, ambiguous=True),
)


class Killed(BaseException):
    """The process is gone here, as after SIGKILL: nothing that catches ordinary errors sees it, and its transaction is undone."""


class Trouble:
    """Breaks things by chance; `counts` is what happened."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.counts: Counter[str] = Counter()
        self.on = True

    def die(self, share: float, where: str) -> None:
        """Maybe die here."""
        if self.on and self.chance.random() < share:
            self.counts[where] += 1
            raise Killed(where)

    def watch_commits(self, engine: sa.Engine) -> None:
        """Transactions that never reach their commit."""
        sa.event.listen(engine, "commit", lambda connection: self.die(DIES_BEFORE_COMMIT, "killed before commit"))

    def watch(self, channel: RecordingChannel) -> None:
        """Sends that are refused, that nobody answers, or in the middle of which the process dies."""

        def before(message: Any, reference: str) -> None:
            self.die(DIES_AROUND_SENDING, "killed while sending")
            if self.on and self.chance.random() < REFUSED:
                self.counts["refused or in doubt"] += 1
                channel.outcomes.append(self.chance.choice(REFUSALS)())

        channel.before = before

    @contextmanager
    def survived(self) -> Iterator[None]:
        """Whatever dies inside is started again later by whoever comes next."""
        with suppress(Killed, Unavailable):
            yield
