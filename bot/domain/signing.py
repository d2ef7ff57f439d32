"""Our own signature on ids that travel through a provider's hands and come back."""

import hmac
from hashlib import sha256


class Signer:
    """Signs references in status callback addresses: a callback that was not made for us changes nothing."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, reference: str) -> str:
        """32 hexadecimal digits."""
        return hmac.new(self._key, reference.encode(), sha256).hexdigest()[:32]

    def matches(self, reference: str, signature: str) -> bool:
        """Whether the signature is ours, in constant time."""
        return hmac.compare_digest(self.sign(reference).encode(), signature.encode())
