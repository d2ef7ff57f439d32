"""Keeping watch: what is too old to send, what waits too long, and telling an admin of what needs one."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from typing import cast

from bot import telemetry
from bot.domain.addresses import Address, ChannelType
from bot.domain.sending import LIFETIMES
from bot.flowtools.wording import phrase
from bot.pipeline import gate
from bot.pipeline.envelope import envelopes
from bot.pipeline.jobs import DISPATCH, OUTBOX_KEY
from bot.pipeline.references import ADMIN, NOTICE
from bot.runtime import Runtime
from bot.storage import health, incidents, notifications, outbox, paces
from bot.storage.database import Transaction
from bot.storage.incidents import IncidentRow, Kind

# Work that waits longer than this has nobody who does it.
_OLDEST = {"inbox": timedelta(minutes=2), "outbox": timedelta(minutes=5), "doubts": timedelta(minutes=15)}
# A send that was tried so often is a provider that is away, whatever its next attempt is due.
_MANY_ATTEMPTS = 7
# Matters that an admin has to hear of; the others can wait until somebody lists them.
_TOLD: tuple[Kind, ...] = (
    "sender_refused",
    "template_refused",
    "template_missing",
    "queue_ageing",
    "day_limit",
    "notice_failed",
    "partner_stopped",
    "partner_untold",
    "referral_unseen",
    "holidays_missing",
)
_TELL_AGAIN = timedelta(hours=24)
# Nothing new for so long: over by itself.
_OVER = timedelta(hours=48)
_AT_ONCE, _LINES = 200, 2


def watch(rt: Runtime) -> int:
    """Everything that only time brings. How many incidents an admin was told of."""
    with rt.database.writing() as tx:
        for outgoing in envelopes(rt, tx, outbox.expired(tx, _AT_ONCE)):
            gate.drop(tx, outgoing, "expired")
        _note_ages(tx)
        _note_holidays(rt, tx)
        incidents.close_quiet(tx, tx.now - _OVER)
        paces.forget(tx, tx.now - timedelta(days=2))
        told = _tell(rt, tx)
    if told:
        rt.queue.wake(DISPATCH, OUTBOX_KEY)
    return told


def _note_ages(tx: Transaction) -> None:
    ages = health.ages(tx)
    oldest = {"inbox": ages.unhandled, "outbox": outbox.oldest_due(tx, _MANY_ATTEMPTS), "doubts": ages.doubtful}
    for queue, age in oldest.items():
        if age > _OLDEST[queue].total_seconds():
            incidents.note(tx, "queue_ageing", queue)
            telemetry.log().error("queue_ageing", kind=queue, seconds=int(age))
        else:
            incidents.close_matter(tx, "queue_ageing", queue)


def _note_holidays(rt: Runtime, tx: Transaction) -> None:
    """A year without a list of holidays is a year in which everybody works every day: known long before it begins."""
    calendar, today = rt.content.directory.calendar, tx.now.date()
    telemetry.HOLIDAYS.set(calendar.known_days(today))
    missing = [str(year) for year in calendar.missing_years(today)]
    for year in missing:
        incidents.note(tx, "holidays_missing", year)
    incidents.close_others(tx, "holidays_missing", missing)


def _tell(rt: Runtime, tx: Transaction) -> int:
    """One text for everything that is new, to every admin; it names no person."""
    fresh = [matter for matter in incidents.untold(tx, tx.now - _TELL_AGAIN) if matter.kind in _TOLD]
    admins = admin_addresses(rt.settings.admin_addresses)
    if not fresh or not admins:
        return 0
    text = phrase("incident_told", "fr", lines=" ".join(_lines(fresh)))
    for admin in admins:
        _send(tx, admin, text, f"incident:{fresh[0].id}:{fresh[0].times}:{tx.now:%Y%m%d%H%M%S}")
    incidents.mark_told(tx, [matter.id for matter in fresh])
    return len(fresh)


def _send(tx: Transaction, admin: Address, text: str, matter: str) -> None:
    whom = tx.vault.hash_address(admin).hex()
    notification = notifications.add(
        tx, referral_id=None, effect_key=f"{matter}:{whom}", partner=ADMIN, event="incident", recipient=admin, text=text
    )
    if notification is not None:
        outbox.add(tx, [(NOTICE, notification, f"notice:{whom}", admin.channel)], lifetime=LIFETIMES["incident"])


def _lines(matters: Sequence[IncidentRow]) -> list[str]:
    told = [sentence(matter, "fr") for matter in matters[:_LINES]]
    rest = len(matters) - len(told)
    return list(chain(told, [phrase("incident_more", "fr", count=rest)] if rest else []))


def sentence(matter: IncidentRow, language: str | None = None) -> str:
    """An incident in words for admins."""
    return phrase(f"incident_{matter.kind}", language, subject=matter.subject, code=matter.code or "-", times=matter.times)


def admin_addresses(written: str) -> tuple[Address, ...]:
    """`sms:+221..., whatsapp:+221...` as addresses."""
    parts = (part.strip().partition(":") for part in written.split(",") if part.strip())
    return tuple(Address(cast("ChannelType", channel), value) for channel, _, value in parts)
