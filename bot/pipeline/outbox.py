"""Dispatching: claim with a lease, send with many calls in flight, note the outcome. No connection is held while a provider is slow."""

import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta

from bot import telemetry
from bot.domain.errors import SendError
from bot.domain.messages import Sent
from bot.domain.sending import Verdict
from bot.pipeline.crash import crash_point
from bot.pipeline.envelope import Outgoing, envelopes
from bot.pipeline.gate import admit
from bot.pipeline.references import NOTICE, REPLY, reference
from bot.pipeline.refusals import Refusal, refused
from bot.runtime import Runtime
from bot.storage import messages, notifications, outbox
from bot.storage.database import Transaction
from bot.storage.outbox import OutboxRow

# Longer than any call may take: a lease that runs out means a dead process, not a slow provider.
LEASE = timedelta(seconds=20)
# A callback has this long to settle a doubt before the provider's list is asked.
DOUBT = timedelta(seconds=20)
# Seconds after which a job gives way: well below the time after which RQ ends it.
LONGEST_JOB = 20.0
# While a slow provider keeps everything waiting, new rows are looked for this often (seconds).
_LOOK_AGAIN = 0.03
# Above so many calls in flight, outcomes are gathered for this long (seconds).
_CALM, _GATHER = 8, 0.004


def dispatch(rt: Runtime, pool: ThreadPoolExecutor) -> bool:
    """Send what is due. True when more may be due: wake again. Several processes may do this side by side."""
    in_flight: dict[Future[Sent], Outgoing] = {}
    until = time.monotonic() + LONGEST_JOB
    while True:
        free = rt.settings.sends_in_flight - len(in_flight) if time.monotonic() < until else 0
        held = 0
        if free > 0:
            held, admitted = _claim(rt, free)
            for outgoing in admitted:
                in_flight[pool.submit(_send, outgoing)] = outgoing
        if not in_flight:
            if held:
                # What was held made room for what comes after it, or left something else to be sent.
                continue
            return free == 0
        done, _ = wait(in_flight, timeout=_LOOK_AGAIN, return_when=FIRST_COMPLETED)
        if done and len(in_flight) > _CALM:
            # Answers come in swarms: a few milliseconds on, one transaction notes many.
            time.sleep(_GATHER)
            done = {future for future in in_flight if future.done()}
        if done:
            _note(rt, [(in_flight.pop(future), future) for future in done])


def _claim(rt: Runtime, limit: int) -> tuple[int, list[Outgoing]]:
    """How many were claimed and held, and those that go."""
    with rt.database.writing() as tx:
        rows = outbox.claim(tx, limit, LEASE)
        if not rows:
            return 0, []
        admitted = admit(rt, tx, envelopes(rt, tx, rows))
        return len(rows) - len(admitted), admitted


def _send(outgoing: Outgoing) -> Sent:
    crash_point("outbox.before_send")
    if outgoing.message is None or outgoing.send is None:
        raise SendError("no_channel", retryable=False, ours=True, verdict=Verdict.NEVER)
    sent = outgoing.send(outgoing.message, reference(outgoing.row.kind, outgoing.row.subject_id))
    crash_point("outbox.after_send")
    return sent


def _note(rt: Runtime, done: list[tuple[Outgoing, Future[Sent]]]) -> None:
    with rt.database.writing() as tx:
        taken = [(outgoing.row, future.result()) for outgoing, future in done if future.exception() is None]
        note_sent(tx, [(row, sent.provider_id, sent.segments) for row, sent in taken])
    for outgoing, future in done:
        error = future.exception()
        if error is not None:
            # One transaction for each: a refusal may stop a person or move a message, and must not undo what the others noted.
            with rt.database.writing() as tx:
                _note_error(rt, tx, outgoing, error)


def note_sent(tx: Transaction, taken: Sequence[tuple[OutboxRow, str, int | None]]) -> None:
    """The provider took what these rows send: (row, provider id, segments)."""
    outbox.finish_sent(tx, [(row.id, provider) for row, provider, _ in taken])
    messages.note_sent(tx, [(row.subject_id, provider, segments) for row, provider, segments in taken if row.kind == REPLY])
    notifications.note_sent(tx, [(row.subject_id, provider) for row, provider, _ in taken if row.kind == NOTICE])
    for row, _, _ in taken:
        telemetry.SENDS.labels(row.kind, "sent").inc()


def _note_error(rt: Runtime, tx: Transaction, outgoing: Outgoing, error: BaseException) -> None:
    row = outgoing.row
    if not isinstance(error, SendError):
        # Our own mistake, not the provider's: the row is looked at again, and the error is seen.
        outbox.doubt(tx, row.id, type(error).__name__)
        telemetry.log().error("send_broke", outbox=str(row.id), exc_info=(type(error), error, error.__traceback__))
        return
    level = "error" if error.ours else "warning"
    getattr(telemetry.log(), level)("send_error", outbox=str(row.id), code=error.code, attempts=row.attempts, kind=row.kind)
    if error.ambiguous:
        outbox.doubt(tx, row.id, error.code)
        telemetry.SENDS.labels(row.kind, "unknown").inc()
    else:
        refused(rt, tx, outgoing, Refusal(error.code, error.verdict, error.retry_after))
