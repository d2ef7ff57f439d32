"""One running service for all end-to-end tests; tests that hurt it start their own."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.rig import Service


def free_port(first: int) -> int:
    """A port that is free, and so are those 5 and 8 above."""
    for candidate in range(first, first + 2000, 10):
        try:
            for offset in (0, 5, 8):
                socket.create_server(("127.0.0.1", candidate + offset)).close()
        except OSError:
            continue
        return candidate
    raise AssertionError("no free port")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service as `make run` starts it."""
    running = Service(tmp_path_factory.mktemp("service"), free_port(21_000))
    yield running
    running.stop()


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    """A service that a test may break."""
    running = Service(tmp_path, free_port(24_000))
    yield running
    running.stop()
