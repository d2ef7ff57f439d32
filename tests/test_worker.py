"""The job functions as RQ calls them, with the runtime that the environment describes."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from bot import worker
from bot.domain.addresses import Address
from bot.domain.messages import InboundMessage
from bot.pipeline import inbox
from bot.queueing import connect, pending_flag
from bot.runtime import Runtime
from bot.storage import contacts, health
from bot.storage.database import Database
from bot.worker import Periodic
from tests.pipeline.conftest import log_lines
from tests.pipeline.world import environment
from tests.understanding.rig import free_port

__all__ = ["log_lines"]


@pytest.fixture
def runtime(database: Database, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """This process as a worker: its environment names the real stores and a provider that refuses connections."""
    away = f"http://127.0.0.1:{free_port()}"
    given = environment(database_url=database_url, redis_url=redis_url, twilio_api_url=away, nlu_url=away)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    connect(redis_url).flushall()
    worker.runtime.cache_clear()
    rt = worker.runtime()
    yield rt
    rt.database.close()
    worker.runtime.cache_clear()


def receive(rt: Runtime, text: str = "menu") -> str:
    """A message in the inbox; the lane of who wrote it."""
    inbox.receive(rt, InboundMessage("sms", f"SM-{text}", Address("sms", "+221771110001"), "", "text", text))
    with rt.database.reading() as tx:
        found = contacts.find(tx, Address("sms", "+221771110001"))
        assert found is not None
        return str(found.lane)


def ages(rt: Runtime) -> health.Ages:
    with rt.database.reading() as tx:
        return health.ages(tx)


def work(client: redis.Redis, *queues: str) -> None:
    """What a worker process does, until nothing is left."""
    for name in queues:
        queue = Queue(name, connection=client, serializer=JSONSerializer)
        SimpleWorker([queue], connection=client, serializer=JSONSerializer).work(burst=True, logging_level="ERROR")


def test_a_wake_up_in_redis_is_worked_on_to_the_end(runtime: Runtime, redis_url: str) -> None:
    client = connect(redis_url)
    receive(runtime)
    work(client, "advance", "dispatch")
    with runtime.database.reading() as tx:
        assert health.unhandled_lanes(tx) == ()
        states = tx.connection.exec_driver_sql("SELECT state, attempts, error_code FROM outbox").all()
    assert [tuple(row) for row in states] == [("due", 1, "no_connection")]
    assert client.keys("dellusi:pending:*") == []


def test_the_flag_is_taken_before_the_work_is_looked_for(runtime: Runtime, redis_url: str) -> None:
    client = connect(redis_url)
    lane = receive(runtime)
    assert client.exists(pending_flag("advance", lane))
    worker.advance(lane)
    assert not client.exists(pending_flag("advance", lane))


def test_while_redis_is_there_nothing_is_worked_on_without_it(runtime: Runtime) -> None:
    receive(runtime)
    worker.work_without_queue(runtime)
    with runtime.database.reading() as tx:
        assert health.unhandled_lanes(tx) != ()


def test_without_redis_the_timers_answer_by_themselves(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    given = environment(database_url=database_url, redis_url="redis://127.0.0.1:9/0", twilio_api_url=away, nlu_url=away)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    worker.runtime.cache_clear()
    rt = worker.runtime()
    receive(rt)
    worker.work_without_queue(rt)
    with rt.database.reading() as tx:
        assert health.unhandled_lanes(tx) == ()
    rt.database.close()
    worker.runtime.cache_clear()


def test_the_sweep_does_not_wait_for_a_provider_that_does_not_answer(runtime: Runtime) -> None:
    asked, swept, stop = threading.Event(), threading.Event(), threading.Event()

    def hang(_: Runtime) -> None:
        asked.set()
        stop.wait(60)

    def sweep(_: Runtime) -> None:
        # Only once the provider is being asked: the question stands before it in the timetable.
        if asked.wait(20):
            swept.set()

    table = (Periodic("ask", timedelta(seconds=1), hang, asks=True), Periodic("sweep", timedelta(seconds=1), sweep))
    timers = threading.Thread(target=worker.run_timers, args=(runtime, table, stop))
    timers.start()
    assert swept.wait(20)
    stop.set()
    timers.join(20)
    assert not timers.is_alive()


def test_without_a_database_a_job_ends_and_leaves_the_work_to_the_sweep(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(database_url="postgresql://nobody@127.0.0.1:9/none", redis_url=redis_url).items():
        monkeypatch.setenv(name, value)
    worker.runtime.cache_clear()
    worker.advance("0")
    worker.dispatch("outbox")
    worker.runtime.cache_clear()


def test_the_timetable_sweeps_as_often_as_the_settings_say(runtime: Runtime) -> None:
    table = {job.name: job for job in worker.timetable(runtime)}
    assert table["sweep"].every == timedelta(seconds=runtime.settings.sweep_seconds)
    table["sweep"].run(runtime)
    assert ages(runtime).swept is not None
