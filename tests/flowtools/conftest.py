"""A copy of the project's content that a test may break."""

import shutil
from pathlib import Path

import pytest

from bot.settings import PROJECT


def copy_content(target: Path) -> Path:
    """flows/, config/ and what flows need of nlu/, as shipped, in a folder of their own."""
    copy = target / "content"
    for name in ("flows", "config"):
        shutil.copytree(PROJECT / name, copy / name)
    (copy / "nlu" / "lexicon").mkdir(parents=True)
    for file in ("domain.yml", "lexicon/danger.yml"):
        shutil.copy(PROJECT / "nlu" / file, copy / "nlu" / file)
    return copy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a copy."""
    return copy_content(tmp_path)
