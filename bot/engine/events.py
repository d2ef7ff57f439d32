"""What a turn states. Facts in the past tense; `bot.pipeline.effects` writes what follows from each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.messages import Choice
from bot.domain.referrals import Urgency


@dataclass(frozen=True, slots=True)
class MessageSaid:
    """A text for the person, in their language, placeholders filled. `node` is where it was said."""

    text: str
    node: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageChanged:
    """The person's language. `fixed` when they asked for it by word."""

    language: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """A lasting attribute of the contact; an empty value forgets it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A purpose was agreed to, on the text with this context (`flow.node.key`) as it reads in this version of the flows."""

    purpose: str
    text: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A purpose is no longer agreed to."""

    purpose: str


@dataclass(frozen=True, slots=True)
class SubmissionCompleted:
    """A form was answered to its end."""

    form: str
    version: int
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReferralOpened:
    """A matter is handed over. Who takes it, and why, was decided by the directory."""

    code: str
    need: str
    place: str
    urgency: Urgency
    partner: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralWithdrawn:
    """The person no longer wants this referral."""

    code: str


@dataclass(frozen=True, slots=True)
class ReferralConfirmed:
    """The person was asked about a referral: `answer` is `contacted`, `helped`, `partly_helped` or `not_helped`."""

    code: str
    answer: str


@dataclass(frozen=True, slots=True)
class ReferralReopened:
    """The person says that nobody was in touch about this referral."""

    code: str


@dataclass(frozen=True, slots=True)
class ContactStopped:
    """The person wants no more messages."""


@dataclass(frozen=True, slots=True)
class ContactStarted:
    """The person wants messages again."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A text that led to guesses, the menu or a repeated question."""

    node: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The conversation is over. `reason` is `done`, `replaced`, `expired` or `limit`."""

    reason: Literal["done", "replaced", "expired", "limit"]


@dataclass(frozen=True, slots=True)
class SessionFailed:
    """The flow itself is at fault. The person got a safe answer; `code` and `node` tell staff where to look."""

    code: str
    node: str


Event = (
    MessageSaid
    | LanguageChanged
    | FieldChanged
    | ConsentGiven
    | ConsentWithdrawn
    | SubmissionCompleted
    | ReferralOpened
    | ReferralWithdrawn
    | ReferralConfirmed
    | ReferralReopened
    | ContactStopped
    | ContactStarted
    | NotUnderstood
    | SessionEnded
    | SessionFailed
)
