"""What the service needs of the world, as protocols. Adapters fulfil them; tests hand in other real objects."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.domain.addresses import ChannelType
from bot.domain.capabilities import Capabilities
from bot.domain.messages import Accepted, InboundMessage, OutboundMessage, Sent, StatusUpdate
from bot.domain.understanding import Understanding

Clock = Callable[[], datetime]


class Queue(Protocol):
    """Asks a worker to look at a key. Carries no data; a lost wake-up is found by the sweep."""

    def wake(self, job: str, key: str) -> None:
        """Ask for `job(key)`. Never raises: a queue that is away is logged and counted."""

    def calls(self, job: str, key: str) -> int:
        """How often this job was asked for so far. Never raises."""

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
        """All form parameters, repeated ones included; those of the query where the request is a GET."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""

    @property
    def query(self) -> Mapping[str, str]:
        """The query parameters, first values."""

    @property
    def key(self) -> str:
        """The secret part of the address, where the door has one (`<key>` in its path)."""

    @property
    def remote(self) -> str:
        """The address that the request comes from, as our own proxies saw it."""


@dataclass(frozen=True, slots=True)
class Door:
    """One address that a provider calls: what it brings, by which methods, and what is answered when we have it."""

    path: str
    brings: Literal["message", "status"]
    methods: tuple[str, ...] = ("POST",)
    answer: str = ""
    mimetype: str = "text/plain"


class Channel(Protocol):
    """A two-way way to people: one provider, one channel type."""

    type: ChannelType
    sender: str
    capabilities: Capabilities

    def render(self, message: OutboundMessage) -> str:
        """The text as it will be sent, choices included: what it costs is counted on this."""

    def parts(self, message: OutboundMessage) -> tuple[str, ...]:
        """The texts that it has to be sent as: one, or several where it is longer than a text may be."""

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Hand the message to the provider. Raises `SendError`."""

    def find(self, message: OutboundMessage, since: datetime) -> Accepted | None:
        """The same message in the provider's own list, when an answer was lost. Raises `SendError`."""


class Log(Protocol):
    """The provider's own list of what people sent us: what it holds and we do not never reached us."""

    name: str

    def received(self, since: datetime, until: datetime) -> Iterable[InboundMessage]:
        """The messages it received between the two, oldest first, `sent_at` filled. Raises `SendError` where it does not answer."""


class Provider(Protocol):
    """The inbound half of a provider."""

    @property
    def doors(self) -> Sequence[Door]:
        """Where it calls us."""

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
