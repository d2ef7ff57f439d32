"""The draft on disk as something to talk to: read again whenever a file was saved, told what is wrong with it when it is broken."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from bot.content import Content
from bot.content.load import read_content
from bot.domain.errors import Fault
from bot.flowtools.talking import Meaning

# What a talk rests on: a change of any of these files is a change of the draft.
_WATCHED = (
    "flows/*.yml",
    "flows/forms/*.yml",
    "flows/translations/*/LC_MESSAGES/*.po",
    "config/*",
    "config/*/*.yml",
    "nlu/domain.yml",
    "nlu/lexicon/danger.yml",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The draft as it is now. `content` is None while a file has an error; `faults` are those errors."""

    content: Content | None
    faults: tuple[Fault, ...] = ()


class Draft:
    """The content of a folder, as it is on disk now. `meaning_for` makes what understands a text, for one content."""

    def __init__(self, folder: Path, meaning_for: Callable[[Content], Meaning], *, home: str = "diourbel", sandbox: bool = False) -> None:
        self._folder = folder
        self._meaning_for = meaning_for
        self._home = home
        self._sandbox = sandbox
        self._lock = Lock()
        self._stamp: Hashable = None
        self._reading = Reading(None)

    def look(self) -> Reading:
        """The draft, read again only when a file was saved, added or taken away since the last look."""
        with self._lock:
            stamp = self._files()
            if stamp != self._stamp:
                self._reading = self._read()
                self._stamp = stamp
            return self._reading

    def meaning(self, content: Content) -> Meaning:
        """What understands a text on this content."""
        return self._meaning_for(content)

    def _read(self) -> Reading:
        content, faults = read_content(self._folder, home=self._home, sandbox=self._sandbox)
        errors = tuple(faults.errors)
        return Reading(None if errors else content, errors)

    def _files(self) -> Hashable:
        paths = (path for pattern in _WATCHED for path in self._folder.glob(pattern))
        return tuple(sorted((str(path), *_state(path)) for path in paths))


def _state(path: Path) -> tuple[int, int]:
    """When a file was saved and how long it is; zeros for one that went away meanwhile, as editors replace what they save."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
