"""The sweep: finds what a lost wake-up, a dead worker or an empty Redis left behind. Works while Redis is away, too."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from datetime import timedelta

from bot import telemetry
from bot.domain.errors import SendError
from bot.domain.messages import Accepted
from bot.pipeline.envelope import Outgoing, envelopes
from bot.pipeline.jobs import ADVANCE, DISPATCH, OUTBOX_KEY, lane_key
from bot.pipeline.outbox import DOUBT, note_sent
from bot.pipeline.references import NOTICE, REPLY
from bot.pipeline.urgency import about_danger
from bot.pipeline.window import as_sent
from bot.runtime import Runtime
from bot.storage import doubts, health, outbox, sessions
from bot.storage.database import Transaction
from bot.storage.doubts import NEVER_REPORTED
from bot.storage.outbox import OutboxRow

_AT_ONCE = 200
# After so long without an answer from the provider's list, a notice goes again: twice is better than never. A reply does not.
_NOTICE_AGAIN = timedelta(minutes=5)
# Where the provider keeps no list only a report can tell, and it has had its time: the person's next messages wait behind this one.
_NO_REPORT = timedelta(minutes=5)


def sweep(rt: Runtime) -> bool:
    """Wake every lane with work, and settle doubts. False when another process sweeps right now.

    Raises `Unavailable` when the database is away.
    """
    with rt.database.writing() as tx:
        if not health.only_sweeper(tx):
            return False
        lanes = set(health.unhandled_lanes(tx)) | set(sessions.waiting_lanes(tx))
        expired = doubts.from_leases(tx)
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


def settle_doubts(rt: Runtime, pool: Executor) -> int:
    """Ask the provider about sends that may or may not have happened, many side by side. How many were settled.

    Sent after all: noted. Not in the provider's list: due again. The list fails: a reply stays in doubt and visible, for the
    person must not read it twice; a notice goes again in the end, for a doubled notice is better than a lost person. Where
    there is no list at all, a reply without a report is failed in the end, and the person's next messages go.
    """
    with rt.database.reading() as tx:
        rows = doubts.waiting(tx, DOUBT, _AT_ONCE)
        asked = [(outgoing, _question(rt, tx, outgoing)) for outgoing in envelopes(rt, tx, rows)]
    # No connection is held while a provider is slow.
    answers = [(outgoing, pool.submit(question) if question else None) for outgoing, question in asked]
    return sum(_settle(rt, outgoing, answer) for outgoing, answer in answers)


def _question(rt: Runtime, tx: Transaction, outgoing: Outgoing) -> Callable[[], Accepted | None] | None:
    """Whether the provider's list has this row's words, to be asked; None where there is nobody to ask."""
    message, since = outgoing.message, outgoing.row.attempted_at
    channel = rt.channels.get(message.recipient.channel) if message else None
    if channel is None or since is None:
        return None
    sent = as_sent(rt, tx, outgoing)
    return lambda: next(filter(None, (channel.find(one, since) for one in sent)), None)


def _settle(rt: Runtime, outgoing: Outgoing, answer: Future[Accepted | None] | None) -> bool:
    row, message = outgoing.row, outgoing.message
    if answer is None or message is None or row.attempted_at is None:
        return _conclude(rt, row, found=None, code="no_channel")
    try:
        error = answer.exception()
    except CancelledError:
        # We are being stopped: it is asked about by whoever starts next.
        return False
    if error is None:
        found = answer.result()
        return _conclude(rt, row, found=found.provider_id if found else None, code="not_found")
    if isinstance(error, SendError):
        age = rt.database.clock() - row.attempted_at
        if row.kind == NOTICE and age > _NOTICE_AGAIN:
            return _conclude(rt, row, found=None, code=error.code)
        if not rt.channels[message.recipient.channel].capabilities.listed and age > _NO_REPORT:
            # Words about a danger go again, for the same reason as a notice; any other is failed and listed.
            code = error.code if about_danger(rt.content, outgoing.node) else NEVER_REPORTED
            return _conclude(rt, row, found=None, code=code)
        telemetry.log().warning("doubt_stays", outbox=str(row.id), code=error.code, kind=row.kind)
    else:
        # Our own mistake: this row is looked at again, and the others are settled.
        telemetry.log().error("doubt_broke", outbox=str(row.id), exc_info=(type(error), error, error.__traceback__))
    return False


def _conclude(rt: Runtime, row: OutboxRow, *, found: str | None, code: str) -> bool:
    with rt.database.writing() as tx:
        if not doubts.lock(tx, row.id):
            return False
        if found is not None:
            note_sent(tx, [(row, found, None)])
        elif code in ("no_channel", NEVER_REPORTED) and row.kind == REPLY:
            outbox.finish(tx, row.id, "failed", code)
        else:
            outbox.put_off(tx, row.id, timedelta(0), code)
    telemetry.SWEPT.labels("settled" if found else "sent_again").inc()
    return True
