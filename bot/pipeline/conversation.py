"""Advancing: answer everything that waits in a lane.

Understanding comes first, without a transaction; then the turn and all its effects in one.
"""

import time
from collections.abc import Iterator, Sequence
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
# Seconds after which a lane gives way: no lane starves another on the same worker, and RQ never ends the job.
LONGEST_JOB = 10.0

Understood = dict[MessageId, Understanding]


def advance(rt: Runtime, lane: int, pool: ThreadPoolExecutor, *, woken: bool = True) -> bool:
    """Answer what waits in a lane. True when more may wait: wake again. `woken`: what comes from now on leaves a wake-up of its own.

    A message whose turn fails is left for the sweep; after five failures it is set aside, visible to staff.
    """
    failed: set[UUID] = set()
    until = time.monotonic() + LONGEST_JOB
    while time.monotonic() < until:
        waiting = _waiting(rt, lane, failed)
        if not waiting:
            return False
        understood = understand(rt, waiting, pool)
        asking = list({row.contact_id for row in waiting})
        whole, broke = _answer_batch(rt, asking, understood)
        failed |= broke
        rt.queue.wake(DISPATCH, OUTBOX_KEY)
        if woken and len(asking) == 1 and whole and not broke:
            # A quiet lane: what came meanwhile need not be looked for.
            return False
    return True


def _waiting(rt: Runtime, lane: int, failed: set[UUID]) -> list[InboundRow]:
    with rt.database.reading() as tx:
        ready = [contact for contact in messages.ready_contacts(tx, lane, BATCH + len(failed)) if contact not in failed]
        return messages.unhandled(tx, ready) if ready else []


def understand(rt: Runtime, waiting: Sequence[InboundRow], pool: ThreadPoolExecutor) -> Understood:
    """Ask for the meaning of each text, side by side. No transaction is open meanwhile. Known words need no asking."""
    texts = [row for row in waiting if _needs_asking(rt, row)]
    return dict(zip((row.id for row in texts), pool.map(rt.understander.parse, (row.text for row in texts)), strict=True))


def _needs_asking(rt: Runtime, row: InboundRow) -> bool:
    return row.kind == "text" and not rt.content.is_known_word(row.text)


def _answer_batch(rt: Runtime, contact_ids: list[ContactId], understood: Understood) -> tuple[bool, set[UUID]]:
    """Answer these contacts in one transaction; when that fails, each in one of its own. Whether nothing of theirs is left, and the
    contacts that failed."""
    try:
        return _answer(rt, contact_ids, understood), set()
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one contact's fault must not keep fifteen others waiting
        if len(contact_ids) > 1:
            parts = [_answer_batch(rt, [contact_id], understood) for contact_id in contact_ids]
            return all(whole for whole, _ in parts), set().union(*(broke for _, broke in parts))
        telemetry.TURNS.labels("broke").inc()
        telemetry.log().error("turn_broke", contact=str(contact_ids[0]), exc_info=(type(error), error, error.__traceback__))
        _count_failure(rt, contact_ids[0], type(error).__name__)
        return True, {contact_ids[0]}


def _answer(rt: Runtime, contact_ids: list[ContactId], understood: Understood) -> bool:
    """Whether nothing is left: nobody was in the hands of another worker, and no message must wait for the next batch."""
    with telemetry.TURN_SECONDS.time(), rt.database.writing() as tx:
        locked = contacts.lock(tx, contact_ids)
        if not locked:
            return False
        # Read again under the lock: another worker may have answered since.
        waiting = messages.unhandled(tx, list(locked))
        effects = Effects(rt, tx, sessions.load(tx, list(locked)), referrals.of_contacts(tx, list(locked)))
        effects.know_addresses(contacts.addresses_of(tx, [row.address_id for row in waiting]))
        ready = list(_ready(rt, waiting, understood))
        for row in ready:
            contact = effects.contact(locked[row.contact_id])
            answer(rt, tx, effects, contact, row, understood.get(row.id, NOTHING))
        crash_point("advance.before_persist")
        effects.write()
        crash_point("advance.before_commit")
    crash_point("advance.after_commit")
    return len(locked) == len(contact_ids) and len(ready) == len(waiting)


def _ready(rt: Runtime, waiting: Sequence[InboundRow], understood: Understood) -> Iterator[InboundRow]:
    """The messages that can be answered now. One that came while the others were being understood waits for the next batch, and
    so does what its sender wrote after it."""
    late: set[ContactId] = set()
    for row in waiting:
        if row.id not in understood and _needs_asking(rt, row):
            late.add(row.contact_id)
        if row.contact_id not in late:
            yield row


def _count_failure(rt: Runtime, contact_id: ContactId, fault: str) -> None:
    with rt.database.writing() as tx:
        waiting = messages.unhandled(tx, [contact_id])
        if waiting and messages.count_attempt(tx, waiting[0].id, fault) >= messages.MOST_ATTEMPTS:
            messages.set_aside(tx, waiting[0].id)
            telemetry.log().error("message_set_aside", message=str(waiting[0].id))


def time_out(rt: Runtime, lane: int) -> None:
    """Continue the sessions of a lane whose wait is over."""
    with rt.database.reading() as tx:
        due = sessions.timed_out(tx, lane, BATCH)
    if due:
        _time_out_batch(rt, due)
        rt.queue.wake(DISPATCH, OUTBOX_KEY)


def _time_out_batch(rt: Runtime, contact_ids: Sequence[ContactId]) -> None:
    """In one transaction; when that fails, each in one of its own. A session that cannot be continued is over: it must not keep
    the whole lane from being answered."""
    try:
        _time_out(rt, contact_ids)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one contact's fault must not keep the lane waiting
        if len(contact_ids) > 1:
            for contact_id in contact_ids:
                _time_out_batch(rt, [contact_id])
            return
        telemetry.log().error("silence_broke", contact=str(contact_ids[0]), exc_info=(type(error), error, error.__traceback__))
        with rt.database.writing() as tx:
            sessions.drop(tx, contact_ids)


def _time_out(rt: Runtime, contact_ids: Sequence[ContactId]) -> None:
    with rt.database.writing() as tx:
        locked = contacts.lock(tx, contact_ids)
        # Read again under the lock: the person may have written since, and then there is no silence.
        saved = {contact_id: row for contact_id, row in sessions.load(tx, list(locked)).items() if row.waiting_until <= tx.now}
        effects = Effects(rt, tx, saved, referrals.of_contacts(tx, list(saved)))
        for contact_id in saved:
            silence(rt, tx, effects, effects.contact(locked[contact_id]))
        effects.write()
