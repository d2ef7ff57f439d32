"""How fast a sender may send and how much may wait for it, and how often the API may be called.

Twilio sends what comes too fast later; a full queue refuses it: https://www.twilio.com/docs/api/errors/21611 (a number, at
once), 30001 (behind a messaging service, in the report), 63018 (WhatsApp, in the report); 20429 for calls of the API.
"""

import threading
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """`per_second` segments or messages (0: no limit), and how many may wait."""

    per_second: float = 0.0
    queue: int = 1000


class Quotas:
    """The quotas of one account, by channel; all of them are off at the start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}
        self._calls: deque[float] = deque()
        self.sms = Quota()
        self.whatsapp = Quota()
        self.api_per_second = 0

    def call(self, now: float) -> bool:
        """Whether one more call of the API is within its limit."""
        if not self.api_per_second:
            return True
        with self._lock:
            while self._calls and self._calls[0] <= now - 1.0:
                self._calls.popleft()
            if len(self._calls) >= self.api_per_second:
                return False
            self._calls.append(now)
        return True

    def queue(self, sender: str, parts: int, now: float) -> float | None:
        """Seconds that a message of so many segments waits for its sender; None when the queue is full."""
        quota = self.whatsapp if sender.startswith("whatsapp:") else self.sms
        if not quota.per_second:
            return 0.0
        with self._lock:
            start = max(now, self._free_at.get(sender, 0.0))
            if (start - now) * quota.per_second > quota.queue:
                return None
            self._free_at[sender] = start + parts / quota.per_second
        return start - now

    def clear(self) -> None:
        """No limits, and nothing waits."""
        with self._lock:
            self._free_at.clear()
            self._calls.clear()
            self.sms = self.whatsapp = Quota()
            self.api_per_second = 0
