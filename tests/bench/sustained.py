"""The highest rate that lasts: the whole service under the soak's traffic and faults, faster and faster until something falls behind."""

import argparse
import os
import statistics
import threading
import time
from dataclasses import dataclass

import psycopg

from bot.faults.box import Box
from bot.faults.service import Running, started
from tests.soak.samples import look
from tests.soak.traffic import FAULTS, Traffic

FIRST, FASTER = 60.0, 1.2
# Each phone writes so often (seconds): nobody is in the middle of an answer when the next text comes.
_EVERY = 20
_LOOK = 2.0
# What still keeps up: nearly all that was to be written was taken, the oldest waits for its turn no longer than this (seconds), and no more
# rows than this could have been sent some seconds ago and were not.
_TAKEN, _HANDLED, _LATE = 0.97, 2.0, 5.0
_COULD_GO = """
SELECT count(*) FROM outbox o WHERE o.state = 'due' AND o.due_at < now() - interval '3 seconds' AND NOT EXISTS (
    SELECT 1 FROM outbox e WHERE e.ordering_key = o.ordering_key AND e.seq < o.seq AND e.state IN ('due', 'leased', 'unknown'))
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One rate: messages taken a second, the age of the oldest that waited for its turn (seconds), rows that were late to be sent."""

    rate: float
    taken: float
    handled: float
    late: float

    @property
    def kept_up(self) -> bool:
        """Whether this rate lasts."""
        return self.taken >= _TAKEN * self.rate and self.handled < _HANDLED and self.late <= _LATE

    def __str__(self) -> str:
        verdict = "kept up" if self.kept_up else "fell behind"
        return f"{self.rate:7.0f}/s  {self.taken:7.1f} taken/s  oldest {self.handled:5.1f} s  {self.late:5.0f} late  {verdict}"


def climb(options: argparse.Namespace) -> list[Step]:
    """Every rate that was tried, each for `options.step` seconds; the last one fell behind. Prints each as it ends."""
    steps: list[Step] = []
    with started(os.environ, BOT_RECONCILE_MINUTES="1") as running:
        box = Box(running.sandbox, 60.0)
        box.ask("seed", {"seed": options.seed})
        box.ask("faults", {"faults": list(FAULTS)})
        rate = FIRST
        while not steps or steps[-1].kept_up:
            steps.append(_try(running, Traffic(box, options.seed + len(steps), int(rate * _EVERY)), rate, options.step))
            if not options.json:
                print(steps[-1], flush=True)
            rate = round(rate * FASTER)
    return steps


def _try(running: Running, traffic: Traffic, rate: float, seconds: float) -> Step:
    ended = threading.Event()
    thread = threading.Thread(target=traffic.run, args=(rate, seconds, ended), daemon=True)
    began = time.monotonic()
    thread.start()
    handled: list[float] = []
    late: list[float] = []
    with psycopg.connect(running.variables["BOT_DATABASE_URL"], autocommit=True) as connection:
        while time.monotonic() < began + seconds:
            time.sleep(_LOOK)
            row = connection.execute(_COULD_GO).fetchone()
            late.append(float(row[0] if row else 0))
            handled.append(look(running, 0.0).unhandled)
        taken = (traffic.taken + traffic.lost) / min(seconds, time.monotonic() - began)
    ended.set()
    thread.join(60)
    # Only what it settles to: the first seconds of a rate still clear up after the one before.
    half = len(late) // 2
    return Step(rate, taken, statistics.median(handled[half:]), statistics.median(late[half:]))
