"""Everything a use case needs, as one frozen value that is passed explicitly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.content import Content
from bot.content.store import ContentStore
from bot.domain.ports import Channel, Notifier, Queue, Understander
from bot.settings import Settings
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Runtime:
    """The composed service. Made by `bot.bootstrap`; tests make their own."""

    settings: Settings
    database: Database
    contents: ContentStore
    understander: Understander
    queue: Queue
    channels: Mapping[str, Channel]
    notifiers: Mapping[str, Notifier]
    new_code: Callable[[], str]

    @property
    def content(self) -> Content:
        """What we say now. Between two jobs it may become another version; within one it stays."""
        return self.contents.current
