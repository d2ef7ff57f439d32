"""Dispatching: claim with a lease, send with many calls in flight, note the outcome. No connection is held while a provider is slow."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bot import telemetry
from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage, Sent
from bot.pipeline.crash import crash_point
from bot.pipeline.delivery import NOTICE, REPLY, reference
from bot.pipeline.envelope import open_notices, open_replies
from bot.runtime import Runtime
from bot.storage import contacts, messages, notifications, outbox
from bot.storage.database import Transaction
from bot.storage.outbox import OutboxRow

# Longer than any call may take: a lease that runs out means a dead process, not a slow provider.
LEASE = timedelta(seconds=20)
# A callback has this long to settle a doubt before the provider's list is asked.
DOUBT = timedelta(seconds=20)
MOST_ATTEMPTS = 12
# Seconds after which a job gives way: well below the time after which RQ ends it.
LONGEST_JOB = 20.0
# While a slow provider keeps everything waiting, new rows are looked for this often (seconds).
_LOOK_AGAIN = 0.03
# Above so many calls in flight, outcomes are gathered for this long (seconds).
_CALM, _GATHER = 8, 0.004
_FIRST_WAIT, _LONGEST_WAIT = 5.0, 600.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed row with what it sends, and how."""

    row: OutboxRow
    message: OutboundMessage | None
    send: Callable[[OutboundMessage, str], Sent] | None


def dispatch(rt: Runtime, pool: ThreadPoolExecutor) -> bool:
    """Send what is due. True when more may be due: wake again. Several processes may do this side by side."""
    in_flight: dict[Future[Sent], Outgoing] = {}
    until = time.monotonic() + LONGEST_JOB
    while True:
        free = rt.settings.sends_in_flight - len(in_flight) if time.monotonic() < until else 0
        for outgoing in _claim(rt, free) if free > 0 else []:
            in_flight[pool.submit(_send, outgoing)] = outgoing
        if not in_flight:
            return free == 0
        done, _ = wait(in_flight, timeout=_LOOK_AGAIN, return_when=FIRST_COMPLETED)
        if done and len(in_flight) > _CALM:
            # Answers come in swarms: a few milliseconds on, one transaction notes many.
            time.sleep(_GATHER)
            done = {future for future in in_flight if future.done()}
        if done:
            _note(rt, [(in_flight.pop(future), future) for future in done])


def _claim(rt: Runtime, limit: int) -> list[Outgoing]:
    with rt.database.writing() as tx:
        rows = outbox.claim(tx, limit, LEASE)
        return envelopes(rt, tx, rows)


def envelopes(rt: Runtime, tx: Transaction, rows: list[OutboxRow]) -> list[Outgoing]:
    """The messages of outbox rows, with the channel or notifier that sends each."""
    replies = open_replies(tx, [row.subject_id for row in rows if row.kind == REPLY], rt.settings.public_url)
    notices = open_notices(tx, [row.subject_id for row in rows if row.kind == NOTICE])
    outgoing = []
    for row in rows:
        message = replies.get(row.subject_id) or notices.get(row.subject_id)
        outgoing.append(Outgoing(row, message, _sender(rt, row.kind, message) if message else None))
    return outgoing


def _sender(rt: Runtime, kind: str, message: OutboundMessage) -> Callable[[OutboundMessage, str], Sent] | None:
    if kind == REPLY:
        channel = rt.channels.get(message.recipient.channel)
        return channel.send if channel else None
    notifier = rt.notifiers.get(message.recipient.channel)
    return notifier.send if notifier else None


def _send(outgoing: Outgoing) -> Sent:
    crash_point("outbox.before_send")
    if outgoing.message is None or outgoing.send is None:
        raise SendError("no_channel", retryable=False, ours=True)
    sent = outgoing.send(outgoing.message, reference(outgoing.row.kind, outgoing.row.subject_id))
    crash_point("outbox.after_send")
    return sent


def _note(rt: Runtime, done: list[tuple[Outgoing, Future[Sent]]]) -> None:
    with rt.database.writing() as tx:
        taken = [(outgoing.row, future.result()) for outgoing, future in done if future.exception() is None]
        note_sent(tx, [(row, sent.provider_id, sent.segments) for row, sent in taken])
        for outgoing, future in done:
            error = future.exception()
            if error is None:
                continue
            if isinstance(error, SendError):
                _note_error(tx, outgoing, error)
            else:
                # Our own mistake, not the provider's: the row is looked at again, and the error is seen.
                outbox.doubt(tx, outgoing.row.id, type(error).__name__)
                telemetry.log().error("send_broke", outbox=str(outgoing.row.id), exc_info=(type(error), error, error.__traceback__))


def note_sent(tx: Transaction, taken: Sequence[tuple[OutboxRow, str, int | None]]) -> None:
    """The provider took what these rows send: (row, provider id, segments)."""
    outbox.finish_sent(tx, [row.id for row, _, _ in taken])
    messages.note_sent(tx, [(row.subject_id, provider, segments) for row, provider, segments in taken if row.kind == REPLY])
    notifications.note_sent(tx, [(row.subject_id, provider) for row, provider, _ in taken if row.kind == NOTICE])
    for row, _, _ in taken:
        telemetry.SENDS.labels(row.kind, "sent").inc()


def _note_error(tx: Transaction, outgoing: Outgoing, error: SendError) -> None:
    row = outgoing.row
    level = "error" if error.ours else "warning"
    getattr(telemetry.log(), level)("send_error", outbox=str(row.id), code=error.code, attempts=row.attempts, kind=row.kind)
    if error.stop:
        _stop(tx, outgoing)
    if error.ambiguous:
        outbox.doubt(tx, row.id, error.code)
        telemetry.SENDS.labels(row.kind, "unknown").inc()
    elif error.retryable and row.attempts < MOST_ATTEMPTS:
        outbox.put_off(tx, row.id, _back_off(row.attempts, error.retry_after), error.code)
        telemetry.SENDS.labels(row.kind, "errored").inc()
    else:
        outbox.finish(tx, row.id, "failed", error.code)
        fail: Mapping[str, Callable[[Transaction, UUID, str], None]] = {REPLY: messages.note_failed, NOTICE: notifications.note_failed}
        fail[row.kind](tx, row.subject_id, error.code)
        telemetry.SENDS.labels(row.kind, "failed").inc()


def _stop(tx: Transaction, outgoing: Outgoing) -> None:
    """The provider says that this person wants nothing from us: nothing more is sent, also not what waits already."""
    if outgoing.message is None:
        return
    reached = contacts.find(tx, outgoing.message.recipient)
    if reached:
        contacts.stop(tx, reached.contact_id)
    outbox.cancel_for_key(tx, outgoing.row.ordering_key)


def _back_off(attempts: int, retry_after: float | None) -> timedelta:
    """Doubling from five seconds to ten minutes, with chance so that not everyone comes back at once."""
    if retry_after is not None:
        return timedelta(seconds=retry_after)
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempts - 1))
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))
