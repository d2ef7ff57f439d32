"""What a channel can do, so that nobody has to ask which provider is behind it."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one channel over one sender can do.

    `two_way`: an answer to a message reaches us. `buttons` and `entries` are how many of each fit under a message, 0 for none.
    `window`: how long after a person's words free words may go, None for ever. `most_segments`: a longer text is several texts, 0
    for no limit. `joined`: phones show the segments of one text as one; where they may not, every text has one segment.
    `replies_can_stop`: a STOP by answer reaches us. `answers_stop`: the provider itself answers a STOP and then refuses our words,
    so that we say nothing. `listed`: the provider can be asked what it took and what it received.
    """

    two_way: bool = True
    buttons: int = 0
    entries: int = 0
    media: bool = False
    window: timedelta | None = None
    most_segments: int = 0
    joined: bool = True
    replies_can_stop: bool = True
    answers_stop: bool = True
    listed: bool = False

    @property
    def longest(self) -> int:
        """The segments that one text may have, 0 for no limit."""
        return self.most_segments if self.joined else 1


NOTHING_SPECIAL = Capabilities()
