"""The worker process: job functions, the queues, and the timetable of periodic work.

Workers are long-lived and do their jobs in-process (rq's SimpleWorker): connections are kept, and nothing is forked per message.
One queue per worker: with two, RQ takes a job in two steps and a kill between them loses it (rq/rq#1716).
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from bot import telemetry
from bot.bootstrap import FUNCTIONS, make_runtime
from bot.content.store import CHECK_EVERY
from bot.domain.errors import Unavailable
from bot.pipeline import (
    approvals,
    conversation,
    covering,
    digests,
    falling_due,
    media,
    offers,
    outbox,
    reconcile,
    timers,
    unclear,
    watching,
)
from bot.pipeline.crash import crash_point
from bot.pipeline.jobs import ADVANCE, DISPATCH, JOBS, MEDIA
from bot.queueing import connect, pending_flag
from bot.runtime import Runtime
from bot.settings import load

QUEUES = JOBS
# How long a worker sleeps in Redis before it looks up; its heartbeat and the clean-up of dead jobs follow from it.
_WORKER_TTL, _MAINTENANCE, _MONITORING = 60, 30, 5
# Seconds between two looks for sessions whose wait is over, and when each lane was looked at: they wait for minutes, and need not be
# looked for at every message.
_SILENCES = 1.0
_looked: dict[str, float] = {}
# Texts asked about at once: the service answers one at a time, but a batch need not wait for the wire in between.
_NLU_THREADS = 4
# Questions to the provider at once about sends in doubt: a person's next message waits for each.
_ASKED_AT_ONCE = 8
# Seconds between two rounds of them.
_ASK_AGAIN = 5.0
# Seconds that those who ask a provider have to end what they do when they are told to stop.
_LAST_WORDS = 5.0


@lru_cache(maxsize=1)
def runtime() -> Runtime:
    """This process's runtime. Job functions get a key from RQ and nothing else, so it lives here."""
    return make_runtime(load())


@lru_cache(maxsize=4)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads)


def advance(key: str) -> None:
    """Answer what waits in a lane."""
    rt = runtime()
    woken = _take_flag(rt, "advance", key)
    rt.contents.refresh()
    try:
        if time.monotonic() - _looked.get(key, -_SILENCES) >= _SILENCES:
            conversation.time_out(rt, int(key))
            _looked[key] = time.monotonic()
        if conversation.advance(rt, int(key), _pool(_NLU_THREADS), woken=woken):
            rt.queue.wake(ADVANCE, key)
    except Unavailable as error:
        telemetry.log().warning("advance_put_off", reason=str(error)[:80], key=key)


def dispatch(key: str) -> None:
    """Send what is due."""
    rt = runtime()
    _take_flag(rt, "dispatch", key)
    rt.contents.refresh()
    try:
        if outbox.dispatch(rt, _pool(rt.settings.sends_in_flight)):
            rt.queue.wake(DISPATCH, key)
    except Unavailable as error:
        telemetry.log().warning("dispatch_put_off", reason=str(error)[:80], key=key)


def fetch_media(key: str) -> None:
    """Fetch the files that people sent."""
    rt = runtime()
    _take_flag(rt, MEDIA, key)
    rt.contents.refresh()
    try:
        if media.fetch_due(rt):
            rt.queue.wake(MEDIA, key)
    except Unavailable as error:
        telemetry.log().warning("media_put_off", reason=str(error)[:80], key=key)


def _take_flag(rt: Runtime, job: str, key: str) -> bool:
    """Remove the pending flag before looking for work: whatever arrives from now on leaves a wake-up of its own. False when the flag
    stays, and newcomers find one pending that is spent."""
    crash_point(f"{job}.started")
    try:
        _redis(rt.settings.redis_url).delete(pending_flag(job, key))
    except redis.RedisError:
        telemetry.log().warning("flag_stays", job=job, key=key)
        return False
    return True


@lru_cache(maxsize=1)
def _redis(url: str) -> redis.Redis:
    return connect(url)


def run_worker(queue: str) -> None:
    """Work on one queue until told to stop. After a Redis outage the worker starts anew instead of staying away."""
    rt = runtime()
    telemetry.log().info("worker_ready", job=queue, version=rt.content.flows.version)
    while True:
        try:
            connection = redis.Redis.from_url(rt.settings.redis_url)
            worker = SimpleWorker(
                [Queue(queue, connection=connection, serializer=JSONSerializer)],
                connection=connection,
                serializer=JSONSerializer,
                log_job_description=False,
                worker_ttl=_WORKER_TTL,
                maintenance_interval=_MAINTENANCE,
                job_monitoring_interval=_MONITORING,
            )
            worker.work(logging_level="ERROR")
            return
        except (redis.RedisError, OSError) as error:
            telemetry.log().warning("redis_away", job=queue, reason=type(error).__name__)
            time.sleep(1.0)


