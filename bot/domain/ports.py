"""What the service needs of the world, as protocols. Adapters fulfil them; tests hand in other real objects."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.addresses import ChannelType
from bot.domain.messages import Accepted, InboundMessage, OutboundMessage, Sent, StatusUpdate
from bot.domain.understanding import Understanding

Clock = Callable[[], datetime]


class Queue(Protocol):
    """Asks a worker to look at a key. Carries no data; a lost wake-up is found by the sweep."""

    def wake(self, job: str, key: str) -> None:
        """Ask for `job(key)`. Never raises: a queue that is away is logged and counted."""

    def reachable(self) -> bool:
        """Whether wake-ups arrive at present."""


class Understander(Protocol):
    """Turns a text into its meaning."""

    def parse(self, text: str) -> Understanding:
        """The meaning of `text`; never raises, `NOTHING` when the service is away."""


class Request(Protocol):
    """The parts of an HTTP request that a provider adapter may look at."""

    @property
    def url(self) -> str:
        """The full address, built from the configured public one, query included as it came."""

    @property
    def form(self) -> Mapping[str, Sequence[str]]:
        """All form parameters, repeated ones included."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""

    @property
    def query(self) -> Mapping[str, str]:
        """The query parameters, first values."""


class Channel(Protocol):
    """A two-way way to people: one provider, one channel type."""

    type: ChannelType
    sender: str

    def render(self, message: OutboundMessage) -> str:
        """The text as it will be sent, choices included: what it costs is counted on this."""

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Hand the message to the provider. Raises `SendError`."""

    def find(self, message: OutboundMessage, since: datetime) -> Accepted | None:
        """The same message in the provider's own list, when an answer was lost. Raises `SendError`."""


class Provider(Protocol):
    """The inbound half of a provider."""

    def verify(self, request: Request) -> None:
        """Raises `RequestRefused` unless the provider itself made this request for us."""

    def inbound(self, request: Request) -> InboundMessage:
        """The message in the request. Raises `RequestRefused` (400) when what is required is missing."""

    def status(self, request: Request) -> StatusUpdate:
        """The report in the request. Raises `RequestRefused`."""


class Notifier(Protocol):
    """A one-way means to partners and staff."""

    means: str

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Hand the notice over. Raises `SendError`."""


class MediaSource(Protocol):
    """Where the provider keeps the files that people send."""

    def fetch(self, url: str, most: int) -> bytes:
        """The file, of at most that many bytes. Raises `FetchError`."""

    def remove(self, url: str) -> None:
        """Delete the file there; one that is gone already is fine. Raises `FetchError`."""
