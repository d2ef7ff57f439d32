"""The sweep: finds what a lost wake-up, a dead worker or an empty Redis left behind. Works while Redis is away, too."""

from collections.abc import Sequence
from datetime import timedelta

from bot import telemetry
from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage
from bot.pipeline.envelope import Outgoing, envelopes
from bot.pipeline.jobs import ADVANCE, DISPATCH, OUTBOX_KEY, lane_key
from bot.pipeline.outbox import DOUBT, note_sent
from bot.pipeline.references import NOTICE, REPLY
from bot.pipeline.window import as_sent
from bot.runtime import Runtime
from bot.storage import health, outbox, sessions
from bot.storage.outbox import OutboxRow

_AT_ONCE = 50
# After so long without an answer from the provider's list, a notice goes again: twice is better than never. A reply does not.
_NOTICE_AGAIN = timedelta(minutes=5)


def sweep(rt: Runtime) -> bool:
    """Wake every lane with work, and settle doubts. False when another process sweeps right now.

    Raises `Unavailable` when the database is away.
    """
    with rt.database.writing() as tx:
        if not health.only_sweeper(tx):
            return False
        lanes = set(health.unhandled_lanes(tx)) | set(sessions.waiting_lanes(tx))
        expired = outbox.doubt_expired(tx)
        due = outbox.any_due(tx)
        health.note_sweep(tx, "sweep")
        ages = health.ages(tx)
    for kind, age in (("unhandled", ages.unhandled), ("unsent", ages.unsent), ("doubtful", ages.doubtful)):
        telemetry.OLDEST.labels(kind).set(age)
    telemetry.SWEPT.labels("expired_lease").inc(expired)
    for lane in sorted(lanes):
        rt.queue.wake(ADVANCE, lane_key(lane))
    if due:
        rt.queue.wake(DISPATCH, OUTBOX_KEY)
    return True


def settle_doubts(rt: Runtime) -> int:
    """Ask the provider about sends that may or may not have happened. How many were settled.

    Sent after all: noted. Not in the provider's list: due again. The list fails: a reply stays in doubt and visible, for the
    person must not read it twice; a notice goes again in the end, for a doubled notice is better than a lost person.
    """
    with rt.database.reading() as tx:
        rows = outbox.doubtful(tx, DOUBT, _AT_ONCE)
        asked = [(outgoing, as_sent(rt, tx, outgoing)) for outgoing in envelopes(rt, tx, rows)]
    return sum(_settle(rt, outgoing, messages) for outgoing, messages in asked)


def _settle(rt: Runtime, outgoing: Outgoing, messages: Sequence[OutboundMessage]) -> bool:
    row, message = outgoing.row, outgoing.message
    channel = rt.channels.get(message.recipient.channel) if message else None
    if message is None or channel is None or row.attempted_at is None:
        return _conclude(rt, row, found=None, code="no_channel")
    try:
        since = row.attempted_at
        found = next((listed for sent in messages if (listed := channel.find(sent, since)) is not None), None)
    except SendError as error:
        if row.kind == NOTICE and rt.database.clock() - row.attempted_at > _NOTICE_AGAIN:
            return _conclude(rt, row, found=None, code=error.code)
        telemetry.log().warning("doubt_stays", outbox=str(row.id), code=error.code, kind=row.kind)
        return False
    return _conclude(rt, row, found=found.provider_id if found else None, code="not_found")


def _conclude(rt: Runtime, row: OutboxRow, *, found: str | None, code: str) -> bool:
    with rt.database.writing() as tx:
        if not outbox.still_doubtful(tx, row.id):
            return False
        if found is not None:
            note_sent(tx, [(row, found, None)])
        elif code == "no_channel" and row.kind == REPLY:
            outbox.finish(tx, row.id, "failed", code)
        else:
            outbox.put_off(tx, row.id, timedelta(0), code)
    telemetry.SWEPT.labels("settled" if found else "sent_again").inc()
    return True
