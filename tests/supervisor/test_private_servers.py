"""The private PostgreSQL and Redis: made once, durable, and open to nobody else."""

import asyncio
import os
import shutil
import signal
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from bot.supervisor import postgres, redis
from bot.supervisor.child import BackOff, Child
from bot.supervisor.output import Console
from bot.supervisor.processes import Process, StartError
from bot.supervisor.sockets import LONGEST_PATH, socket_folder
from tests.supervisor.supervisor_rig import folder

__all__ = ["folder"]  # a fixture


def during(process: Process, act: Callable[[Child], Awaitable[None]]) -> None:
    """Do something while the process runs."""

    async def life() -> None:
        child = Child(process, Console([process.name]), lambda: None, BackOff(shortest=0.1))
        child.start()
        try:
            await asyncio.wait_for(child.up, 30)
            await act(child)
        finally:
            await child.stop()

    asyncio.run(life())


def query(url: str, statement: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(statement.encode())
        return str(row[0]) if found.description and (row := found.fetchone()) else ""


def test_postgres_is_made_once_and_keeps_its_rows(folder: Path) -> None:
    said: list[str] = []

    async def write(_: Child) -> None:
        query(postgres.prepare(folder, said.append).url, "create table t as select 'ndimbal'::text as word")

    async def read(_: Child) -> None:
        assert query(postgres.prepare(folder, said.append).url, "select word from t") == "ndimbal"

    during(postgres.prepare(folder, said.append).process(), write)
    during(postgres.prepare(folder, said.append).process(), read)
    assert said.count("Making a database (once).") == 1


def test_postgres_keeps_what_a_webhook_promised(folder: Path) -> None:
    server = postgres.prepare(folder, lambda _: None)

    async def check(_: Child) -> None:
        assert [query(server.url, f"show {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]
        assert query(server.url, "show server_encoding") == "UTF8"
        assert query(server.url, "show listen_addresses") == ""

    during(server.process(), check)


def test_postgres_survives_a_kill_with_everything_committed(folder: Path) -> None:
    server = postgres.prepare(folder, lambda _: None)

    async def crash(child: Child) -> None:
        query(server.url, "create table t as select 1 as one")
        assert child.living
        os.kill(child.living.pid, signal.SIGKILL)
        ready = server.process().ready
        assert ready
        while await ready():  # still the old one
            await asyncio.sleep(0.02)
        while not await ready():
            await asyncio.sleep(0.05)
        assert query(server.url, "select one from t") == "1"

    during(server.process(), crash)


def test_nobody_else_can_reach_the_socket_of_postgres(folder: Path) -> None:
    server = postgres.prepare(folder, lambda _: None)

    async def check(_: Child) -> None:
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        assert server.sockets.stat().st_uid == server.data.stat().st_uid

    during(server.process(), check)


def test_postgres_works_below_a_folder_whose_path_is_too_long_for_a_socket(folder: Path) -> None:
    server = postgres.prepare(folder / ("long" * 30), lambda _: None)
    assert not server.sockets.is_relative_to(folder)

    async def check(_: Child) -> None:
        assert query(server.url, "select 1") == "1"

    during(server.process(), check)
    shutil.rmtree(server.sockets)


def test_redis_keeps_wake_ups_over_a_restart_and_never_evicts(folder: Path) -> None:
    async def write(_: Child) -> None:
        client = Redis.from_url(server.url)
        client.lpush("queue", "wake")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("appendfsync") == {"appendfsync": "everysec"}

    async def read(_: Child) -> None:
        assert Redis.from_url(server.url).lrange("queue", 0, -1) == [b"wake"]

    server = redis.prepare(folder / "redis")
    during(server.process(), write)
    during(server.process(), read)
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700


def test_a_short_path_keeps_its_socket_beside_the_data(folder: Path) -> None:
    assert socket_folder(folder, "s", os.geteuid()) == folder


def test_a_folder_made_by_somebody_else_is_not_trusted_with_our_socket(folder: Path) -> None:
    home = folder / ("x" * LONGEST_PATH)
    short = socket_folder(home, "s", os.geteuid())
    assert socket_folder(home, "s", os.geteuid()) == short
    short.chmod(0o755)
    with pytest.raises(StartError, match="not a private folder of ours"):
        socket_folder(home, "s", os.geteuid())
    short.rmdir()
