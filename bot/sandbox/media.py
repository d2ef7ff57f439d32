"""The few real files that phones can send: a voice note, a photo, a sticker, a document, a contact card."""

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
    """The file whose link ends in `name`."""
    return next((file for file in FILES.values() if file.name == name), None)
