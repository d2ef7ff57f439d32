"""Looking after what nobody reads: a holder whose last reader left, stopped, said no or is away for too long loses what it holds."""

from bot import telemetry
from bot.casework import covering, people
from bot.domain.errors import Unavailable
from bot.domain.ids import ReferralId
from bot.domain.referrals import OPEN
from bot.pipeline.crash import crash_point
from bot.pipeline.effects import tell_person
from bot.pipeline.jobs import DISPATCH, OUTBOX_KEY
from bot.runtime import Runtime
from bot.storage import contacts, incidents, referrals
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow


def play(rt: Runtime, partner: str | None = None) -> int:
    """Hand on what nobody reads, of one partner or of all. How many referrals have another holder now.

    Each in a transaction of its own, looked at again under its lock: a worker may die anywhere, and nothing goes on twice.
    """
    moved = sum(_safely(rt, row) for row in _unread(rt, partner))
    if moved:
        rt.queue.wake(DISPATCH, OUTBOX_KEY)
    return moved


def _unread(rt: Runtime, partner: str | None) -> list[ReferralRow]:
    """What can go on. Where nobody anywhere could take it, an admin has to hear of it, and it stays where it is."""
    with rt.database.writing() as tx:
        duty, content = people.duty(rt.content, tx), people.staffed(rt.content, tx)
        silent = [one for one in referrals.loads(tx) if partner in (None, one) and not duty.answers(one)]
        held = [row for row in referrals.held_by(tx, silent) if covering.gap(duty, row, tx) is not None] if silent else []
        going = [row for row in held if covering.next_holder(content, tx, duty, row) is not None]
        for stuck in sorted({row.partner for row in held} - {row.partner for row in going}):
            incidents.note(tx, "partner_untold", stuck)
    return going


def _safely(rt: Runtime, row: ReferralRow) -> bool:
    """One referral's fault must not keep the others: it is logged and looked at again."""
    try:
        with rt.database.writing() as tx:
            # First the person, then the referral: the order of every turn. Who is being answered now is looked at again soon.
            moved = bool(contacts.lock(tx, [row.contact_id])) and _hand_on(rt, tx, row.id)
            crash_point("cover.before_commit")
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - the edge of one referral
        telemetry.log().error("cover_broke", referral=str(row.id), exc_info=(type(error), error, error.__traceback__))
        return False
    crash_point("cover.after_commit")
    return moved


def _hand_on(rt: Runtime, tx: Transaction, referral_id: ReferralId) -> bool:
    row, duty, content = referrals.lock(tx, referral_id), people.duty(rt.content, tx), people.staffed(rt.content, tx)
    found = covering.gap(duty, row, tx) if row is not None and row.state in OPEN else None
    target = covering.next_holder(content, tx, duty, row) if row is not None and found is not None else None
    if row is None or found is None or target is None:
        return False
    handed = covering.hand_on(content, tx, row, found, target)
    tell_person(rt, tx, handed, "told_moved")
    telemetry.log().info("referral_covered", referral=str(row.id), partner=handed.partner, reason=found.why)
    return True
