"""One world a test, and log lines as in the service: without a configuration every error would be drawn with all its values."""

from collections.abc import Iterator

import pytest

from bot import telemetry
from bot.storage.database import Database
from tests.conftest import Clock
from tests.pipeline.world import World


@pytest.fixture(scope="session", autouse=True)
def log_lines() -> None:
    """Logs as the service writes them."""
    telemetry.configure("json", "error", "tests")


@pytest.fixture
def world(database: Database, clock: Clock) -> Iterator[World]:
    """The service on an empty database and a frozen clock."""
    made = World(database, clock)
    yield made
    made.pool.shutdown()
