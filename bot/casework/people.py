"""Who writes from an address, and who is told about a partner's referrals."""

from dataclasses import dataclass

from bot.content import Content
from bot.domain.addresses import Address
from bot.domain.caseworkers import Caseworker
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Reader:
    """One who is told about a partner's referrals. `member` is opaque."""

    address: Address
    language: str = "fr"
    digest: bool = False
    member: str = ""


def caseworker_at(content: Content, tx: Transaction, address: Address) -> Caseworker | None:
    """The caseworker who writes from this address; None when it is not registered."""
    partners = content.partners_at(address)
    if not partners:
        return None
    regions = content.directory.country.regions.values()
    coordinates = tuple(region.name for region in regions if region.coordinator in partners)
    member = tx.vault.hash_address(address).hex()
    return Caseworker(member, partners, content.partner_language(partners[0]), coordinates=coordinates, address=address)


def readers(content: Content, tx: Transaction, partner: str) -> tuple[Reader, ...]:
    """Who is told about a partner's referrals now."""
    return tuple(
        Reader(address, language, member=tx.vault.hash_address(address).hex()) for address, language in content.partner_addresses(partner)
    )
