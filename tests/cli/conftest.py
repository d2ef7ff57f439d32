"""Commands that look at a service which people use meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.storage.database import Database
from tests.conftest import Clock
from tests.pipeline.world import World


@pytest.fixture
def world(database: Database, clock: Clock) -> Iterator[World]:
    """The service on the same database as the command, and a little later: commands read the real clock."""
    clock.now = datetime.now(UTC) + timedelta(minutes=5)
    made = World(database, clock)
    yield made
    made.pool.shutdown()
