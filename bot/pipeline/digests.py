"""The one message a day for members who want no other: what is normal and waits for an answer."""

from bot.casework import notices, people
from bot.casework.people import Reader
from bot.domain.ladder import UNSEEN
from bot.pipeline.jobs import DISPATCH, OUTBOX_KEY
from bot.runtime import Runtime
from bot.storage import referrals
from bot.storage.database import Transaction

# Codes that fit into one SMS with the words around them.
_MOST_CODES = 8


def send(rt: Runtime) -> int:
    """Write today's digests, once a day and reader and never in quiet hours. How many were written.

    Raises `Unavailable` when the database is away.
    """
    with rt.database.writing() as tx:
        if rt.content.directory.calendar.next_unasked(tx.now) > tx.now:
            return 0
        found = _waiting(rt, tx)
        written = sum(notices.digest(rt.content, tx, reader, partner, codes[:_MOST_CODES]) for reader, (partner, codes) in found.items())
    if written:
        rt.queue.wake(DISPATCH, OUTBOX_KEY)
    return written


def _waiting(rt: Runtime, tx: Transaction) -> dict[Reader, tuple[str, list[str]]]:
    """Codes that wait for each reader of a digest, oldest first, with the first partner they are for: who reads for several partners
    gets one message for all of them."""
    found: dict[Reader, tuple[str, list[str]]] = {}
    readers: dict[str, list[Reader]] = {}
    for row in referrals.in_states(tx, UNSEEN, urgency="normal"):
        if row.partner not in readers:
            readers[row.partner] = [reader for reader in people.readers(rt.content, tx, row.partner) if reader.digest]
        for reader in readers[row.partner]:
            found.setdefault(reader, (row.partner, []))[1].append(row.code)
    return found
