"""Personal values at rest: authenticated encryption with key ids, and the keyed hash that finds an address.

A sealed value is `1 | key id length | key id | nonce (12) | ciphertext and tag` (AES-256-GCM). Its associated data is
`table.column.row`, so that a ciphertext moved to another row or column does not open. New values use the first key; every
listed key opens what it sealed, which is how keys rotate.
"""

import hmac
import os
from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot import telemetry
from bot.domain.addresses import Address
from bot.domain.errors import BotError

_FORMAT = 1
_NONCE = 12


class Unsealable(BotError):
    """A value that no listed key opens: a key is missing, or the value was moved or changed."""

    code = "unsealable"


class Vault:
    """Seals and opens personal values, and hashes addresses. Keys never leave it."""

    def __init__(self, keys: tuple[tuple[str, bytes], ...], index_key: bytes) -> None:
        self._ciphers: Mapping[bytes, AESGCM] = {name.encode(): AESGCM(key) for name, key in keys}
        self._newest = keys[0][0].encode()
        self._index_key = index_key

    def seal(self, text: str, column: str, row: UUID) -> bytes:
        """The sealed form of `text` for `column` (as `messages.content`) of `row`."""
        return self.seal_bytes(text.encode(), column, row)

    def seal_bytes(self, content: bytes, column: str, row: UUID) -> bytes:
        """The sealed form of the bytes of a file."""
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._newest].encrypt(nonce, content, _bound_to(column, row))
        return bytes((_FORMAT, len(self._newest))) + self._newest + nonce + sealed

    def open(self, sealed: bytes, column: str, row: UUID) -> str:
        """The text of a sealed value. Raises `Unsealable`."""
        return self.open_bytes(sealed, column, row).decode()

    def open_bytes(self, sealed: bytes, column: str, row: UUID) -> bytes:
        """The bytes of a sealed file. Raises `Unsealable`."""
        if len(sealed) < 2 + _NONCE or sealed[0] != _FORMAT:
            raise Unsealable("unknown format")
        end = 2 + sealed[1]
        cipher = self._ciphers.get(bytes(sealed[2:end]))
        if cipher is None:
            raise Unsealable("the key of this value is not listed")
        try:
            return cipher.decrypt(sealed[end : end + _NONCE], sealed[end + _NONCE :], _bound_to(column, row))
        except InvalidTag:
            raise Unsealable("the value does not belong here") from None

    def open_if_possible(self, sealed: bytes, column: str, row: UUID) -> str | None:
        """The text, or None, and a line in the log, where it does not open: one lost value must not hold up everybody else's."""
        try:
            return self.open(sealed, column, row)
        except Unsealable as error:
            telemetry.log().error("value_unreadable", kind=column, key=str(row), reason=str(error))
            return None

    def hash_address(self, address: Address) -> bytes:
        """16 bytes that find an address. The phone space is small: whoever holds the key can list it, so it stays out of backups."""
        return self.hash(address.identity)

    def hash(self, text: str) -> bytes:
        """16 bytes of a keyed hash."""
        return hmac.new(self._index_key, text.encode(), sha256).digest()[:16]


def _bound_to(column: str, row: UUID) -> bytes:
    return f"{column}.{row}".encode()
