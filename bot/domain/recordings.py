"""Recorded speech and pictures that go with a text, bound to exactly what the person reads.

A recording says the words it was made for and no others: it is found by a mark of these words, so a text that changes loses its
recording at once instead of being read in one way and heard in another.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

FileKind = Literal["audio", "image"]
# What Twilio hands to WhatsApp: 16 MB, images 5 MB. https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages (2026)
MEGABYTE = 1024 * 1024
LARGEST: Mapping[FileKind, int] = {"audio": 16 * MEGABYTE, "image": 5 * MEGABYTE}
# Ending -> content type. An ogg that is not opus reaches WhatsApp as a document, so it counts as none.
TYPES = {
    "ogg": "audio/ogg; codecs=opus",
    "mp3": "audio/mpeg",
    "amr": "audio/amr",
    "jpg": "image/jpeg",
    "png": "image/png",
}
NAME = re.compile(rf"[0-9a-f]{{64}}\.({'|'.join(TYPES)})")


@dataclass(frozen=True, slots=True)
class Recording:
    """One file in the index. `text` and `language` say what for, `says` is the mark of the words, `name` the file's own hash with
    its ending, `size` its bytes, `by` and `day` who accepted it when."""

    text: str
    language: str
    kind: FileKind
    says: str
    name: str
    size: int
    by: str
    day: str

    @property
    def content_type(self) -> str:
        """Its content type."""
        return TYPES[self.name.rpartition(".")[2]]


@dataclass(frozen=True, slots=True)
class File:
    """What goes to the channel with a message, or as one: the name below the public address, type and bytes."""

    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Recordings:
    """The index: its entries, and the same by kind, language and mark. Two texts of the same words share a recording."""

    entries: tuple[Recording, ...] = ()
    by_words: Mapping[tuple[FileKind, str, str], Recording] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Recording]) -> "Recordings":
        """The index of these entries."""
        kept = tuple(entries)
        return cls(kept, {(one.kind, one.language, one.says): one for one in kept})

    def find(self, kind: FileKind, language: str, text: str, labels: Iterable[str] = ()) -> Recording | None:
        """What goes with exactly this text and these choices."""
        return self.by_words.get((kind, language, mark_of(text, labels))) if self.entries else None


NO_RECORDINGS = Recordings()


def mark_of(text: str, labels: Iterable[str] = ()) -> str:
    """The mark of what is read: the text and the choices below it, in order, blanks aside."""
    read = "\n".join(" ".join(part.split()) for part in (text, *labels))
    return hashlib.sha256(read.encode()).hexdigest()[:32]


def kind_of(ending: str) -> FileKind:
    """Whether a file of this ending is heard or seen."""
    return "image" if TYPES[ending].startswith("image/") else "audio"


def ending_of(content: bytes) -> str | None:
    """The ending for a file by its first bytes; None for what WhatsApp would not play or show."""
    if content[:4] == b"OggS" and b"OpusHead" in content[:200]:
        return "ogg"
    if content[:3] == b"ID3" or (len(content) > 2 and content[0] == 0xFF and content[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "mp3"
    if content[:6] == b"#!AMR\n":
        return "amr"
    if content[:3] == b"\xff\xd8\xff":
        return "jpg"
    return "png" if content[:8] == b"\x89PNG\r\n\x1a\n" else None


def name_of(content: bytes, ending: str) -> str:
    """A file's name: the hash of its content, so that an address never changes what it holds."""
    return f"{hashlib.sha256(content).hexdigest()}.{ending}"
