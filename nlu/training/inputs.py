"""What a model is made of, as one hash: the same hash means the same model."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from training.data import ROOT

_PATTERNS: Final = (
    "data/*/*.yml",
    "lexicon/*.yml",
    "config.yml",
    "uv.lock",
    "components/*.py",
    "wolof/*.py",
    "training/data.py",
    "training/importer.py",
)
_PLACES: Final = "config/places.csv"


def input_files(root: Path = ROOT) -> Iterator[Path]:
    """Every file that shapes a model, in a fixed order; those that do not exist are left out."""
    for pattern in _PATTERNS:
        yield from sorted(root.glob(pattern))
    places = root.parent / _PLACES
    if places.exists():
        yield places


def input_hash(root: Path = ROOT) -> str:
    """Sixteen hexadecimal digits over names and contents of all inputs."""
    digest = hashlib.sha256()
    for path in input_files(root):
        digest.update(f"{path.relative_to(root.parent)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def development_hash(root: Path = ROOT) -> str:
    """The same over the development set: scores are comparable only on the same messages."""
    digest = hashlib.sha256()
    for path in sorted(root.glob("development/*/*.yml")):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
