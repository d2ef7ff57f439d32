"""The PIN that opens a person's details by text. Kept as a keyed hash bound to the caseworker's address."""

import hmac

from bot.domain.addresses import Address
from bot.storage.vault import Vault


def pin_hash(vault: Vault, address: Address, pin: str) -> bytes:
    """What is kept of a PIN: without the key of the vault its ten thousand values cannot be tried."""
    return vault.hash(f"pin:{address.identity}:{pin}")


def matches(vault: Vault, kept: bytes, address: Address, pin: str) -> bool:
    """Whether the PIN is the one that was kept."""
    return hmac.compare_digest(kept, pin_hash(vault, address, pin))
