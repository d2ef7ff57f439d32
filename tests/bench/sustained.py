"""The highest rate that lasts: the whole service under the soak's traffic and faults, faster and faster until something falls behind."""

import argparse
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from bot.faults.box import Box
from bot.faults.service import Running, started
from tests.soak.traffic import FAULTS, Traffic

FIRST, FASTER = 60.0, 1.2
# Each phone writes so often (seconds): nobody is in the middle of an answer when the next text comes.
_EVERY = 20
_LOOK = 2.0
# What still keeps up: nearly all that was to be written was taken, the oldest waits for its turn no longer than this (seconds), and no more
# is waiting to be sent than comes in so many seconds. A refusal for too many calls pauses a sender for up to five.
_TAKEN, _HANDLED, _WAITING = 0.97, 2.0, 5.0
_BEHIND = """
SELECT (SELECT count(*) FROM outbox WHERE state IN ('due', 'leased') AND due_at < now() + interval '1 minute'),
       (SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0) FROM messages WHERE inbound AND handled_at IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One rate for so many seconds: messages taken a second, the age of the oldest that waited for its turn (seconds), and how many
    waited to be sent."""

    rate: float
    seconds: float
    taken: float
    handled: float
    waiting: float

    @property
    def kept_up(self) -> bool:
        """Whether this rate lasts."""
        return self.taken >= _TAKEN * self.rate and self.handled < _HANDLED and self.waiting <= _WAITING * self.rate

    def __str__(self) -> str:
        verdict = "kept up" if self.kept_up else "fell behind"
        played = f"{self.rate:7.0f}/s for {self.seconds:4.0f} s"
        return f"{played}  {self.taken:7.1f} taken/s  oldest {self.handled:5.1f} s  {self.waiting:6.0f} to send  {verdict}"


def sustained(steps: list[Step]) -> float:
    """The rate of the last step when it kept up, in messages a second; 0 when none did."""
    return steps[-1].rate if steps and steps[-1].kept_up else 0.0


def climb(options: argparse.Namespace) -> list[Step]:
    """Every rate that was tried: faster and faster for `options.step` seconds each, until one falls behind; then down again for
    `options.lasting` seconds each, until one keeps up, which is the last. Prints each as it ends.

    A minute shows what is too fast. A little too fast takes longer to show: what waits grows by the difference only.
    """
    steps: list[Step] = []
    with _playing(options) as play:
        rate = FIRST
        while not steps or steps[-1].kept_up:
            steps.append(play(rate, options.step))
            rate = round(rate * FASTER)
    for rate in sorted((step.rate for step in steps if step.kept_up), reverse=True):
        # A new service: what waits from a rate that was too fast is not this one's.
        with _playing(options) as play:
            steps.append(play(rate, options.lasting))
        if steps[-1].kept_up:
            break
    return steps


@contextmanager
def _playing(options: argparse.Namespace) -> Iterator[Callable[[float, float], Step]]:
    """A running service, and what plays one rate for so many seconds."""
    with started(os.environ, BOT_RECONCILE_MINUTES="1") as running:
        box = Box(running.sandbox, 60.0)
        box.ask("seed", {"seed": options.seed})
        box.ask("faults", {"faults": list(FAULTS)})

        def play(rate: float, seconds: float) -> Step:
            step = _try(running, Traffic(box, options.seed, int(rate * _EVERY)), rate, seconds)
            if not options.json:
                print(step, flush=True)
            return step

        yield play


def _try(running: Running, traffic: Traffic, rate: float, seconds: float) -> Step:
    ended = threading.Event()
    thread = threading.Thread(target=traffic.run, args=(rate, seconds, ended), daemon=True)
    began = time.monotonic()
    thread.start()
    behind: list[tuple[float, float]] = []
    with psycopg.connect(running.variables["BOT_DATABASE_URL"], autocommit=True) as connection:
        while not behind or time.monotonic() < began + seconds:
            time.sleep(_LOOK)
            behind.extend((float(waiting), float(oldest)) for waiting, oldest in connection.execute(_BEHIND))
        taken = (traffic.taken + traffic.lost) / min(seconds, time.monotonic() - began)
    ended.set()
    thread.join(60)
    # Only what it settles to: the first seconds of a rate still clear up after the one before.
    waiting, oldest = zip(*behind[len(behind) // 2 :], strict=True)
    return Step(rate, seconds, taken, statistics.median(oldest), statistics.median(waiting))
