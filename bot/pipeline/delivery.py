"""Confirming: what the provider reports about a message of ours. A status only moves forward, and a late no has its consequences."""

from uuid import UUID

from bot import telemetry
from bot.domain.messages import Status, StatusUpdate
from bot.domain.sending import Verdict
from bot.pipeline.envelope import envelopes
from bot.pipeline.references import NOTICE, REPLY, read_reference, reference
from bot.pipeline.refusals import Refusal, refused
from bot.runtime import Runtime
from bot.storage import doubts, notifications, outbound, outbox
from bot.storage.database import Transaction

__all__ = ["NOTICE", "REPLY", "record", "reference"]


def record(rt: Runtime, update: StatusUpdate) -> None:
    """Write a report. Late, repeated, unknown and contradictory ones are expected and change nothing."""
    if update.status is None:
        telemetry.STATUSES.labels("unknown").inc()
        telemetry.log().info("status_unknown", word=update.word)
        return
    subject = _subject(rt, update)
    if subject is None:
        telemetry.STATUSES.labels("unmatched").inc()
        return
    kind, subject_id = subject
    write = outbound.raise_status if kind == REPLY else notifications.raise_status
    with rt.database.writing() as tx:
        # Whatever its status: a report proves that the provider took the message, also when its answer was lost. First the row of the
        # outbox, then the message: the dispatcher locks them in this order too.
        doubts.settle(tx, subject_id, update.provider_id, arrived=update.status >= Status.DELIVERED)
        moved = write(tx, subject_id, update.provider_id, update.status, update.error_code)
        if update.status in (Status.UNDELIVERED, Status.FAILED):
            _failed_later(rt, tx, kind, subject_id, update)
    telemetry.STATUSES.labels("moved" if moved else "ignored").inc()


def _subject(rt: Runtime, update: StatusUpdate) -> tuple[str, UUID] | None:
    """What the report is about: named by our own id, or, where the provider does not carry it, found by the provider's."""
    if update.reference:
        return read_reference(update.reference)
    with rt.database.reading() as tx:
        found = outbound.known_as(tx, update.provider_id) if update.provider_id else None
    return (NOTICE if found[1] else REPLY, found[0]) if found else None


def _failed_later(rt: Runtime, tx: Transaction, kind: str, subject_id: UUID, update: StatusUpdate) -> None:
    """The provider took it, and then it failed: what that means is decided as if it had refused at once. Once for each attempt."""
    arrived = outbound.arrived if kind == REPLY else notifications.arrived
    if arrived(tx, subject_id):
        return
    row = outbox.retract(tx, subject_id, update.provider_id)
    if row is None:
        return
    verdict = update.verdict or (Verdict.STOP if update.stop else Verdict.NEVER)
    telemetry.log().warning("failed_later", outbox=str(row.id), code=update.error_code or "", attempts=row.attempts, kind=row.kind)
    (outgoing,) = envelopes(rt, tx, [row])
    refused(rt, tx, outgoing, Refusal(update.error_code or "failed", verdict))
