"""What falls due for referrals while nobody acts: rungs of the ladder, missed deadlines, questions to the person.

Planned once, played at most once, each in a transaction of its own: a worker may die anywhere and nothing is said twice.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, get_args

from bot import telemetry
from bot.casework import escalation, people
from bot.domain.errors import Unavailable
from bot.domain.ladder import HANDING_RUNGS, QUESTION_FLOWS, UNSEEN, UNTOUCHED, Rung, asked_at, closing_at, rung_due, rungs_for
from bot.domain.referrals import DEADLINES, OPEN
from bot.engine import conversation
from bot.engine.turn import Given
from bot.pipeline.crash import crash_point
from bot.pipeline.effects import Effects, tell_person
from bot.pipeline.jobs import DISPATCH, OUTBOX_KEY
from bot.pipeline.saying import may_be_told
from bot.pipeline.turns import snapshot
from bot.runtime import Runtime
from bot.storage import contacts, history, incidents, referral_timers, referrals, sessions
from bot.storage.contacts import ContactRow
from bot.storage.database import Transaction
from bot.storage.history import SERVICE
from bot.storage.referral_timers import Timer
from bot.storage.referrals import ReferralRow

_AT_ONCE: Final = 100
# Whoever is in the middle of a conversation is asked afterwards.
_IN_A_WHILE: Final = timedelta(hours=1)
_AFTER_A_FAULT: Final = timedelta(minutes=10)


def plan(rt: Runtime) -> int:
    """Plan what will fall due for referrals that are new, newly held or over. How many were planned for."""
    with rt.database.writing() as tx:
        rows = referral_timers.unplanned(tx, _AT_ONCE)
        referral_timers.plan(tx, [timer for row in rows for timer in _timers(rt, row)])
    return len(rows)


def _timers(rt: Runtime, row: ReferralRow) -> Iterator[Timer]:
    calendar = rt.content.directory.calendar
    if row.state == "closed":
        yield Timer(row.id, row.contact_id, "closing", row.due_at, closing_at(calendar, row.closed_at or row.opened_at))
        return
    yield Timer(row.id, row.contact_id, "missed", row.due_at, row.due_at)
    # A referral that was opened again is asked about again: it counts from the promise that was renewed.
    promised = row.due_at - DEADLINES[row.urgency]
    yield Timer(row.id, row.contact_id, "follow_up", promised, asked_at(calendar, row.urgency, promised))
    if row.state in UNSEEN and rt.content.directory.ladder.shares:
        holding = escalation.holding(rt.content, row)
        for rung in rungs_for(escalation.tier_of(rt.content, row)):
            due = rung_due(rt.content.directory.ladder, calendar, holding, rung)
            yield Timer(row.id, row.contact_id, rung, row.held_since, due)


def play(rt: Runtime) -> int:
    """Play what is due. How many were played."""
    plan(rt)
    with rt.database.reading() as tx:
        due = referral_timers.due(tx, _AT_ONCE)
    played = sum(_play_safely(rt, timer) for timer in due)
    if played:
        rt.queue.wake(DISPATCH, OUTBOX_KEY)
    return played


def _play_safely(rt: Runtime, timer: Timer) -> bool:
    """One timer's fault must not keep the others: it is logged and comes again."""
    try:
        return _play(rt, timer)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - the edge of one timer
        telemetry.log().error("timer_broke", referral=str(timer.referral_id), exc_info=(type(error), error, error.__traceback__))
        with rt.database.writing() as tx:
            referral_timers.put_off(tx, timer, tx.now + _AFTER_A_FAULT)
        return False


def _play(rt: Runtime, timer: Timer) -> bool:
    with rt.database.writing() as tx:
        # First the person, then the referral: the order of every turn. Who is being answered now is looked at again soon.
        person = contacts.lock(tx, [timer.contact_id]).get(timer.contact_id)
        if person is None or not referral_timers.claim(tx, timer):
            return False
        row = referrals.lock(tx, timer.referral_id)
        result = _outcome(rt, tx, timer, row, person) if row else "gone"
        if result is None:
            referral_timers.put_off(tx, timer, tx.now + _IN_A_WHILE)
            return False
        referral_timers.finish(tx, timer, result)
        crash_point("ladder.before_commit")
    crash_point("ladder.after_commit")
    return True


def _outcome(rt: Runtime, tx: Transaction, timer: Timer, row: ReferralRow, person: ContactRow) -> str | None:
    """What came of it; None when it has to wait a while."""
    if timer.kind == "missed":
        return _missed(rt, tx, timer, row)
    if timer.kind in QUESTION_FLOWS:
        return _ask(rt, tx, timer, row, person)
    # VU, OK, NON or another holder: the ladder ended there.
    if row.state not in UNSEEN or row.held_since != timer.since:
        return "answered"
    rung: Rung = next(rung for rung in get_args(Rung) if rung == timer.kind)
    result = escalation.climb(people.staffed(rt.content, tx), tx, row, rung)
    if result == "done" and rung in HANDING_RUNGS:
        # The new holder may have a new deadline.
        tell_person(rt, tx, referrals.lock(tx, row.id) or row, "told_moved")
    return result


def _missed(rt: Runtime, tx: Transaction, timer: Timer, row: ReferralRow) -> str:
    """The deadline that the person was told is over and nobody was in touch: they hear it, once."""
    if row.state not in UNTOUCHED or row.due_at != timer.since:
        return "kept"
    history.note(tx, row.id, move="missed", state=row.state, by=SERVICE.by, door=SERVICE.door, partner=row.partner)
    if row.state in UNSEEN:
        # Every rung was climbed in vain: somebody has to be called.
        incidents.note(tx, "referral_unseen", row.partner)
    return "done" if tell_person(rt, tx, row, "told_missed") else "not_told"


def _may_ask_now(rt: Runtime, tx: Transaction, timer: Timer, row: ReferralRow) -> bool:
    """Put off by somebody's conversation, a question may have come into the night."""
    calendar = rt.content.directory.calendar
    waking = timer.kind == "follow_up" and row.urgency != "normal"
    return (calendar.next_waking(tx.now) if waking else calendar.next_unasked(tx.now)) <= tx.now


def _ask(rt: Runtime, tx: Transaction, timer: Timer, row: ReferralRow, person: ContactRow) -> str | None:
    """A question begins a flow of its own. It is not asked of whoever stopped us or lets nobody leave a message."""
    closing = timer.kind == "closing"
    # Of an end the person is asked once, also when the referral was opened again and ended again.
    wanted = row.state == "closed" and not referral_timers.was_asked(tx, row.id, "closing") if closing else row.state in OPEN
    address = contacts.latest_address(tx, person.id)
    if not wanted or address is None or not may_be_told(person):
        return "not_asked"
    saved = sessions.load(tx, [person.id])
    if saved or not _may_ask_now(rt, tx, timer, row):
        return None
    effects = Effects(rt, tx, saved, referrals.of_contacts(tx, [person.id]))
    effects.know_addresses({address.id: address})
    given = Given(tx.now, rt.new_code)
    turn = conversation.begin(
        rt.content, snapshot(effects, person, address.address.channel), QUESTION_FLOWS[timer.kind], given, results={"case_code": row.code}
    )
    effects.unasked(person, address, turn, urgent=row.urgency != "normal")
    effects.write()
    return "done"
