"""What breaks on the way: processes that die, a Redis that loses everything, a provider that refuses, doubts and drops."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import sqlalchemy as sa

from bot.domain.errors import SendError, Unavailable
from bot.domain.messages import Accepted, OutboundMessage, Sent
from tests.conftest import Clock
from tests.pipeline.world import RecordingChannel

# Shares of all commits, wake-ups, sends and steps.
DIES_BEFORE_COMMIT, DIES_AFTER_COMMIT, DIES_AROUND_SENDING, REFUSED, REDIS_LOST = 1 / 250, 1 / 200, 1 / 120, 1 / 15, 1 / 40
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
        self.on, self.inside = True, False

    def happens(self, share: float, what: str) -> bool:
        """Whether it happens now; counted."""
        if not self.on or self.chance.random() >= share:
            return False
        self.counts[what] += 1
        return True

    def die(self, share: float, where: str) -> None:
        """Maybe die here. Whoever only looks at the service is none of its processes."""
        if self.inside and self.happens(share, where):
            raise Killed(where)

    def watch_commits(self, engine: sa.Engine) -> None:
        """Transactions that never reach their commit."""
        sa.event.listen(engine, "commit", lambda connection: self.die(DIES_BEFORE_COMMIT, "killed before commit"))

    @contextmanager
    def survived(self) -> Iterator[None]:
        """Whatever dies inside is started again later by whoever comes next."""
        with suppress(Killed, Unavailable):
            self.inside = True
            try:
                yield
            finally:
                self.inside = False


class Inline(ThreadPoolExecutor):
    """A pool without threads: a process that dies in a call dies as a whole, and the same seed is the same run."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as the pool itself does
            done.set_exception(error)
        return done

    def map(self, fn: Callable[..., Any], *several: Iterable[Any], **_: Any) -> Iterator[Any]:
        return iter([fn(*each) for each in zip(*several, strict=False)])


@dataclass
class TroubledChannel(RecordingChannel):
    """A provider that refuses, takes without saying so, and whose list knows when it took what."""

    trouble: Trouble = field(default_factory=lambda: Trouble(0))
    clock: Clock = field(default_factory=Clock)
    times: list[datetime] = field(default_factory=list)

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        self.trouble.die(DIES_AROUND_SENDING, "killed before a send")
        if self.trouble.happens(REFUSED, "refused or in doubt"):
            self.outcomes.append(self.trouble.chance.choice(REFUSALS)())
        try:
            sent = super().send(message, reference)
        finally:
            self.times += [self.clock()] * (len(self.taken) - len(self.times))
        self.trouble.die(DIES_AROUND_SENDING, "killed after a send")
        return sent

    def find(self, message: OutboundMessage, since: datetime) -> Accepted | None:
        wanted = (message.recipient, self.render(message))
        for (taken, _, sid), at in zip(reversed(self.taken), reversed(self.times), strict=True):
            if at < since:
                return None
            if (taken.recipient, self.render(taken)) == wanted:
                return Accepted(sid, message.text, at)
        return None
