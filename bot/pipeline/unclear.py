"""Which texts are kept for review when they were not understood, and for how long."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.pseudonyms import pseudonymised, says_something
from bot.domain.referrals import OPEN
from bot.domain.understanding import DANGER, Understanding
from bot.engine.definition import Flow
from bot.engine.events import ConsentWithdrawn, ContactStopped, NotUnderstood
from bot.engine.turn import Turn
from bot.runtime import Runtime
from bot.storage import contacts, messages, unclear_texts
from bot.storage.contacts import ContactRow
from bot.storage.database import Transaction
from bot.storage.messages import InboundRow
from bot.storage.referrals import ReferralRow
from bot.storage.unclear_texts import NewUnclear

_DATA_RIGHTS = "data_rights"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a turn: the session that it began with, the contact's referrals, the nodes that spoke in this transaction."""

    before: Mapping[str, Any] | None
    referrals: Sequence[ReferralRow]
    said: Sequence[str | None]


def to_keep(
    rt: Runtime, tx: Transaction, contact: ContactRow, row: InboundRow, turn: Turn, understood: Understanding | None, around: Around
) -> NewUnclear | None:
    """The text of a turn as a pseudonym, when it was not understood and may be kept.

    Never kept: what is said in danger and in the 30 days after, about one's own data, or where a name is asked; what a person says
    who stopped us or withdrew an agreement; what was forwarded, being somebody else's words; what the understanding service did not
    see: then it is not the model that failed.
    """
    missed = next((event for event in turn.events if isinstance(event, NotUnderstood)), None)
    if missed is None or row.kind != "text" or row.forwarded or understood is None or not understood.ranking:
        return None
    if (understood.intent or "").startswith(DANGER) or _asks_for_a_name(rt, turn, missed.node):
        return None
    if _is_private(rt, turn, around, missed.node) or _in_danger(rt, tx, contact, around) or _wants_nothing_kept(tx, contact, turn):
        return None
    text = pseudonymised(row.text, rt.content.places, understood.entities)
    language = understood.language or contact.language or "fr"
    return NewUnclear(language, text, missed.node, understood.ranking) if says_something(text) else None


def forget(rt: Runtime) -> int:
    """Delete the texts whose time is over, batch by batch. How many. Raises `Unavailable` when the database is away."""
    total = 0
    while True:
        with rt.database.writing() as tx:
            gone = unclear_texts.forget(tx, _BATCH)
        total += gone
        if gone < _BATCH:
            return total


def _in_danger(rt: Runtime, tx: Transaction, contact: ContactRow, around: Around) -> bool:
    """Whether a matter of danger is open, or a flow for danger spoke lately: whoever is in danger writes more than once."""
    if any(referral.urgency == "emergency" and referral.state in OPEN for referral in around.referrals):
        return True
    flows = [flow.name for flow in rt.content.flows.flows.values() if any(intent.startswith(DANGER) for intent in _intents(flow))]
    spoke = {(node or "").partition(".")[0] for node in around.said}
    return not spoke.isdisjoint(flows) or messages.heard_from(tx, contact.id, flows, tx.now - unclear_texts.KEPT_FOR)


def _is_private(rt: Runtime, turn: Turn, around: Around, node: str) -> bool:
    """Whether the conversation was or is about danger or one's own data; a miss may have led out of it in this very turn."""
    before = around.before or {}
    after = [frame.name for frame in turn.session.frames] if turn.session else []
    names = {node.partition(".")[0], *(frame["name"] for frame in before.get("frames", ())), *after}
    versions = {turn.flows, str(before.get("flows", turn.flows))}
    flows = [rt.content.as_of(version).flows.flows.get(name) for version in versions for name in names]
    return any(intent.startswith(DANGER) or intent == _DATA_RIGHTS for flow in flows if flow for intent in _intents(flow))


def _intents(flow: Flow) -> Iterator[str]:
    return (intent for trigger in flow.triggers for intent in trigger.intents)


def _asks_for_a_name(rt: Runtime, turn: Turn, node: str) -> bool:
    name, _, at = node.partition(".")
    form = rt.content.as_of(turn.flows).flows.forms.get(name)
    return any(asked.name == at and asked.question.answer == "name" for asked in (form.questions if form else ()))


def _wants_nothing_kept(tx: Transaction, contact: ContactRow, turn: Turn) -> bool:
    said_so = any(isinstance(event, ContactStopped | ConsentWithdrawn) for event in turn.events)
    return contact.stopped or said_so or contacts.withdrew(tx, contact.id)
