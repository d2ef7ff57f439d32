"""Notices to a partner's own system: a signed POST of JSON, without personal data.

The receiver checks `X-Dellusi-Signature: sha256=<hex>`, HMAC-SHA256 of `<X-Dellusi-Timestamp>.<body>` with the shared key, refuses old
timestamps, and takes the same `id` once however often it comes.
"""

import hmac
import json
import time
from collections.abc import Callable
from hashlib import sha256

import requests

from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage, Sent, Status
from bot.domain.referrals import find_code
from bot.domain.sending import Verdict


class WebhookNotifier:
    """Posts to the https address that the partner named."""

    means = "webhook"

    def __init__(self, key: str, *, timeout: float = 10.0, clock: Callable[[], float] = time.time) -> None:
        self._key, self._timeout, self._clock = key.encode(), timeout, clock
        self._session = requests.Session()
        self._session.trust_env = False

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Post the notice. Raises `SendError`; any 2xx is a yes, 410 says that nothing is wanted any more."""
        document = {"id": reference, "code": find_code(message.text) or "", "language": message.language, "text": message.text}
        body = json.dumps(document, ensure_ascii=False).encode()
        stamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Dellusi-Timestamp": stamp,
            "X-Dellusi-Signature": "sha256=" + hmac.new(self._key, stamp.encode() + b"." + body, sha256).hexdigest(),
        }
        try:
            answer = self._session.post(
                message.recipient.value, data=body, headers=headers, timeout=self._timeout, allow_redirects=False, stream=True
            )
        except requests.RequestException as error:
            # Sent again with the same id: the receiver takes it once.
            raise SendError("webhook_away", retryable=True) from error
        answer.close()
        if 200 <= answer.status_code < 300:
            return Sent(reference, Status.DELIVERED, None)
        raise _refused(answer.status_code)


def _refused(status: int) -> SendError:
    if status == 410:
        return SendError("webhook_410", retryable=False, verdict=Verdict.NEVER)
    if status == 429:
        return SendError("webhook_429", retryable=True, verdict=Verdict.PACE)
    if status >= 500 or status == 408:
        return SendError(f"webhook_{status}", retryable=True, verdict=Verdict.SOON)
    # A wrong key or address is for people to mend, and the notice waits for it.
    return SendError(f"webhook_{status}", retryable=False, ours=True)
