"""Receiving: one row per provider id, then a wake-up. A webhook that was answered 200 is durable."""

from bot import telemetry
from bot.domain.addresses import Address
from bot.domain.messages import InboundMessage
from bot.pipeline.jobs import ADVANCE, lane_key
from bot.runtime import Runtime
from bot.storage import contacts, joining, messages
from bot.storage.contacts import Reached
from bot.storage.database import Transaction
from bot.storage.messages import Received


def receive(rt: Runtime, inbound: InboundMessage) -> bool:
    """Take in a message. False when it was delivered before: nothing is written then.

    Raises `Unavailable` when the database is away: the provider has to try again.
    """
    received = _from_known(rt, inbound) or _from_stranger(rt, inbound)
    if not received.new:
        telemetry.INBOUND.labels(inbound.channel, "duplicate").inc()
        return False
    telemetry.INBOUND.labels(inbound.channel, "received").inc()
    rt.queue.wake(ADVANCE, lane_key(received.lane))
    return True


def _from_known(rt: Runtime, inbound: InboundMessage) -> Received | None:
    with rt.database.single() as tx:
        received = messages.receive_known(tx, inbound)
    if received and received.new and inbound.also_known_as is not None:
        with rt.database.writing() as tx:
            reached = contacts.find(tx, inbound.sender)
            return Received(_also(tx, reached, inbound.also_known_as).lane, new=True) if reached else received
    return received


def _from_stranger(rt: Runtime, inbound: InboundMessage) -> Received:
    with rt.database.writing() as tx:
        reached = contacts.find_or_create(tx, inbound.sender, rt.settings.lanes, inbound.also_known_as)
        message_id = messages.receive(tx, reached, inbound)
        if message_id is not None and inbound.also_known_as is not None:
            reached = _also(tx, reached, inbound.also_known_as)
    return Received(reached.lane, message_id is not None)


def _also(tx: Transaction, reached: Reached, also: Address) -> Reached:
    """The sender has this address as well. Whoever wrote from it so far and never showed a number is the same person: their two
    histories become one, and it is the one with the number that stays, for only that can be reached by SMS and asked for by a
    caseworker. An id that already goes with another number joins nobody: a phone that changed hands must not open a stranger's story."""
    other = contacts.find(tx, also)
    if other is None:
        contacts.attach(tx, reached.contact_id, also)
    elif other.contact_id != reached.contact_id and contacts.has_no_number(tx, other.contact_id):
        joining.join(tx, reached.contact_id, other.contact_id)
    return reached
