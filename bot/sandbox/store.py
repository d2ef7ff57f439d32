"""Everything that the sandbox remembers, in memory and bounded. One lock, held for a few dictionary moves."""

import threading
from bisect import bisect_left
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from bot.sandbox.messages import Message

# Messages that are handed out under the lock at once.
_AT_ONCE = 500


class Store:
    """Messages by id and by phone, who stopped whom, and who wrote last when."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._arrived = threading.Condition()
        self._messages: OrderedDict[str, Message] = OrderedDict()
        # Serials and ids, oldest first; those of messages that are gone stay until they are half of all.
        self._order: list[tuple[int, str]] = []
        self._threads: defaultdict[str, deque[Message]] = defaultdict(deque)
        self._stopped: set[tuple[str, str]] = set()
        self._heard: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._serial = 0
        self._gone: set[tuple[str, str]] = set()

    def add(self, make: Callable[[int], Message]) -> Message:
        """Keep the message that `make` builds for the next serial number; the oldest ones fall out."""
        with self._arrived:
            self._serial += 1
            message = make(self._serial)
            self._messages[message.sid] = message
            self._order.append((message.serial, message.sid))
            self._threads[message.person].append(message)
            if len(self._messages) > self._kept:
                self._forget(self._messages.popitem(last=False)[1])
            if len(self._order) > 2 * len(self._messages) + _AT_ONCE:
                self._order = [(kept.serial, kept.sid) for kept in self._messages.values()]
            self._arrived.notify_all()
        return message

    def _forget(self, message: Message) -> None:
        self._gone = {(sid, name) for sid, name in self._gone if sid != message.sid}
        thread = self._threads.get(message.person)
        if thread is not None:
            if thread and thread[0] is message:
                thread.popleft()
            else:
                thread.remove(message)
            if not thread:
                del self._threads[message.person]

    def get(self, sid: str) -> Message | None:
        """The message with that id."""
        return self._messages.get(sid)

    def remove(self, sid: str) -> bool:
        """Forget one message. False when there is none of that id."""
        with self._arrived:
            message = self._messages.pop(sid, None)
            if message is not None:
                self._forget(message)
        return message is not None

    def remove_file(self, sid: str, name: str) -> bool:
        """Forget one file of a message. False when the message has it no more."""
        with self._arrived:
            if not self._has(sid, name):
                return False
            self._gone.add((sid, name))
        return True

    def has_file(self, sid: str, name: str) -> bool:
        """Whether the message is there, and this file of it was not deleted."""
        with self._arrived:
            return self._has(sid, name)

    def _has(self, sid: str, name: str) -> bool:
        return sid in self._messages and (sid, name) not in self._gone

    def redact(self, sid: str) -> None:
        """Take the words out of one message."""
        with self._arrived:
            message = self._messages.get(sid)
            if message is not None:
                bare = replace(message, body="", interactive=None)
                thread = self._threads[message.person]
                thread[thread.index(message)] = bare
                self._messages[sid] = bare

    def newest_first(self, before: int | None = None, person: str | None = None) -> Iterator[Message]:
        """All messages, or those with a smaller serial, or of one phone. What comes in meanwhile is left out."""
        if person is not None:
            yield from (message for message in reversed(self.thread(person)) if before is None or message.serial < before)
            return
        while True:
            with self._arrived:
                end = len(self._order) if before is None else bisect_left(self._order, (before, ""))
                names = self._order[max(0, end - _AT_ONCE) : end]
                found = [message for _, sid in reversed(names) if (message := self._messages.get(sid)) is not None]
            yield from found
            if not names:
                return
            before = names[0][0]

    def thread(self, person: str) -> list[Message]:
        """What one phone sent and got, oldest first."""
        with self._arrived:
            return list(self._threads.get(person, ()))

    def __contains__(self, person: object) -> bool:
        """Whether this phone has a thread."""
        return person in self._threads

    def people(self) -> list[str]:
        """The addresses that have a thread."""
        with self._arrived:
            return list(self._threads)

    def wait(self, person: str, since: int, seconds: float) -> None:
        """Return as soon as the phone has a message after `since`, at the latest after `seconds`."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._last(person) > since, seconds)

    def _last(self, person: str) -> int:
        thread = self._threads.get(person)
        return thread[-1].serial if thread else 0

    def wait_for_any(self, since: int, seconds: float) -> list[Message]:
        """What is younger than `since`, oldest first, as soon as there is something, at the latest after `seconds`."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._serial > since, seconds)
            fresh: list[Message] = []
            for message in reversed(self._messages.values()):
                if message.serial <= since:
                    break
                fresh.append(message)
        return fresh[::-1]

    def heard(self, sender: str, person: str, at: datetime) -> None:
        """The person wrote to the sender: a WhatsApp window opens."""
        with self._arrived:
            self._heard[sender, person] = at
            self._heard.move_to_end((sender, person))
            if len(self._heard) > self._kept:
                self._heard.popitem(last=False)

    def last_heard(self, sender: str, person: str) -> datetime | None:
        """When the person last wrote to the sender."""
        return self._heard.get((sender, person))

    def stop(self, sender: str, person: str) -> None:
        """The person wants nothing more from this sender."""
        self._stopped.add((sender, person))

    def resume(self, sender: str, person: str) -> None:
        """The person wants messages again."""
        self._stopped.discard((sender, person))

    def is_stopped(self, sender: str, person: str) -> bool:
        """Whether the sender is blocked for the person."""
        return (sender, person) in self._stopped

    def stopped_pairs(self) -> Iterator[tuple[str, str]]:
        """Who stopped whom: (sender, person)."""
        return iter(sorted(self._stopped))

    def count(self) -> int:
        """How many messages are kept."""
        return len(self._messages)

    def clear(self) -> None:
        """Forget everything."""
        with self._arrived:
            for part in (self._messages, self._order, self._threads, self._stopped, self._heard):
                part.clear()
