"""The person who texts us, as the engine may know them."""

from dataclasses import dataclass, field

from bot.domain.addresses import ChannelType
from bot.domain.referrals import ReferralSummary

# Answers of flows/forms/intake.yml (`phone_use`) and of the danger flows (`safe_contact`) that the service itself obeys: no message
# may be left on this phone; the person writes first and must not be called.
NO_MESSAGE, NO_CONTACT = "no_message", "none"


@dataclass(frozen=True, slots=True)
class Contact:
    """A snapshot. `fields` are lasting attributes (place, need, first name ...); `language` is None until something was written.

    `language_fixed` is true once the person chose a language by word: then what they write no longer changes it.
    """

    channel: ChannelType
    language: str | None = None
    language_fixed: bool = False
    stopped: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    referrals: tuple[ReferralSummary, ...] = ()
