"""The service of the pipeline's tests, and folders whose flows can be edited."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from bot.domain.referrals import new_code
from bot.settings import PROJECT
from bot.storage.database import Database
from tests.conftest import Clock
from tests.pipeline.conftest import log_lines
from tests.pipeline.world import World

__all__ = ["edited", "log_lines", "world"]


@pytest.fixture
def world(database: Database, clock: Clock) -> Iterator[World]:
    """The service, with codes enough for a thousand referrals."""
    chance = Random(2026)
    made = World(database, clock, lambda: new_code(chance.randrange))
    yield made
    made.pool.shutdown()


Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """A copy of the project's content, where `edit(file, old, new)` changes a text of flows/ that stands there once."""
    folder = tmp_path / "project"
    shutil.copytree(PROJECT / "flows", folder / "flows")
    for name in ("config", "nlu"):
        (folder / name).symlink_to(PROJECT / name)

    def edit(file: str, old: str, new: str) -> Path:
        path = folder / "flows" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return edit
