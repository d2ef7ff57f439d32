"""Messages that reached us long after they were sent. Answered one by one they would walk through a conversation that nobody holds
any more; so they are kept, and the person reads once that we are back. What cannot wait for another message is heard all the same."""

from datetime import timedelta

from bot.domain.merging import Bubble
from bot.domain.understanding import Understanding
from bot.pipeline.effects import Effects
from bot.runtime import Runtime
from bot.storage import messages
from bot.storage.contacts import ContactRow
from bot.storage.database import Transaction
from bot.storage.messages import InboundRow

BACK = "words.back"
# One failure brings several messages of a person, in several batches.
_ONCE_IN = timedelta(hours=1)


def is_overdue(rt: Runtime, row: InboundRow, understood: Understanding) -> bool:
    """Whether a message is too old to be answered as if it had just come. Never one about a danger, an opt-out or a return."""
    if not row.late or row.opt_out is not None:
        return False
    asks = any(rt.content.asks_to(action, row.text) for action in ("stop_contact", "start_contact"))
    return not asks and understood.danger is None and rt.content.danger_in(row.text) is None


def say_back(rt: Runtime, tx: Transaction, effects: Effects, contact: ContactRow, row: InboundRow) -> None:
    """Keep the message, and say once that we are back."""
    effects.only_opened(contact, row)
    told = effects.last_said(contact.id) == BACK or messages.heard_from(tx, contact.id, [BACK.partition(".")[0]], tx.now - _ONCE_IN)
    if contact.stopped or told:
        return
    text = rt.content.translate(rt.content.flows.words.texts["back"], contact.language or "fr")
    effects.add(contact, row, Bubble(text, BACK))
