"""Texts in and out, and what a provider may say about them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Literal

from bot.domain.addresses import Address, ChannelType
from bot.domain.sending import Verdict
from bot.domain.templates import TemplateUse

InboundKind = Literal["text", "button", "voice", "image", "video", "document", "sticker", "location", "contact_card", "empty"]
OptOut = Literal["stop", "start", "help"]


@dataclass(frozen=True, slots=True)
class Media:
    """A file that a person sent: where the provider keeps it, until a worker has fetched it."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Location:
    """A shared position in degrees. Coarse use only: it is resolved to a department and not kept."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message as a provider delivered it. `payload` is everything it said, for later questions; it is stored encrypted.

    `replied_to` is the provider's id of the message that the person answered or whose button they tapped, `forwarded` says that the
    words are somebody else's, `advert` is the id of the advertisement that led here. `sent_at` is known for a message that was
    found in the provider's log, and `late` says that it is too old to be answered as if it had just come.
    """

    channel: ChannelType
    provider_id: str
    sender: Address
    recipient: str
    kind: InboundKind
    text: str = ""
    button: str | None = None
    media: tuple[Media, ...] = ()
    location: Location | None = None
    also_known_as: Address | None = None
    opt_out: OptOut | None = None
    replied_to: str | None = None
    forwarded: bool = False
    advert: str | None = None
    sent_at: datetime | None = None
    late: bool = False
    payload: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to pick: `id` comes back when a button is tapped, `label` is what the person reads."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to a person, as structure. The channel decides what it looks like.

    `media_type` and `media_bytes` say what is at `media_url`. With `template` the words are an approved template's, and `text` is
    what the person reads. `plain`: no buttons, a template for them was refused.
    After `valid` seconds it helps nobody any more.
    """

    recipient: Address
    text: str
    choices: tuple[Choice, ...] = ()
    media_url: str | None = None
    language: str = "fr"
    media_type: str = ""
    media_bytes: int = 0
    template: TemplateUse | None = None
    plain: bool = False
    # How long it still helps is not what it says: the same words are the same message.
    valid: int | None = field(default=None, compare=False)


class Status(IntEnum):
    """How far an outbound message has come. It only moves forward: receipts arrive late, twice and out of order."""

    QUEUED = 0
    SENDING = 1
    SENT = 2
    UNDELIVERED = 3
    FAILED = 4
    DELIVERED = 5
    READ = 6


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """What a provider reported about a message of ours. `reference` is our own id, carried in the callback address; `stop` says
    that the person wants nothing more from us, `verdict` what the error code means for us."""

    reference: str
    provider_id: str
    status: Status | None
    word: str
    error_code: str | None = None
    stop: bool = False
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the message. `segments` as it counted them, where it says so."""

    provider_id: str
    status: Status
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message found in the provider's own list when an answer was lost."""

    provider_id: str
    text: str
    sent_at: datetime | None
