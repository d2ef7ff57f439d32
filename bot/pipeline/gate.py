"""The last look before something is sent: is it too old, does the person still want it, may it go there, is it too much?

Everything here happens in the transaction that claims the row: what was true when it was written may not be true any more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from bot import telemetry
from bot.domain.pacing import Limits, Paused, Place, Spent, Tripped, charge, fresh
from bot.domain.segments import measure
from bot.pipeline import window
from bot.pipeline.envelope import Outgoing
from bot.pipeline.references import ADMIN, NOTICE, REPLY
from bot.pipeline.urgency import about_danger
from bot.runtime import Runtime
from bot.storage import incidents, notifications, outbound, outbox, paces
from bot.storage.database import Transaction

# Why a row waits: it has its place later in the pace; or nothing goes at all for a while.
PLACED, PAUSED = "pace", "paused"
# Those who wait for the same sender come back spread over this time (seconds).
_SPREAD = 2.0


def admit(rt: Runtime, tx: Transaction, claimed: Sequence[Outgoing]) -> list[Outgoing]:
    """What of these goes out now. The others are cancelled, parked, moved or put off, and noted so."""
    moot = notifications.moot(tx, [outgoing.row.subject_id for outgoing in claimed if outgoing.row.kind == NOTICE])
    wanted = [outgoing for outgoing in claimed if outgoing.message is None or _wanted(rt, tx, outgoing, moot)]
    shaped = [shape for outgoing in wanted if (shape := window.through(rt, tx, outgoing)) is not None]
    return _within_limits(rt, tx, shaped)


def drop(tx: Transaction, outgoing: Outgoing, code: str, state: str = "cancelled") -> None:
    """It is not sent, for good; the message or the notice says why."""
    outbox.finish(tx, outgoing.row.id, state, code)
    note = outbound.note_failed if outgoing.row.kind == REPLY else notifications.note_failed
    note(tx, outgoing.row.subject_id, code)
    telemetry.SENDS.labels(outgoing.row.kind, state).inc()


def _wanted(rt: Runtime, tx: Transaction, outgoing: Outgoing, moot: Collection[UUID]) -> bool:
    row, where = outgoing.row, outgoing.standing
    if row.expires_at is not None and row.expires_at <= tx.now:
        drop(tx, outgoing, "expired")
        return False
    if row.subject_id in moot:
        drop(tx, outgoing, "moot")
        return False
    if where is None or where.stopped_at is None:
        return True
    # The word that confirms the stop was written with it, and words about a danger are always said.
    if row.kind == REPLY and (row.created_at == where.stopped_at or about_danger(rt.content, outgoing.node)):
        return True
    drop(tx, outgoing, "stopped")
    if row.kind == NOTICE and outgoing.partner != ADMIN:
        incidents.note(tx, "partner_stopped", outgoing.partner)
    return False


def _within_limits(rt: Runtime, tx: Transaction, shaped: list[Outgoing]) -> list[Outgoing]:
    if not shaped:
        return []
    book = _Book(paces.load(tx, [key for outgoing in shaped for key in _keys(outgoing)]))
    admitted = [outgoing for outgoing in shaped if outgoing.message is None or _admitted(rt, tx, outgoing, book)]
    paces.save(tx, {key: book.spent[key] for key in book.changed})
    outbox.hold(tx, book.held)
    return admitted


@dataclass(slots=True)
class _Book:
    """What was spent before and in this transaction, and which rows are held, for how long and why: written in one go at its end."""

    spent: dict[str, Spent]
    changed: set[str] = field(default_factory=set)
    held: list[tuple[UUID, timedelta, str]] = field(default_factory=list)

    def hold(self, outgoing: Outgoing, wait: timedelta, code: str) -> None:
        self.held.append((outgoing.row.id, wait, code))
        telemetry.SENDS.labels(outgoing.row.kind, "held").inc()


def _keys(outgoing: Outgoing) -> tuple[str, ...]:
    if outgoing.message is None:
        return ()
    return outbox.now(outgoing.row.ordering_key), paces.sender_key(outgoing.message.recipient.channel)


def _admitted(rt: Runtime, tx: Transaction, outgoing: Outgoing, book: _Book) -> bool:
    """Whether it goes now. If not, it has its place later, or is held for good; both limits are charged, or neither."""
    outcomes = _charge(rt, tx, outgoing, book.spent)
    for key, outcome in outcomes.items():
        if isinstance(outcome, Tripped):
            _trip(tx, outgoing, outcome, key)
            return False
    paused = [outcome.span for outcome in outcomes.values() if isinstance(outcome, Paused)]
    if paused:
        book.hold(outgoing, max(paused) + timedelta(seconds=_SPREAD * rt.chance()), PAUSED)
        return False
    if outgoing.row.code == PLACED and not _missed(outgoing, book):
        # Its place was given to it when it was first looked at.
        return True
    places = {key: outcome for key, outcome in outcomes.items() if isinstance(outcome, Place)}
    for key, place in places.items():
        book.spent[key] = place.spent
        book.changed.add(key)
    wait = max(place.wait for place in places.values())
    if wait > timedelta(0):
        book.hold(outgoing, wait, PLACED)
        return False
    return True


def _missed(outgoing: Outgoing, book: _Book) -> bool:
    """Whether its place came while its sender was halted. Otherwise all that were missed went at once, into the next halt."""
    halts = (book.spent[key].paused_until for key in _keys(outgoing) if key in book.spent)
    return any(until is not None and outgoing.row.due_at < until for until in halts)


def _charge(rt: Runtime, tx: Transaction, outgoing: Outgoing, spent: dict[str, Spent]) -> dict[str, Place | Paused | Tripped]:
    message = outgoing.message
    if message is None:
        return {}
    channel, urgent = rt.channels.get(message.recipient.channel), about_danger(rt.content, outgoing.node)
    segments = measure(channel.render(message)).segments if channel and channel.type == "sms" else 1
    first, digest = outgoing.row.attempts <= 1 and outgoing.row.code != PLACED, tx.vault.hash(message.text).hex()[:16]
    return {
        key: charge(spent.get(key) or fresh(tx.now, limits), limits, tx.now, segments=segments, digest=digest, first=first, free=urgent)
        for key, limits in zip(_keys(outgoing), _limits(rt, outgoing), strict=True)
    }


def _limits(rt: Runtime, outgoing: Outgoing) -> tuple[Limits, Limits]:
    """Of the recipient, and of the sender."""
    settings, sms = rt.settings, outgoing.message is not None and outgoing.message.recipient.channel == "sms"
    per_second = settings.sms_per_second if sms else settings.whatsapp_per_second
    sender = Limits(max(1.0, per_second), per_second, day_segments=settings.sms_day_segments if sms else 0)
    if outgoing.row.kind == NOTICE:
        # One phone may serve several partners, and a referral that nobody hears of is worse than a busy phone.
        return Limits(day_repeats=settings.person_day_repeats), sender
    person = Limits(
        max(1.0, settings.person_per_minute),
        settings.person_per_minute / 60,
        settings.person_day_messages,
        settings.person_day_segments if sms else 0,
        settings.person_day_repeats,
    )
    return person, sender


def _trip(tx: Transaction, outgoing: Outgoing, outcome: Tripped, key: str) -> None:
    drop(tx, outgoing, outcome.reason, "failed")
    # Of a person only the row is named; what it is about stays where it is sealed.
    subject = key if key.startswith("sender:") else f"outbox:{outgoing.row.id}"
    incidents.note(tx, "day_limit", subject, outcome.reason)
    telemetry.log().error("day_limit", outbox=str(outgoing.row.id), code=outcome.reason, kind=outgoing.row.kind)
