"""Buttons of earlier messages. They stay on the screen for ever, and a tap on an old Yes must not answer today's question."""

from dataclasses import replace

from bot.pipeline.effects import Effects
from bot.storage import outbound
from bot.storage.contacts import ContactRow
from bot.storage.database import Transaction
from bot.storage.messages import InboundRow

_YES_NO = ("yes", "no")


def as_tapped(tx: Transaction, effects: Effects, contact: ContactRow, row: InboundRow) -> InboundRow:
    """The message as it counts now: a tap on an earlier question is what its label says, and an old yes or no says nothing.

    Only where the provider says which message was tapped, and where it was one of ours to this person.
    """
    if row.button is None or row.replied_to is None:
        return row
    said = outbound.said_as(tx, contact.id, row.replied_to)
    last = effects.last_said(contact.id) or (said.last_node if said else "")
    if said is None or said.node == last:
        return row
    if row.button in _YES_NO:
        return replace(row, button=None, text="", kind="empty")
    return replace(row, button=None, kind="text")
