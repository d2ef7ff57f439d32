"""Dispatching: claim with a lease, send with many calls in flight, note the outcome. No connection is held while a provider is slow."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta

from bot import telemetry
from bot.domain.errors import SendError
from bot.domain.messages import Sent
from bot.domain.sending import Verdict
from bot.pipeline.crash import crash_point
from bot.pipeline.envelope import Outgoing, envelopes
from bot.pipeline.gate import admit
from bot.pipeline.jobs import DISPATCH, OUTBOX_KEY
from bot.pipeline.references import NOTICE, REPLY, reference
from bot.pipeline.refusals import Refusal, refused
from bot.runtime import Runtime
from bot.storage import doubts, notifications, outbound, outbox
from bot.storage.database import Transaction
from bot.storage.outbox import OutboxRow

# Longer than any call may take: a lease that runs out means a dead process, not a slow provider.
LEASE = timedelta(seconds=20)
# A callback has this long to settle a doubt before the provider's list is asked.
DOUBT = timedelta(seconds=20)
# Seconds after which a job gives way: well below the time after which RQ ends it.
LONGEST_JOB = 20.0
# While a slow provider keeps everything waiting, new rows are looked for this often (seconds), and calls for them so often.
_LOOK_AGAIN, _GLANCE = 0.03, 0.004
# Above so many calls in flight, outcomes are gathered for this long (seconds).
_CALM, _GATHER = 8, 0.004

# A row that the provider took, its id there, and the segments it counted.
Taken = tuple[OutboxRow, str, int | None]


def dispatch(rt: Runtime, pool: ThreadPoolExecutor) -> bool:
    """Send what is due. True when more may be due: wake again. Several processes may do this side by side."""
    in_flight: dict[Future[Sent], Outgoing] = {}
    taken: list[Taken] = []
    until = time.monotonic() + LONGEST_JOB
    while True:
        calls = rt.queue.calls(DISPATCH, OUTBOX_KEY)
        free = rt.settings.sends_in_flight - len(in_flight) if time.monotonic() < until else 0
        held, admitted = _note_and_claim(rt, taken, free)
        for outgoing in admitted:
            in_flight[pool.submit(_send, outgoing)] = outgoing
        if not in_flight:
            if held:
                # What was held made room for what comes after it, or left something else to be sent.
                taken = []
                continue
            return free == 0
        taken = _noted(rt, [(in_flight.pop(future), future) for future in _wait(rt, in_flight, calls, hungry=free > 0)])


def _wait(rt: Runtime, in_flight: Mapping[Future[Sent], Outgoing], calls: int, *, hungry: bool) -> Collection[Future[Sent]]:
    """Those that are over. None when somebody wrote something new meanwhile, or when it is time to look whether they did."""
    until = time.monotonic() + _LOOK_AGAIN
    done: Collection[Future[Sent]] = ()
    while not done and time.monotonic() < until:
        done, _ = wait(in_flight, timeout=_GLANCE, return_when=FIRST_COMPLETED)
        if not done and hungry and rt.queue.calls(DISPATCH, OUTBOX_KEY) != calls:
            return ()
    if done and len(in_flight) > _CALM:
        # Answers come in swarms: a few milliseconds on, one transaction notes many.
        time.sleep(_GATHER)
        done = {future for future in in_flight if future.done()}
    return done


def _note_and_claim(rt: Runtime, taken: Sequence[Taken], free: int) -> tuple[int, list[Outgoing]]:
    """Note what the provider took, and claim what may go now, in one transaction. How many were claimed and held, and those that go."""
    if not taken and free <= 0:
        return 0, []
    with _noting_at_least(rt, taken), rt.database.writing() as tx:
        note_sent(tx, taken)
        return _claim(rt, tx, free) if free > 0 else (0, [])


@contextmanager
def _noting_at_least(rt: Runtime, taken: Sequence[Taken]) -> Iterator[None]:
    """Whatever else fails: that these were sent is noted."""
    try:
        yield
    except Exception:
        if taken:
            with rt.database.writing() as tx:
                note_sent(tx, taken)
        raise


def _claim(rt: Runtime, tx: Transaction, limit: int) -> tuple[int, list[Outgoing]]:
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


def _noted(rt: Runtime, done: Sequence[tuple[Outgoing, Future[Sent]]]) -> list[Taken]:
    """Note what was not taken. What was is noted together with the next claim."""
    sent = [(outgoing.row, future.result()) for outgoing, future in done if future.exception() is None]
    taken = [(row, one.provider_id, one.segments) for row, one in sent]
    with _noting_at_least(rt, taken):
        for outgoing, future in done:
            error = future.exception()
            if error is not None:
                # One transaction for each: a refusal may stop a person or move a message, and must not undo what the others noted.
                with rt.database.writing() as tx:
                    _note_error(rt, tx, outgoing, error)
    return taken


def note_sent(tx: Transaction, taken: Sequence[Taken]) -> None:
    """The provider took what these rows send: (row, provider id, segments)."""
    outbox.finish_sent(tx, [(row.id, provider) for row, provider, _ in taken])
    outbound.note_sent(tx, [(row.subject_id, provider, segments) for row, provider, segments in taken if row.kind == REPLY])
    notifications.note_sent(tx, [(row.subject_id, provider) for row, provider, _ in taken if row.kind == NOTICE])
    for row, _, _ in taken:
        telemetry.SENDS.labels(row.kind, "sent").inc()


def _note_error(rt: Runtime, tx: Transaction, outgoing: Outgoing, error: BaseException) -> None:
    row = outgoing.row
    if not isinstance(error, SendError):
        # Our own mistake, not the provider's: the row is looked at again, and the error is seen.
        doubts.note(tx, row.id, type(error).__name__)
        telemetry.log().error("send_broke", outbox=str(row.id), exc_info=(type(error), error, error.__traceback__))
        return
    level = "error" if error.ours else "warning"
    getattr(telemetry.log(), level)("send_error", outbox=str(row.id), code=error.code, attempts=row.attempts, kind=row.kind)
    if error.ambiguous:
        doubts.note(tx, row.id, error.code)
        telemetry.SENDS.labels(row.kind, "unknown").inc()
    else:
        refused(rt, tx, outgoing, Refusal(error.code, error.verdict, error.retry_after))
