"""Recordings and pictures beside what is said: only on WhatsApp, only where one was made of exactly these words.

A person asks for voice by word (the flow `voice` keeps it as a field); a picture goes to everybody. On SMS a file would be a link
that costs data, so nothing is sent.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.merging import Bubble
from bot.domain.messages import OutboundMessage
from bot.domain.recordings import File, FileKind
from bot.runtime import Runtime
from bot.storage.contacts import AddressRow, ContactRow

# The field of a contact that says whether texts are to be heard, too.
VOICE = "voice"


def with_files(rt: Runtime, flows: str, contact: ContactRow, address: AddressRow, said: Sequence[Bubble]) -> list[Bubble]:
    """What was said, each text behind the recording and the picture that belong to it in the version `flows`."""
    if address.address.channel != "whatsapp":
        return list(said)
    recordings, language = rt.content.as_of(flows).recordings, contact.language or "fr"
    kinds: tuple[FileKind, ...] = ("image", "audio") if contact.fields.get(VOICE) == "yes" else ("image",)
    if not recordings.entries:
        return list(said)

    def spoken() -> Iterator[Bubble]:
        for bubble in said:
            for kind in kinds:
                found = recordings.find(kind, language, bubble.text, [choice.label for choice in bubble.choices])
                if found:
                    yield Bubble("", bubble.node, file=File(found.name, found.content_type, found.size))
            yield bubble

    return list(spoken())


def with_file(content: str, file: File | None) -> str:
    """The content of a stored message with its file."""
    return content if file is None else json.dumps({**json.loads(content), "file": [file.name, file.content_type, file.size]})


def attach(message: OutboundMessage, content: Mapping[str, Any], public_url: str) -> OutboundMessage:
    """The message with the address of the file that its stored content names."""
    if "file" not in content:
        return message
    name, content_type, size = content["file"]
    return replace(message, media_url=f"{public_url.rstrip('/')}/media/{name}", media_type=content_type, media_bytes=size)
