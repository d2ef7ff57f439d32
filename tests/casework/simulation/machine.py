"""The processes of the service on a clock that is moved: wake-ups from the real Redis, and the timetable of periodic work."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import redis
from rq import Queue
from rq.serializers import JSONSerializer

from bot.bootstrap import FUNCTIONS
from bot.pipeline.jobs import DISPATCH
from bot.queueing import WakeQueue, pending_flag
from bot.worker import QUEUES, Periodic, timetable
from tests.casework.simulation.trouble import DIES_AFTER_COMMIT, REDIS_LOST, Trouble
from tests.pipeline.world import World

# They need a provider's or a file's news, or look at a wall clock.
NOT_HERE = ("refresh_flows", "check_templates", "work_without_queue", "reconcile")
# When something falls due next, by the rows themselves.
_NEXT = """
SELECT min(at) FROM (
    SELECT min(due_at) AS at FROM outbox WHERE state = 'due'
    UNION ALL SELECT min(lease_until) FROM outbox WHERE state = 'leased'
    UNION ALL SELECT min(attempted_at) FROM outbox WHERE state = 'unknown'
    UNION ALL SELECT min(due_at) FROM referral_timers WHERE done_at IS NULL
    UNION ALL SELECT min(waiting_until) FROM sessions) AS found
"""


class WatchedQueue(WakeQueue):
    """The real queue on a real Redis; a process may die right after it left a wake-up."""

    def __init__(self, client: redis.Redis, trouble: Trouble) -> None:
        super().__init__(client, FUNCTIONS)
        self._trouble = trouble

    def wake(self, job: str, key: str) -> None:
        super().wake(job, key)
        self._trouble.die(DIES_AFTER_COMMIT, "killed after commit")


class Machine:
    """Workers and timers. `jobs` is every wake-up that was taken, as Redis held it."""

    def __init__(self, world: World, client: redis.Redis, trouble: Trouble) -> None:
        self.world, self.trouble, self.jobs = world, trouble, set[str]()
        self._redis = client
        self._queues = [Queue(name, connection=client, serializer=JSONSerializer) for name in QUEUES]
        self._ran: dict[str, datetime] = {}

    def work(self) -> None:
        """Everything that the workers and the timers would do now."""
        self.answer()
        for job in timetable(self.world.rt):
            if job.name not in NOT_HERE and self._is_time(job):
                self._ran[job.name] = self.world.clock()
                self._alive(partial(job.run, self.world.rt))
        self.answer()
        if self.trouble.happens(REDIS_LOST, "Redis lost everything"):
            self._redis.flushall()

    def _is_time(self, job: Periodic) -> bool:
        last = self._ran.get(job.name)
        return last is None or self.world.clock() - last >= job.every

    def next_due(self) -> datetime | None:
        """When something falls due next; it may be long overdue, where something else is before it."""
        found: datetime | None = self.world.one(_NEXT)
        return found

    def answer(self) -> None:
        """The workers alone: take wake-ups until none is left. Whoever dies loses the one in hand, as RQ's clean-up would in the end."""
        for _ in range(50):
            taken = [(queue, job_id) for queue in self._queues for job_id in queue.job_ids]
            if not taken:
                return
            for queue, job_id in taken:
                job = queue.fetch_job(job_id)
                queue.remove(job_id)
                if job is None:
                    continue
                self.jobs.add(json.dumps([job.func_name, job.args, job.kwargs, job.description]))
                job.delete()
                self._redis.delete(pending_flag(queue.name, str(job.args[0])))
                self._alive(self._of(queue.name))

    def _of(self, queue: str) -> Callable[[], object]:
        if queue == DISPATCH:
            return self._dispatch
        return self._answer

    def _answer(self) -> None:
        self.world.time_out()
        self.world.advance()

    def _dispatch(self) -> None:
        while self.world.dispatch():
            self.world.clock.pass_(timedelta(seconds=1))

    def _alive(self, what: Callable[[], object]) -> None:
        with self.trouble.survived():
            what()
