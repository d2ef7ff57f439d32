"""From stored rows to messages that a channel can send."""

import json
from collections.abc import Sequence
from uuid import UUID

from bot.domain.messages import Choice, OutboundMessage
from bot.pipeline.spoken import attach
from bot.storage import contacts, messages, notifications
from bot.storage.database import Transaction


def seal_content(text: str, choices: Sequence[Choice], language: str) -> str:
    """The content of an outbound message as it is stored: structure, so that the channel renders it."""
    return json.dumps({"text": text, "choices": [[c.id, c.label] for c in choices], "language": language}, ensure_ascii=False)


def open_replies(tx: Transaction, ids: Sequence[UUID], public_url: str) -> dict[UUID, OutboundMessage]:
    """Replies to contacts by message id. Files are fetched from `public_url`."""
    if not ids:
        return {}
    stored = messages.outbound(tx, ids)
    reached = contacts.addresses_of(tx, [address_id for address_id, _ in stored.values()])
    opened = {}
    for message_id, (address_id, content) in stored.items():
        if address_id not in reached:
            continue
        value = json.loads(content)
        choices = tuple(Choice(id_, label) for id_, label in value["choices"])
        message = OutboundMessage(reached[address_id].address, value["text"], choices, language=value["language"])
        opened[message_id] = attach(message, value, public_url)
    return opened


def open_notices(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, OutboundMessage]:
    """Notices to partners by notification id."""
    if not ids:
        return {}
    return {row.id: OutboundMessage(row.recipient, row.text) for row in notifications.by_ids(tx, ids).values()}
