"""The few real files that phones can send: a voice note, a photo, a sticker, a document, a contact card."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# What a link to a file says about its size: nothing is fetched. `clip-17mb.mp4` has 17 MB, a name without it is small.
_SIZE = re.compile(r"-(\d{1,4})mb\.\w+$")
# https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages and the limit of MMS.
_IMAGE_MB, _WHATSAPP_MB, _MMS_MB = 5, 16, 5
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


def type_of(url: str) -> str:
    """The content type that a link's ending stands for."""
    return mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"


def too_large(url: str, *, whatsapp: bool) -> int | None:
    """The code of the report on a message whose file is too large (63019, on SMS 30019); None when it is not."""
    found = _SIZE.search(urlsplit(url).path.lower())
    most = (_IMAGE_MB if type_of(url).startswith("image/") else _WHATSAPP_MB) if whatsapp else _MMS_MB
    if found is None or int(found[1]) <= most:
        return None
    return 63019 if whatsapp else 30019
