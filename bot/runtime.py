"""Everything a use case needs, as one frozen value that is passed explicitly."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.content import Content
from bot.content.store import ContentStore
from bot.domain.ports import Channel, Log, MediaSource, Notifier, Queue, Understander
from bot.domain.templates import NO_TEMPLATES, Opinion, TemplateBook
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
    media: MediaSource
    new_code: Callable[[], str]
    templates: TemplateBook = NO_TEMPLATES
    # Providers that can be asked what they received for us.
    logs: Sequence[Log] = ()
    # A number from 0 to below 1: spreads those who come back at the same time.
    chance: Callable[[], float] = random.random
    # Asks the provider what Meta thinks of a template, by its id; raises `SendError`.
    opinion: Callable[[str], Opinion] | None = None

    @property
    def content(self) -> Content:
        """What we say now. Between two jobs it may become another version; within one it stays."""
        return self.contents.current
