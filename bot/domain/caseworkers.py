"""Who answers for a partner: known by a registered address, never by a name."""

from dataclasses import dataclass

from bot.domain.addresses import Address


@dataclass(frozen=True, slots=True)
class Caseworker:
    """The one who writes from a registered address.

    `id` is opaque and goes into histories; `partners` are those it answers for; `coordinates` names the regions whose referrals it
    may place although another partner holds them. `pin` is a keyed hash bound to `address` (`bot.casework.pins`), None when none was
    agreed: then a person's details go by link only.
    """

    id: str
    partners: tuple[str, ...]
    language: str = "fr"
    pin: bytes | None = None
    coordinates: tuple[str, ...] = ()
    address: Address | None = None
