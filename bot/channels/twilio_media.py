"""Files in messages: what WhatsApp takes, and what becomes a link.

Limits: twilio.com/docs/whatsapp/guidance-whatsapp-media-messages, read in 2026: 16 MB, images 5 MB; beside audio, video, documents
and contact cards the text is dropped. There is no MMS in Senegal: on SMS a file is always a link.
"""

from bot.domain.messages import OutboundMessage

_MEGABYTE = 1024 * 1024
LARGEST, LARGEST_IMAGE = 16 * _MEGABYTE, 5 * _MEGABYTE
IMAGES = frozenset({"image/jpeg", "image/jpg", "image/png", "image/webp"})
# Without the codec WhatsApp shows an ogg as a document; opus is what its own voice messages are.
SOUNDS = frozenset({"audio/ogg", "audio/ogg; codecs=opus", "audio/amr", "audio/3gpp", "audio/aac", "audio/mpeg", "audio/mp4"})
OTHERS = frozenset({"application/pdf", "video/mp4", "text/vcard"})


def attached(message: OutboundMessage, channel: str) -> bool:
    """Whether the file goes along as a file. If not, its address stands in the text: nothing is lost, it only costs a tap."""
    if not message.media_url or channel != "whatsapp" or message.choices:
        return False
    kind = message.media_type.lower()
    if kind in IMAGES:
        return 0 < message.media_bytes <= LARGEST_IMAGE
    # Everything but an image loses its text.
    return kind in SOUNDS | OTHERS and 0 < message.media_bytes <= LARGEST and not message.text.strip()
