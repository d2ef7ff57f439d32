"""The one message a day for members who want no other: what is normal and waits for an answer."""

from bot.casework import notices, people
from bot.domain.ladder import UNSEEN
from bot.pipeline.jobs import DISPATCH, OUTBOX_KEY
from bot.runtime import Runtime
from bot.storage import members, referrals

# Codes that fit into one SMS with the words around them.
_MOST_CODES = 8


def send(rt: Runtime) -> int:
    """Write today's digests, once a day and reader and never in quiet hours. How many were written.

    Raises `Unavailable` when the database is away.
    """
    content = rt.content
    with rt.database.writing() as tx:
        if content.directory.calendar.next_unasked(tx.now) > tx.now:
            return 0
        wanting = {member.partner for member in members.everyone(tx) if member.digest}
        written = 0
        for partner in sorted(wanting):
            waiting = [row.code for row in referrals.held_by(tx, [partner]) if row.state in UNSEEN and row.urgency == "normal"]
            for reader in people.readers(content, tx, partner) if waiting else ():
                written += reader.digest and notices.digest(content, tx, reader, partner, waiting[:_MOST_CODES])
    if written:
        rt.queue.wake(DISPATCH, OUTBOX_KEY)
    return written
