"""Wake-ups on RQ: a function name and a key as JSON, one pending per key.

Redis may be away or lose everything at any time. A wake-up that cannot be left is logged and counted; the sweep finds the work.
"""

import threading
import time
from collections.abc import Callable, Collection

import redis
from rq import Queue as RqQueue
from rq.serializers import JSONSerializer

from bot import telemetry

# A pending flag outlives a worker that died with it by this much; the sweep does not look at flags.
_PENDING_SECONDS = 5
_BREAKER_SECONDS = 1.0
JOB_OPTIONS = {"result_ttl": 0, "failure_ttl": 86_400, "ttl": 3600, "job_timeout": 60}


def connect(url: str) -> redis.Redis:
    """A Redis client that gives up quickly: a webhook must not wait for a queue."""
    client: redis.Redis = redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=2.0, health_check_interval=15)
    return client


class WakeQueue:
    """Leaves wake-ups for `functions` (job name -> dotted path of its function). Each job has a queue of its own name; calls are counted
    for the jobs that go on while there is more (`counted`)."""

    def __init__(
        self, client: redis.Redis, functions: dict[str, str], clock: Callable[[], float] = time.monotonic, counted: Collection[str] = ()
    ) -> None:
        self._client = client
        self._counted = counted
        self._functions = functions
        self._queues = {job: RqQueue(job, connection=client, serializer=JSONSerializer) for job in functions}
        self._clock = clock
        self._lock = threading.Lock()
        self._away_until = 0.0

    def wake(self, job: str, key: str) -> None:
        """Ask for `job(key)` unless that is pending already."""
        if self._clock() < self._away_until:
            telemetry.WAKES.labels(job, "away").inc()
            return
        try:
            if job in self._counted:
                self._client.incr(_call_count(job, key))
            if self._client.set(pending_flag(job, key), b"1", nx=True, ex=_PENDING_SECONDS):
                self._queues[job].enqueue(self._functions[job], key, **JOB_OPTIONS)
                telemetry.WAKES.labels(job, "left").inc()
            else:
                telemetry.WAKES.labels(job, "pending").inc()
        except (redis.RedisError, OSError) as error:
            self._stay_away()
            telemetry.WAKES.labels(job, "lost").inc()
            telemetry.log().warning("wake_lost", job=job, key=key, reason=type(error).__name__)

    def calls(self, job: str, key: str) -> int:
        """How often this job was asked for so far: whoever is at it already sees by that whether there is more. 0 while Redis is away."""
        if self._clock() < self._away_until:
            return 0
        try:
            return int(self._client.get(_call_count(job, key)) or 0)
        except (redis.RedisError, OSError):
            # A Redis that hangs must not hold up every look while sends are under way.
            self._stay_away()
            return 0

    def _stay_away(self) -> None:
        with self._lock:
            self._away_until = self._clock() + _BREAKER_SECONDS

    def reachable(self) -> bool:
        """Whether Redis answers right now."""
        try:
            return bool(self._client.ping())
        except (redis.RedisError, OSError):
            return False


def pending_flag(job: str, key: str) -> str:
    """The Redis key that says a wake-up is pending. The job removes it before it looks for work, so that none is missed."""
    return f"dellusi:pending:{job}:{key}"


def _call_count(job: str, key: str) -> str:
    return f"dellusi:calls:{job}:{key}"
