"""One world a test."""

from collections.abc import Iterator

import pytest

from bot.storage.database import Database
from tests.conftest import Clock
from tests.pipeline.world import World


@pytest.fixture
def world(database: Database, clock: Clock) -> Iterator[World]:
    """The service on an empty database and a frozen clock."""
    made = World(database, clock)
    yield made
    made.pool.shutdown()
