"""One running service for all end-to-end tests; tests that hurt it start their own."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of our own: the private PostgreSQL, which never runs as root, must be able to pass through to it."""
    path = Path(tempfile.mkdtemp(prefix="dellusi-e2e-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def running(*options: str, **extra: str) -> Iterator[Service]:
    """A service with its own state and ports."""
    with folder() as state:
        service = Service(state, free_port(21_000), *options, **extra)
        try:
            yield service
        finally:
            service.stop()


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """The service as `make run` starts it."""
    with running() as service:
        yield service
