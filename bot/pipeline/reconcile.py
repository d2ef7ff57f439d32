"""What the provider received for us and we did not: its log is read again and again, and what the inbox lacks is taken in.

A webhook that failed all its tries is in the provider's log and nowhere else. The ledger of ids decides, so that listing twice, or a
webhook that comes after all, changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from bot import telemetry
from bot.domain.errors import SendError
from bot.domain.messages import InboundMessage
from bot.domain.ports import Log
from bot.pipeline import inbox
from bot.runtime import Runtime
from bot.storage import health, incidents, messages

JOB = "reconcile"
# The webhook knows more than the log (which button was tapped, who the sender is): it has this long to arrive, retries included.
_GRACE = timedelta(seconds=60)
# Every look goes back beyond the one before: the log may show a message later than it was sent.
_OVERLAP = timedelta(minutes=10)
# Where nobody ever looked, or for long: older words help nobody, and the provider's log is long.
_FIRST, _LONGEST = timedelta(hours=24), timedelta(days=7)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a look into the logs found: messages listed, those that we lacked, and those of them that are too old for an answer each.

    `failed` names the providers that did not answer.
    """

    since: datetime
    listed: int = 0
    missed: int = 0
    late: int = 0
    failed: tuple[str, ...] = ()


def reconcile(rt: Runtime, since: datetime | None = None, *, write: bool = True) -> Reconciled:
    """Take in what the logs have and we do not, from `since` or from a little before the last look. Without `write` only count.

    Raises `Unavailable` when the database is away; what was taken in by then is kept, and the next look begins where this one did.
    """
    with rt.database.reading() as tx:
        now, last = tx.now, health.last_run(tx, JOB)
    begin = since or max(now - _LONGEST, last - _OVERLAP if last else now - _FIRST)
    found = Reconciled(begin)
    for log in rt.logs:
        found = _from(rt, log, found, begin, now, write=write)
    if write:
        _note(rt, found, looked=since is None)
    return found


def _from(rt: Runtime, log: Log, found: Reconciled, begin: datetime, now: datetime, *, write: bool) -> Reconciled:
    try:
        listed = log.received(begin, now - _GRACE)
        for some in _batches(listed):
            found = _take(rt, some, found, now, write=write)
    except SendError as error:
        telemetry.log().warning("reconcile_put_off", provider=log.name, code=error.code)
        return replace(found, failed=(*found.failed, log.name))
    return found


def _take(rt: Runtime, some: Sequence[InboundMessage], found: Reconciled, now: datetime, *, write: bool) -> Reconciled:
    with rt.database.reading() as tx:
        lacking = messages.never_seen(tx, [(message.channel, message.provider_id) for message in some])
    oldest = now - timedelta(minutes=rt.settings.late_minutes)
    missed = late = 0
    for message in some:
        if (message.channel, message.provider_id) not in lacking:
            continue
        old = message.sent_at is not None and message.sent_at < oldest
        if not write or inbox.receive(rt, replace(message, late=old)):
            missed, late = missed + 1, late + old
    return replace(found, listed=found.listed + len(some), missed=found.missed + missed, late=found.late + late)


def _note(rt: Runtime, found: Reconciled, *, looked: bool) -> None:
    """The next look begins here, unless a log did not answer; what had to be fetched says that webhooks do not arrive."""
    with rt.database.writing() as tx:
        if looked and not found.failed:
            health.note_sweep(tx, JOB)
        if found.missed:
            incidents.note(tx, "webhooks_missed", JOB)
    if found.missed:
        telemetry.log().error("webhooks_missed", count=found.missed)
        telemetry.SWEPT.labels("missed_message").inc(found.missed)


def _batches(listed: Iterable[InboundMessage]) -> Iterator[list[InboundMessage]]:
    rest = iter(listed)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
