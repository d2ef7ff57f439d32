"""From what a turn says to the messages that are sent: joined where that helps, torn where one text cannot hold it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.contacts import NO_MESSAGE
from bot.domain.ids import MessageId
from bot.domain.merging import Bubble, merge
from bot.domain.messages import OutboundMessage
from bot.domain.segments import measure
from bot.pipeline.envelope import seal_content, with_answer
from bot.pipeline.spoken import with_file
from bot.runtime import Runtime
from bot.storage.contacts import AddressRow, ContactRow
from bot.storage.database import new_id
from bot.storage.messages import Reply


def replies(rt: Runtime, contact: ContactRow, address: AddressRow, said: Sequence[Bubble]) -> Iterator[Reply]:
    """The messages to store, in their order. Each part of a long text is a message of its own: it is sent, tried again and counted by
    itself, so that a part that arrived is never sent twice. Where nobody can answer, the last one says where to answer instead."""
    language = contact.language or "fr"
    merged = merge(said, address.address.channel, language)
    if merged and not merged[-1].file:
        merged[-1] = replace(merged[-1], text=with_answer(rt, address.address, merged[-1].text, language))
    for bubble in merged:
        for part, segments in _parts(rt, address, bubble, language):
            content = with_file(seal_content(part.text, part.choices, language, answerable=True), part.file)
            yield Reply(MessageId(new_id()), contact.id, address.id, address.address.channel, content, part.node, segments)


def may_be_told(person: ContactRow) -> bool:
    """Whether something unasked may reach this person: they did not stop us, and messages may be left on the phone."""
    return not person.stopped and person.fields.get("phone_use") != NO_MESSAGE


def _parts(rt: Runtime, address: AddressRow, bubble: Bubble, language: str) -> Iterator[tuple[Bubble, int | None]]:
    """Each part with its segments, None where nobody counts them."""
    channel = rt.channels.get(address.address.channel)
    if channel is None or channel.type != "sms":
        yield bubble, None
        return
    message = OutboundMessage(address.address, bubble.text, bubble.choices, language=language)
    parts = channel.parts(message)
    if len(parts) == 1:
        yield bubble, measure(channel.render(message)).segments
        return
    # The choices are lines of the parts already.
    yield from ((Bubble(part, bubble.node), measure(part).segments) for part in parts)