def work_without_queue(rt: Runtime) -> None:
    """While Redis is away nobody can be woken: the timers answer and send by themselves, more slowly, and nothing waits."""
    if rt.queue.reachable():
        return
    for lane in range(rt.settings.lanes):
        conversation.advance(rt, lane, _pool(_NLU_THREADS), woken=False)
    outbox.dispatch(rt, _pool(rt.settings.sends_in_flight))


@dataclass(frozen=True, slots=True)
class Periodic:
    """One line of the timetable. What `asks` a provider has a thread of its own: the sweep must not wait for a slow answer."""

    name: str
    every: timedelta
    run: Callable[[Runtime], object]
    asks: bool = False


def timetable(rt: Runtime) -> tuple[Periodic, ...]:
    """What is done again and again, and how often."""
    return (
        Periodic("refresh_flows", timedelta(seconds=CHECK_EVERY), lambda rt: rt.contents.refresh()),
        Periodic("sweep", timedelta(seconds=rt.settings.sweep_seconds), timers.sweep),
        Periodic("settle_doubts", timedelta(seconds=min(_ASK_AGAIN, rt.settings.sweep_seconds)), _settle_doubts, asks=True),
        Periodic("check_templates", timedelta(minutes=30), approvals.check_templates, asks=True),
        Periodic("watch", timedelta(seconds=30), watching.watch),
        Periodic("falling_due", timedelta(seconds=30), falling_due.play),
        Periodic("cover_absences", timedelta(minutes=1), covering.play),
        Periodic("digest", timedelta(minutes=10), digests.send),
        *_reconciling(rt),
        Periodic("work_without_queue", timedelta(seconds=1), work_without_queue),
        Periodic("wake_media", timedelta(seconds=rt.settings.sweep_seconds), media.wake_due),
        Periodic("forget_media", timedelta(hours=1), media.forget),
        Periodic("ask_owners", timedelta(hours=1), offers.ask_owners),
        Periodic("forget_unclear_texts", timedelta(hours=1), unclear.forget),
    )


def _reconciling(rt: Runtime) -> tuple[Periodic, ...]:
    every = timedelta(minutes=rt.settings.reconcile_minutes)
    return (Periodic("reconcile", every, reconcile.reconcile, asks=True),) if every and rt.logs else ()


def _settle_doubts(rt: Runtime) -> int:
    return timers.settle_doubts(rt, _pool(_ASKED_AT_ONCE))


def run_timers(rt: Runtime, table: Sequence[Periodic], stop: threading.Event) -> None:
    """Run a timetable until told to stop. A failure is logged and tried again at its next time."""
    asking = [threading.Thread(target=_keep, args=(rt, (job,), stop), name=job.name, daemon=True) for job in table if job.asks]
    for thread in asking:
        thread.start()
    _keep(rt, [job for job in table if not job.asks], stop)
    # What was to be asked next is not asked any more; the answers to what was asked are waited for.
    _pool(_ASKED_AT_ONCE).shutdown(wait=False, cancel_futures=True)
    until = time.monotonic() + _LAST_WORDS
    for thread in asking:
        thread.join(max(0.0, until - time.monotonic()))
    # Only now: whoever still asked would have had a new pool.
    _pool.cache_clear()


def _keep(rt: Runtime, table: Sequence[Periodic], stop: threading.Event) -> None:
    due = dict.fromkeys((job.name for job in table), 0.0)
    while not stop.is_set():
        for job in table:
            if time.monotonic() < due[job.name]:
                continue
            due[job.name] = time.monotonic() + job.every.total_seconds()
            try:
                job.run(rt)
            except Exception as error:  # noqa: BLE001 - one job's failure must not stop the others
                if stop.is_set() and isinstance(error, RuntimeError):
                    # Its pool takes no more questions: that is how it stops.
                    return
                telemetry.log().error("timer_broke", job=job.name, exc_info=(type(error), error, error.__traceback__))
        stop.wait(0.2)


__all__ = ["FUNCTIONS", "QUEUES", "advance", "dispatch", "fetch_media", "run_timers", "run_worker", "runtime", "timetable"]
