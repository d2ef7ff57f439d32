"""What follows from a refusal, at once or in a late report: again, elsewhere, otherwise, or never."""

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from bot import telemetry
from bot.domain.sending import PLANS, Verdict, again_after
from bot.pipeline import gate, window
from bot.pipeline.elsewhere import move
from bot.pipeline.envelope import Outgoing
from bot.pipeline.references import ADMIN, NOTICE
from bot.runtime import Runtime
from bot.storage import contacts, incidents, outbox, paces, standing, templates
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Refusal:
    """A provider's no. `told` are the seconds after which it wants to be asked again."""

    code: str
    verdict: Verdict
    told: float | None = None


def refused(rt: Runtime, tx: Transaction, outgoing: Outgoing, refusal: Refusal) -> None:
    """Decide what becomes of an open row that was refused. The row is leased or unknown, and is neither afterwards."""
    verdict = refusal.verdict
    match verdict:
        case Verdict.SOON | Verdict.LATER | Verdict.PACE | Verdict.OURS:
            _again(rt, tx, outgoing, refusal)
        case Verdict.STOP:
            stop(rt, tx, outgoing)
            fail(rt, tx, outgoing, refusal.code)
        case Verdict.WINDOW:
            _close_window(rt, tx, outgoing, refusal)
        case Verdict.CHANNEL:
            _elsewhere(rt, tx, outgoing, refusal)
        case Verdict.FORM:
            _otherwise(rt, tx, outgoing, refusal)
        case Verdict.NEVER | Verdict.QUIET:
            fail(rt, tx, outgoing, refusal.code, quiet=verdict is Verdict.QUIET)
        case _:
            assert_never(verdict)


def fail(rt: Runtime, tx: Transaction, outgoing: Outgoing, code: str, *, quiet: bool = False) -> None:
    """It is not sent, for good, and stands in the list of dead letters."""
    gate.drop(tx, outgoing, code, "failed")
    if outgoing.knocks is not None and outgoing.standing is not None:
        window.unpark_elsewhere(rt, tx, outgoing.standing)
    if quiet or outgoing.partner == ADMIN:
        return
    if outgoing.row.kind == NOTICE:
        incidents.note(tx, "notice_failed", outgoing.partner, code)
    else:
        incidents.note(tx, "dead_letter", _channel(outgoing), code)


def stop(rt: Runtime, tx: Transaction, outgoing: Outgoing) -> None:
    """The provider says that this person wants nothing from us: nothing more is sent, also not what waits already.

    A caseworker may never have written: then the address is kept for no other reason than to know that it stopped us.
    """
    if outgoing.message is None:
        return
    where = outgoing.standing
    if where is not None:
        contact_id = where.contact_id
    else:
        contact_id = contacts.find_or_create(tx, outgoing.message.recipient, rt.settings.lanes).contact_id
    contacts.stop(tx, contact_id)
    outbox.cancel_for_key(tx, outbox.now(outgoing.row.ordering_key))
    for address_id in contacts.address_ids(tx, contact_id):
        outbox.cancel_for_key(tx, str(address_id))
    if outgoing.row.kind == NOTICE and outgoing.partner != ADMIN:
        incidents.note(tx, "partner_stopped", outgoing.partner)


def _elsewhere(rt: Runtime, tx: Transaction, outgoing: Outgoing, refusal: Refusal) -> None:
    if not move(rt, tx, outgoing):
        fail(rt, tx, outgoing, refusal.code)


def _again(rt: Runtime, tx: Transaction, outgoing: Outgoing, refusal: Refusal) -> None:
    row, pace = outgoing.row, refusal.verdict is Verdict.PACE
    if refusal.verdict is Verdict.OURS and outgoing.partner != ADMIN:
        incidents.note(tx, "sender_refused", _channel(outgoing), refusal.code)
    wait = again_after(refusal.verdict, row.attempts, rt.chance(), refusal.told, rt.settings.later_seconds)
    if wait is None:
        fail(rt, tx, outgoing, refusal.code)
        return
    if pace and outgoing.message is not None:
        # The sender is too fast, not this message: everybody who waits for it waits.
        paces.pause(tx, outgoing.message.recipient.channel, tx.now + wait)
    outbox.put_off(tx, row.id, wait, refusal.code, counted=not pace)
    telemetry.SENDS.labels(row.kind, "errored").inc()


def _close_window(rt: Runtime, tx: Transaction, outgoing: Outgoing, refusal: Refusal) -> None:
    if outgoing.message is None or outgoing.message.template is not None or outgoing.knocks is not None:
        fail(rt, tx, outgoing, refusal.code)
        return
    if outgoing.row.attempts >= PLANS[Verdict.SOON].attempts:
        fail(rt, tx, outgoing, refusal.code)
        return
    standing.close_window(tx, outgoing.message.recipient)
    # The gate sees the closed window and takes the way round it.
    outbox.put_off(tx, outgoing.row.id, timedelta(0), refusal.code, counted=False)


def _otherwise(rt: Runtime, tx: Transaction, outgoing: Outgoing, refusal: Refusal) -> None:
    """A template was refused: an approved one is not used any more, the one for buttons is done without."""
    row, message = outgoing.row, outgoing.message
    use = message.template if message else None
    if use is not None:
        name = templates.withdraw(tx, use.content_sid, "paused", refusal.code)
        if name is not None:
            incidents.note(tx, "template_refused", name, refusal.code)
        _again(rt, tx, outgoing, Refusal(refusal.code, Verdict.SOON))
    elif row.plain:
        fail(rt, tx, outgoing, refusal.code)
    else:
        outbox.put_off(tx, row.id, timedelta(0), refusal.code, plain=True)


def _channel(outgoing: Outgoing) -> str:
    return outgoing.message.recipient.channel if outgoing.message else "none"
