"""Where a contact is reached: a channel type and a value, never a phone number alone.

Since 2026 a WhatsApp sender may hide the number behind `whatsapp:SN.<letters and digits>` (a business-scoped user id), so the
value is kept as the provider wrote it and no pattern of digits is demanded.
"""

from dataclasses import dataclass
from typing import Literal

ChannelType = Literal["sms", "whatsapp"]
CHANNEL_TYPES: tuple[ChannelType, ...] = ("sms", "whatsapp")
# Means by which notices reach a partner and by which nobody answers: never a contact's address.
PostType = Literal["email", "webhook"]
POST_TYPES: tuple[PostType, ...] = ("email", "webhook")


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach somebody. `value` is `+221...` or an id without a number, without the provider's scheme; for notices also an
    e-mail address or the https address of a partner's own system."""

    channel: ChannelType | PostType
    value: str

    @property
    def identity(self) -> str:
        """The string that the keyed hash is made of."""
        return f"{self.channel}:{self.value}"

    @property
    def has_number(self) -> bool:
        """Whether the value is a phone number, so that another channel could reach the same phone."""
        return self.value.startswith("+") and self.value[1:].isdigit()

    @property
    def fallback(self) -> "Address | None":
        """Where the same telephone is told by SMS what was to go to its WhatsApp."""
        return self.twin if self.channel == "whatsapp" else None

    @property
    def twin(self) -> "Address | None":
        """The same telephone over the other channel; None where the number is not known, and for what is no telephone."""
        others: dict[str, ChannelType] = {"sms": "whatsapp", "whatsapp": "sms"}
        return Address(others[self.channel], self.value) if self.has_number and self.channel in others else None

    def __repr__(self) -> str:
        """Never the value: addresses must not reach a log by accident."""
        return f"Address({self.channel})"
