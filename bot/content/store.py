"""The content that a process serves, and the earlier versions that its waiting conversations began with.

A process serves the version that was published last, else the files on disk. It looks every few seconds whether that has changed;
a turn never sees two versions, because only `refresh` swaps them and it is called between jobs. Nothing is asked of the database
for a message of the present version.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock

from bot import telemetry
from bot.content.assets import Content
from bot.content.files import Files, collect, pack, unpack, version_of
from bot.content.load import Around, load_version
from bot.domain.confirmations import Answer, confirmed
from bot.domain.errors import ContentError, Unavailable
from bot.storage import flow_versions, offer_confirmations
from bot.storage.database import Database, Transaction

# Seconds between two looks at which version is active.
CHECK_EVERY = 3.0
# Earlier versions that are kept in memory; each is some megabytes.
MOST_KEPT = 8


class ContentStore:
    """The present content and a few earlier versions. `from_files` reads the files on disk, `beside` is what flows are used with.

    With `root`, the folder flows/ that `from_files` reads, the files are stored when they are what is served: whoever begins a
    conversation before the first publication can end it on the same flows, too.
    """

    def __init__(
        self,
        database: Database,
        beside: Around,
        from_files: Callable[[], Content],
        *,
        root: Path | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._beside = beside
        self._now = now
        self._kept: OrderedDict[str, Content] = OrderedDict()
        self._gone: set[str] = set()
        self._swapping = Lock()
        self._checked = now()
        self._wanted: str | None = None
        self._unstored: Files = {}
        self._answers: tuple[Answer, ...] = ()
        self._directory = beside.directory
        self._current = self._first() or self._from(from_files, root)
        self._store_files()

    @property
    def current(self) -> Content:
        """What new conversations begin with."""
        return self._current

    def refresh(self) -> bool:
        """Serve the active version if it has changed. True when it was swapped.

        A version that cannot be loaded is refused, with a line in the log, and the present one stays; so it does while the
        database is away.
        """
        if self._now() - self._checked < CHECK_EVERY or not self._swapping.acquire(blocking=False):
            return False
        try:
            self._checked = self._now()
            self._store_files()
            with self._database.reading() as tx:
                if self._hear_owners(tx):
                    self._kept.update({version: self._ours(content) for version, content in self._kept.items()})
                    self._current = self._ours(self._current)
                wanted = flow_versions.active(tx)
                return wanted not in (None, self._wanted) and self._serve(tx, str(wanted))
        except Unavailable:
            return False
        finally:
            self._swapping.release()

    def have(self, tx: Transaction, version: str) -> None:
        """Make sure that `current.as_of(version)` finds the version if it is stored. Reads it once a process."""
        if version == self._current.flows.version or version in self._gone:
            return
        if version in self._kept:
            self._kept.move_to_end(version)
            return
        found = self._load(tx, version)
        if found is None:
            self._gone.add(version)
        else:
            self._keep(found)

    def _serve(self, tx: Transaction, version: str) -> bool:
        self._wanted = version
        if version == self._current.flows.version:
            return False
        found = self._kept.get(version) or self._load(tx, version)
        if found is None:
            return False
        self._keep(self._current)
        self._current = found
        self._gone.clear()
        telemetry.log().info("flows_version_served", version=version)
        return True

    def _first(self) -> Content | None:
        """The version that was active last and can be loaded: after an upgrade an old one may lack what the program needs."""
        try:
            with self._database.reading() as tx:
                self._hear_owners(tx)
                self._wanted = flow_versions.active(tx)
                versions = dict.fromkeys(activation.version for activation in flow_versions.history(tx)) if self._wanted else {}
                return next((found for version in versions if (found := self._load(tx, version))), None)
        except Unavailable:
            return None

    def _from(self, from_files: Callable[[], Content], root: Path | None) -> Content:
        files, content = collect(root) if root else {}, from_files()
        # Files that were saved between the two readings are stored by nobody; the next start does it.
        self._unstored = files if version_of(files) == content.flows.version else {}
        return self._ours(content)

    def _store_files(self) -> None:
        if not self._unstored:
            return
        try:
            with self._database.writing() as tx:
                flow_versions.keep(tx, version_of(self._unstored), pack(self._unstored))
        except Unavailable:
            return
        self._unstored = {}

    def _load(self, tx: Transaction, version: str) -> Content | None:
        packed = flow_versions.files_of(tx, version)
        if packed is None:
            return None
        try:
            return self._ours(load_version(unpack(version, packed), self._beside))
        except ContentError as error:
            fault = error.faults[0]
            telemetry.log().error("flows_version_refused", version=version, code=fault.code, file=fault.file, line=fault.line)
            return None

    def _ours(self, content: Content) -> Content:
        return replace(content, directory=self._directory, earlier=self._kept.get)

    def _hear_owners(self, tx: Transaction) -> bool:
        """Offers are told, in every version, as their owners answered. True when that has changed."""
        answers = offer_confirmations.answers(tx)
        if answers == self._answers:
            return False
        self._answers, self._directory = answers, confirmed(self._beside.directory, answers)
        return True

    def _keep(self, content: Content) -> None:
        self._kept[content.flows.version] = content
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
