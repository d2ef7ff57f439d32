"""The few real files that phones can send: a voice note, a photo, a sticker, a document, a contact card."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "page" / "media"


@dataclass(frozen=True, slots=True)
class File:
    """One file, with the word WhatsApp uses for its kind in `MessageType`."""

    name: str
    content_type: str
    message_type: str

    def read(self) -> bytes:
        """Its bytes."""
        return (FOLDER / self.name).read_bytes()


FILES = {
    "voice": File("voice.ogg", "audio/ogg", "audio"),
    "photo": File("photo.jpg", "image/jpeg", "image"),
    "sticker": File("sticker.webp", "image/webp", "sticker"),
    "document": File("document.txt", "text/plain", "document"),
    "contact": File("contact.vcf", "text/vcard", "contacts"),
}


def find(name: str) -> File | None:
    """The file of that name."""
    return next((file for file in FILES.values() if file.name == name), None)


def media_sid(message_sid: str, url_or_name: str) -> str:
    """The id of one file of one message, always the same."""
    return "ME" + hashlib.sha256(f"{message_sid}/{url_or_name}".encode()).hexdigest()[:32]


def of_message(message_sid: str, sid: str) -> File | None:
    """The file of a phone's message that has this id."""
    return next((file for file in FILES.values() if media_sid(message_sid, file.name) == sid), None)
