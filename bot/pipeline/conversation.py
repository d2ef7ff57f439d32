"""Advancing: answer everything that waits in a lane.

Understanding comes first, without a transaction; then the turn and all its effects in one.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from bot import telemetry
from bot.domain.errors import Unavailable
from bot.domain.ids import ContactId, MessageId
from bot.domain.understanding import NOTHING, Understanding
from bot.pipeline.crash import crash_point
from bot.pipeline.effects import Effects
from bot.pipeline.jobs import DISPATCH, OUTBOX_KEY
from bot.pipeline.turns import answer, silence
from bot.runtime import Runtime
from bot.storage import contacts, messages, referrals, sessions
from bot.storage.messages import InboundRow

# Contacts per transaction: their turns are independent, and one commit for sixteen costs what one for one does.
BATCH = 16
# After so many batches the lane gives way, so that no lane starves another on the same worker.
BATCHES = 25

Understood = dict[MessageId, Understanding]


def advance(rt: Runtime, lane: int, pool: ThreadPoolExecutor) -> bool:
    """Answer what waits in a lane. True when more may wait: wake again.

    A message whose turn fails is left for the sweep; after five failures it is set aside, visible to staff.
    """
    failed: set[UUID] = set()
    for _ in range(BATCHES):
        waiting = _waiting(rt, lane, failed)
        if not waiting:
            return False
        understood = understand(rt, waiting, pool)
        failed |= _answer_batch(rt, list({row.contact_id for row in waiting}), understood)
        rt.queue.wake(DISPATCH, OUTBOX_KEY)
    return True


def _waiting(rt: Runtime, lane: int, failed: set[UUID]) -> list[InboundRow]:
    with rt.database.reading() as tx:
        ready = [contact for contact in messages.ready_contacts(tx, lane, BATCH + len(failed)) if contact not in failed]
        return messages.unhandled(tx, ready) if ready else []


def understand(rt: Runtime, waiting: Sequence[InboundRow], pool: ThreadPoolExecutor) -> Understood:
    """Ask for the meaning of each text, side by side. No transaction is open meanwhile. Known words need no asking."""
    texts = [row for row in waiting if row.kind == "text" and not rt.content.is_known_word(row.text)]
    return dict(zip((row.id for row in texts), pool.map(rt.understander.parse, (row.text for row in texts)), strict=True))


def _answer_batch(rt: Runtime, contact_ids: list[ContactId], understood: Understood) -> set[UUID]:
    """Answer these contacts in one transaction; when that fails, each in one of its own. The contacts that failed."""
    try:
        _answer(rt, contact_ids, understood)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one contact's fault must not keep fifteen others waiting
        if len(contact_ids) > 1:
            return set().union(*(_answer_batch(rt, [contact_id], understood) for contact_id in contact_ids))
        telemetry.TURNS.labels("broke").inc()
        telemetry.log().error("turn_broke", contact=str(contact_ids[0]), exc_info=(type(error), error, error.__traceback__))
        _count_failure(rt, contact_ids[0], type(error).__name__)
        return {contact_ids[0]}
    return set()


def _answer(rt: Runtime, contact_ids: list[ContactId], understood: Understood) -> None:
    with telemetry.TURN_SECONDS.time(), rt.database.writing() as tx:
        locked = contacts.lock(tx, contact_ids)
        if not locked:
            return
        # Read again under the lock: another worker may have answered since.
        waiting = messages.unhandled(tx, list(locked))
        effects = Effects(rt, tx, sessions.load(tx, list(locked)), referrals.of_contacts(tx, list(locked)))
        effects.know_addresses(contacts.addresses_of(tx, [row.address_id for row in waiting]))
        for row in waiting:
            contact = effects.contact(locked[row.contact_id])
            answer(rt, tx, effects, contact, row, understood.get(row.id, NOTHING))
        crash_point("advance.before_persist")
        effects.write()
        crash_point("advance.before_commit")
    crash_point("advance.after_commit")


def _count_failure(rt: Runtime, contact_id: ContactId, fault: str) -> None:
    with rt.database.writing() as tx:
        waiting = messages.unhandled(tx, [contact_id])
        if waiting and messages.count_attempt(tx, waiting[0].id, fault) >= messages.MOST_ATTEMPTS:
            messages.set_aside(tx, waiting[0].id)
            telemetry.log().error("message_set_aside", message=str(waiting[0].id))


def time_out(rt: Runtime, lane: int) -> None:
    """Continue the sessions of a lane whose wait is over."""
    with rt.database.writing() as tx:
        due = sessions.timed_out(tx, lane, BATCH)
        locked = contacts.lock(tx, due) if due else {}
        if not locked:
            return
        effects = Effects(rt, tx, sessions.load(tx, list(locked)), referrals.of_contacts(tx, list(locked)))
        for contact in locked.values():
            silence(rt, tx, effects, effects.contact(contact))
        effects.write()
    rt.queue.wake(DISPATCH, OUTBOX_KEY)
