"""Confirming: what the provider reports about a message of ours. A status only moves forward."""

from uuid import UUID

from bot import telemetry
from bot.domain.messages import StatusUpdate
from bot.runtime import Runtime
from bot.storage import contacts, messages, notifications, outbox
from bot.storage.database import Transaction

REPLY, NOTICE = "reply", "notice"


def reference(kind: str, subject_id: UUID) -> str:
    """Our id in the callback address: what it is about, and which."""
    return f"{kind}.{subject_id}"


def record(rt: Runtime, update: StatusUpdate) -> None:
    """Write a report. Late, repeated, unknown and contradictory ones are expected and change nothing."""
    kind, _, written = update.reference.partition(".")
    if update.status is None:
        telemetry.STATUSES.labels("unknown").inc()
        telemetry.log().info("status_unknown", word=update.word)
        return
    subject_id = UUID(written)
    write = messages.raise_status if kind == REPLY else notifications.raise_status
    with rt.database.writing() as tx:
        moved = write(tx, subject_id, update.provider_id, update.status, update.error_code)
        # Whatever its status: a report proves that the provider took the message, also when its answer was lost.
        outbox.settle(tx, subject_id)
        if update.stop and kind == REPLY:
            _stop(tx, subject_id)
    telemetry.STATUSES.labels("moved" if moved else "ignored").inc()


def _stop(tx: Transaction, message_id: UUID) -> None:
    """The person blocked us or opted out at the provider: nothing more is sent, also not what waits already."""
    reached = messages.recipient(tx, message_id)
    if reached is not None:
        contact_id, address_id = reached
        contacts.stop(tx, contact_id)
        outbox.cancel_for_key(tx, str(address_id))
