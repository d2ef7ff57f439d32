"""Wake-ups on a real Redis: one pending for a key, nothing but a key in it, and no harm when Redis is away."""

import time
from collections.abc import Iterator

import pytest
import redis
from rq import Queue
from rq.serializers import JSONSerializer

from bot.queueing import WakeQueue, connect, pending_flag

FUNCTIONS = {"advance": "bot.worker.advance", "dispatch": "bot.worker.dispatch"}


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushall()
    yield made
    made.close()


def jobs(client: redis.Redis, name: str = "advance") -> list[tuple[str, tuple[object, ...]]]:
    queue = Queue(name, connection=client, serializer=JSONSerializer)
    return [(str(job.func_name), tuple(job.args)) for job in queue.jobs]


def test_a_wake_up_is_the_name_of_a_function_and_a_key(client: redis.Redis) -> None:
    WakeQueue(client, FUNCTIONS).wake("advance", "3")
    assert jobs(client) == [("bot.worker.advance", ("3",))]


def test_one_is_pending_for_a_key_however_often_it_is_asked_for(client: redis.Redis) -> None:
    queue = WakeQueue(client, FUNCTIONS)
    for _ in range(10):
        queue.wake("advance", "0")
        queue.wake("advance", "1")
        queue.wake("dispatch", "outbox")
    assert [key for _, (key,) in jobs(client)] == ["0", "1"]
    assert len(jobs(client, "dispatch")) == 1


def test_once_the_flag_is_taken_the_next_wake_up_counts(client: redis.Redis) -> None:
    queue = WakeQueue(client, FUNCTIONS)
    queue.wake("advance", "0")
    client.delete(pending_flag("advance", "0"))
    queue.wake("advance", "0")
    assert len(jobs(client)) == 2


def test_a_flag_that_a_dead_worker_left_expires(client: redis.Redis) -> None:
    WakeQueue(client, FUNCTIONS).wake("advance", "0")
    assert 0 < int(client.ttl(pending_flag("advance", "0"))) <= 5


def test_whoever_is_at_a_job_sees_that_it_was_asked_for_again(client: redis.Redis) -> None:
    queue = WakeQueue(client, FUNCTIONS, counted=["dispatch"])
    before = queue.calls("dispatch", "outbox")
    queue.wake("dispatch", "outbox")
    queue.wake("dispatch", "outbox")
    queue.wake("advance", "0")
    assert queue.calls("dispatch", "outbox") == before + 2
    assert queue.calls("advance", "0") == 0
    assert WakeQueue(connect("redis://127.0.0.1:9/0"), FUNCTIONS).calls("dispatch", "outbox") == 0


def test_without_redis_a_wake_up_is_lost_quickly_and_quietly() -> None:
    queue = WakeQueue(connect("redis://127.0.0.1:9/0"), FUNCTIONS)
    begin = time.monotonic()
    for _ in range(1000):
        queue.wake("advance", "0")
    assert time.monotonic() - begin < 1.5
    assert not queue.reachable()


def test_after_a_second_redis_is_tried_again(client: redis.Redis) -> None:
    now = [100.0]
    away = WakeQueue(connect("redis://127.0.0.1:9/0"), FUNCTIONS, lambda: now[0])
    away.wake("advance", "0")
    back = WakeQueue(client, FUNCTIONS, lambda: now[0])
    assert back.reachable()
    client.config_set("maxmemory", "1")
    try:
        back.wake("advance", "0")
    finally:
        client.config_set("maxmemory", "0")
    back.wake("advance", "0")
    assert jobs(client) == []
    now[0] += 1.1
    back.wake("advance", "0")
    assert len(jobs(client)) == 1


def test_an_emptied_redis_takes_wake_ups_at_once(client: redis.Redis) -> None:
    queue = WakeQueue(client, FUNCTIONS)
    queue.wake("advance", "0")
    client.flushall()
    queue.wake("advance", "0")
    assert len(jobs(client)) == 1
