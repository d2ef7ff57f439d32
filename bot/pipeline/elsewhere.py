"""Another channel to the same person: when an address cannot be reached, or nothing is allowed to go there."""

from dataclasses import replace

from bot import telemetry
from bot.domain.addresses import Address
from bot.domain.segments import measure
from bot.domain.sending import WINDOWS
from bot.pipeline.envelope import Outgoing
from bot.pipeline.references import REPLY
from bot.runtime import Runtime
from bot.storage import contacts, notifications, outbound, outbox, standing
from bot.storage.database import Transaction
from bot.storage.standing import Standing


def move(rt: Runtime, tx: Transaction, outgoing: Outgoing) -> bool:
    """Send it to another address of the same person or partner. False when there is none, or when it was moved before.

    From WhatsApp to an SMS to the same number; from SMS to WhatsApp only where the person wrote there within the day: anything else
    would be words that nobody agreed to.
    """
    if outgoing.message is None or outgoing.row.moved or outgoing.knocks is not None:
        return False
    moved = _move_reply(rt, tx, outgoing) if outgoing.row.kind == REPLY else _move_notice(rt, tx, outgoing)
    if moved:
        telemetry.SENDS.labels(outgoing.row.kind, "moved").inc()
    return moved


def _move_reply(rt: Runtime, tx: Transaction, outgoing: Outgoing) -> bool:
    message, where = outgoing.message, outgoing.standing
    target = _other(rt, tx, where) if where is not None else None
    if message is None or target is None:
        return False
    channel = rt.channels[target.address.channel]
    there = replace(message, recipient=target.address)
    segments = measure(channel.render(there)).segments if channel.type == "sms" else None
    outbound.readdress(tx, outgoing.row.subject_id, target.address_id, target.address.channel, segments)
    outbox.readdress(tx, outgoing.row.id, str(target.address_id), target.address.channel)
    return True


def _other(rt: Runtime, tx: Transaction, where: Standing) -> Standing | None:
    """Where else this person may be written to now."""
    known = [found for found in standing.of_contact(tx, where.contact_id) if found.address.channel != where.address.channel]
    if where.address.has_number:
        twin = Address("sms" if where.address.channel == "whatsapp" else "whatsapp", where.address.value)
        if twin.channel == "sms" and twin.channel in rt.channels:
            # The same phone. Where it wrote to us by SMS before, that is another contact with the same hands.
            contacts.attach(tx, where.contact_id, twin)
        known += [found for found in standing.of_recipients(tx, [twin]).values() if found not in known]
    return next((found for found in known if _allowed(rt, tx, found)), None)


def _allowed(rt: Runtime, tx: Transaction, target: Standing) -> bool:
    window = WINDOWS.get(target.address.channel)
    reachable = target.address.channel in rt.channels and target.stopped_at is None
    return reachable and (window is None or target.window_open(tx.now, window))


def _move_notice(rt: Runtime, tx: Transaction, outgoing: Outgoing) -> bool:
    message = outgoing.message
    if message is None or message.recipient.channel != "whatsapp" or not message.recipient.has_number or "sms" not in rt.notifiers:
        return False
    target = Address("sms", message.recipient.value)
    if any(address == target for address, _ in rt.content.partner_addresses(outgoing.partner)):
        # The partner has that address as well, and the same notice went there by itself.
        return False
    known = standing.of_recipients(tx, [target]).get(target)
    if known is not None and known.stopped_at is not None:
        return False
    notifications.readdress(tx, outgoing.row.subject_id, target)
    outbox.readdress(tx, outgoing.row.id, f"notice:{tx.vault.hash_address(target).hex()}", target.channel)
    return True
