"""From stored rows to messages that a channel can send, with what matters about their recipients now."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bot.domain.addresses import Address
from bot.domain.messages import Choice, OutboundMessage, Sent
from bot.domain.templates import TemplatePurpose
from bot.pipeline.references import NOTICE, REPLY
from bot.pipeline.spoken import attach
from bot.runtime import Runtime
from bot.storage import notifications, outbound, standing
from bot.storage.database import Transaction
from bot.storage.notifications import NotificationRow
from bot.storage.outbound import OutboundRow
from bot.storage.outbox import OutboxRow
from bot.storage.standing import Standing


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An outbox row with what it sends, and how.

    `node` is where the words were said (`flow.node`), `partner` who a notice is for, `knocks` what a template asks the person to
    look at. `standing` is None for an address that never wrote and never stopped us; without `message` the row opens no more.
    """

    row: OutboxRow
    message: OutboundMessage | None
    send: Callable[[OutboundMessage, str], Sent] | None
    standing: Standing | None = None
    node: str = ""
    partner: str = ""
    knocks: TemplatePurpose | None = None


def seal_content(
    text: str, choices: Sequence[Choice], language: str, knocks: TemplatePurpose | None = None, *, answerable: bool = False
) -> str:
    """The content of an outbound message as it is stored: structure, so that the channel renders it. `answerable`: where to answer is
    said in it, or in another part of the same turn."""
    content: dict[str, object] = {"text": text, "choices": [[c.id, c.label] for c in choices], "language": language}
    more = {name: value for name, value in (("knocks", knocks), ("answerable", answerable)) if value}
    return json.dumps(content | more, ensure_ascii=False)


def envelopes(rt: Runtime, tx: Transaction, rows: Sequence[OutboxRow]) -> list[Outgoing]:
    """What these rows send, with the channel or notifier that sends each."""
    replies = outbound.by_ids(tx, [row.subject_id for row in rows if row.kind == REPLY])
    notices = notifications.by_ids(tx, [row.subject_id for row in rows if row.kind == NOTICE])
    known = standing.of_addresses(tx, {reply.address_id for reply in replies.values()})
    recipients = [notice.recipient for notice in notices.values()]
    told = standing.of_recipients(tx, [*recipients, *(sms for one in recipients if (sms := one.fallback) is not None)])
    return [_outgoing(rt, tx, row, replies, notices, known, told) for row in rows]


def _outgoing(
    rt: Runtime,
    tx: Transaction,
    row: OutboxRow,
    replies: dict[UUID, OutboundRow],
    notices: dict[UUID, NotificationRow],
    known: dict[UUID, Standing],
    told: dict[Address, Standing],
) -> Outgoing:
    reply, notice = replies.get(row.subject_id), notices.get(row.subject_id)
    left = None if row.expires_at is None else max(timedelta(seconds=1), row.expires_at - tx.now)
    valid = int(left.total_seconds()) if left is not None else None
    if reply is not None and reply.address_id in known:
        where, value = known[reply.address_id], json.loads(reply.content)
        choices = tuple(Choice(id_, label) for id_, label in value["choices"])
        text = value["text"] if value.get("answerable") else with_answer(rt, where.address, value["text"], value["language"])
        message = OutboundMessage(where.address, text, choices, language=value["language"], plain=row.plain, valid=valid)
        message = attach(message, value, rt.settings.public_url)
        channel = rt.channels.get(where.address.channel)
        return Outgoing(row, message, channel.send if channel else None, where, reply.node, "", value.get("knocks"))
    if notice is not None:
        language = rt.content.partner_language(notice.partner)
        text = with_answer(rt, notice.recipient, notice.text, language)
        message = OutboundMessage(notice.recipient, text, language=language, plain=row.plain, valid=valid)
        notifier = rt.notifiers.get(notice.recipient.channel)
        send = notifier.send if notifier else None
        return Outgoing(row, message, send, _of_partner(told, notice.recipient), f"notice.{notice.event}", notice.partner)
    return Outgoing(row, None, None)


def _of_partner(told: dict[Address, Standing], recipient: Address) -> Standing | None:
    """How we stand with whoever answers for a partner: a STOP to what had to come by SMS counts for their WhatsApp too."""
    own, sms = told.get(recipient), told.get(recipient.fallback) if recipient.fallback else None
    return sms if sms is not None and sms.stopped_at is not None and (own is None or own.stopped_at is None) else own


def with_answer(rt: Runtime, recipient: Address, text: str, language: str) -> str:
    """The text; with a line that says where to answer, and where to say STOP, when nobody can answer over this channel."""
    channel = rt.channels.get(recipient.channel)
    where = rt.settings.answer_at
    if channel is None or channel.capabilities.two_way or not where:
        return text
    return f"{text}\n{rt.content.answer_elsewhere(where, language)}"
