"""The sandbox's own time: a test can move it to see the 24-hour window close without waiting a day."""

import time
from datetime import UTC, datetime, timedelta


class MovableClock:
    """UTC now, shifted by an offset in seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> datetime:
        """The shifted time, aware."""
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    @staticmethod
    def elapsed() -> float:
        """Seconds that only run forward and never jump: what deliveries are timed by."""
        return time.monotonic()
