"""Asking: the owner of an offer whose last day is over hears of it once, and says whether it goes on."""

from bot import telemetry
from bot.casework.notices import NOTICE
from bot.casework.offers import owner_of, question_text
from bot.domain.directory import Offer
from bot.pipeline.jobs import DISPATCH, OUTBOX_KEY
from bot.runtime import Runtime
from bot.storage import notifications, offer_confirmations, outbox
from bot.storage.database import Transaction


def ask_owners(rt: Runtime) -> int:
    """Ask about every offer that is over, once for each last day and owner. How many were asked. Raises `Unavailable`.

    Nothing at night, on a Sunday or on a holiday: the next run is an hour later.
    """
    now = rt.database.clock()
    if rt.settings.quiet_hours and rt.content.directory.calendar.next_unasked(now) > now:
        return 0
    with rt.database.writing() as tx:
        asked = sum(_ask(rt, tx, offer) for offer in rt.content.directory.expired(now.date()))
    if asked:
        rt.queue.wake(DISPATCH, OUTBOX_KEY)
    return asked


def _ask(rt: Runtime, tx: Transaction, offer: Offer) -> bool:
    owner, expiry = owner_of(rt.content, tx, offer), offer.valid_until
    if owner is None or expiry is None:
        telemetry.log().warning("offer_without_owner", key=offer.id, partner=offer.partner)
        return False
    code = rt.new_code()
    if not offer_confirmations.ask(tx, offer=offer.id, expiry=expiry, partner=owner.partner, recipient=owner.address, code=code):
        return False
    hashed = tx.vault.hash_address(owner.address).hex()
    notification_id = notifications.add(
        tx,
        referral_id=None,
        effect_key=f"offer:{offer.id}:{expiry}:{hashed}",
        partner=owner.partner,
        event="offer_over",
        recipient=owner.address,
        text=question_text(rt.content, offer, code, owner.language),
    )
    if notification_id is not None:
        outbox.add(tx, [(NOTICE, notification_id, f"notice:{hashed}", owner.address.channel)])
    return notification_id is not None
