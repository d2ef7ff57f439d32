"""Files that people send: what is kept of them, and whether one is what it says it is."""

from collections.abc import Mapping
from typing import Literal

from bot.domain.messages import InboundKind

# waiting: at the provider. kept: here, sealed. refused: not ours to keep. lost: the provider has it no more, or never gave it.
# dropped: deleted by somebody of the staff. expired: its time is over.
MediaState = Literal["waiting", "kept", "refused", "lost", "dropped", "expired"]
# Why a file is refused.
Refusal = Literal["type", "too_large", "not_what_it_says", "empty", "caseworker"]

# Stickers say nothing; a place is not a file.
KEPT_KINDS: tuple[InboundKind, ...] = ("voice", "image", "video", "document", "contact_card")
# What Twilio hands on from WhatsApp at most. https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages (2026)
LARGEST = 16 * 1024 * 1024

_OLE, _ZIP, _MP4 = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"ftyp"
# content type -> (ending of a file name, where its mark stands, its marks); no marks: text.
# Types: https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages (2026). Marks: the formats' own specifications.
_TYPES: Mapping[str, tuple[str, int, tuple[bytes, ...]]] = {
    "audio/ogg": ("ogg", 0, (b"OggS",)),
    "audio/mpeg": ("mp3", 0, (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")),
    "audio/mp4": ("m4a", 4, (_MP4,)),
    "audio/aac": ("aac", 0, (b"\xff\xf1", b"\xff\xf9")),
    "audio/amr": ("amr", 0, (b"#!AMR",)),
    "audio/3gpp": ("3gp", 4, (_MP4,)),
    "image/jpeg": ("jpg", 0, (b"\xff\xd8\xff",)),
    "image/png": ("png", 0, (b"\x89PNG\r\n\x1a\n",)),
    "image/gif": ("gif", 0, (b"GIF8",)),
    "video/mp4": ("mp4", 4, (_MP4,)),
    "video/3gpp": ("3gp", 4, (_MP4,)),
    "application/pdf": ("pdf", 0, (b"%PDF",)),
    "application/msword": ("doc", 0, (_OLE,)),
    "application/vnd.ms-excel": ("xls", 0, (_OLE,)),
    "application/vnd.ms-powerpoint": ("ppt", 0, (_OLE,)),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx", 0, (_ZIP,)),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx", 0, (_ZIP,)),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx", 0, (_ZIP,)),
    "text/plain": ("txt", 0, ()),
    "text/vcard": ("vcf", 0, (b"BEGIN:VCARD",)),
    "text/x-vcard": ("vcf", 0, (b"BEGIN:VCARD",)),
}


def plain_type(content_type: str) -> str:
    """The type alone: `audio/ogg` of `audio/ogg; codecs=opus`."""
    return content_type.partition(";")[0].strip().lower()


def is_kept(kind: InboundKind, content_type: str) -> bool:
    """Whether a file of this kind and type is fetched and kept."""
    return kind in KEPT_KINDS and plain_type(content_type) in _TYPES


def ending_of(content_type: str) -> str:
    """The ending of a file name for this type, without the dot."""
    return _TYPES[plain_type(content_type)][0]


def fault_of(content: bytes, content_type: str) -> Refusal | None:
    """Why this content is not kept: it is nothing, or something else than its type says. None when it may be."""
    if not content:
        return "empty"
    _, offset, marks = _TYPES[plain_type(content_type)]
    begins = content[offset : offset + 16]
    if not marks:
        return "not_what_it_says" if b"\x00" in content else None
    return None if any(begins.startswith(mark) for mark in marks) else "not_what_it_says"
