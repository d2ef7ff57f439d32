"""The files that make a version of what we say, and its name: the hash of their names and contents.

A version holds flows, forms, words, notices, translations and the index of recordings (the recordings themselves lie beside, under
the hash of their content). Partners, offers and places are not part of it: they change by the
day, and a conversation of an older version must never hand somebody to a service that has closed.
"""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import ContentError, Fault

_PATTERNS = ("*.yml", "forms/*.yml", "media/index.yml", "translations/*/LC_MESSAGES/*.po")
# A fixed date, so that the same files make the same archive.
_DATE = (1980, 1, 1, 0, 0, 0)

Files = Mapping[str, bytes]


def collect(root: Path) -> dict[str, bytes]:
    """Name below `root`, the folder flows/ -> content, in the order of the names. A file that cannot be read is left out; loading
    names it."""
    found: dict[str, bytes] = {}
    for path in sorted(path for pattern in _PATTERNS for path in root.glob(pattern)):
        try:
            found[path.relative_to(root).as_posix()] = path.read_bytes()
        except OSError:
            continue
    return found


def version_of(files: Files) -> str:
    """The name of the version: 16 hexadecimal digits, the same wherever the files are the same."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return digest.hexdigest()[:16]


def pack(files: Files) -> bytes:
    """The files as one compressed archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            packed.writestr(zipfile.ZipInfo(name, _DATE), files[name], zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def unpack(version: str, archive: bytes) -> dict[str, bytes]:
    """The files of a stored version. Raises `ContentError` when they are not what the version's name says."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            files = {name: packed.read(name) for name in packed.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(version) from error
    if version_of(files) != version or any(".." in name or name.startswith("/") for name in files):
        raise _damaged(version)
    return files


def _damaged(version: str) -> ContentError:
    return ContentError([Fault(f"flows@{version}", 0, "", "version_damaged", (("version", version),))])


@contextmanager
def laid_out(files: Files) -> Iterator[Path]:
    """A folder whose flows/ holds these files, for the loader to read."""
    with tempfile.TemporaryDirectory(prefix="dellusi-flows-") as made:
        folder = Path(made)
        for name, content in files.items():
            path = folder / "flows" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield folder
