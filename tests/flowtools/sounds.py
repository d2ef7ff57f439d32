"""Small real files made here: silence as Ogg/Opus, MP3 and AMR, and a picture of one colour. Nobody's voice."""

import struct
import zlib

# One Opus packet of 20 ms of silence (RFC 6716, a CELT frame of full band).
_SILENCE = b"\xf8\xff\xfe"


def opus(packets: int = 10, codec: bytes = b"OpusHead") -> bytes:
    """An Ogg file (RFC 7845). Another `codec` makes an Ogg that is not Opus."""
    head = codec + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 5) + b"tests" + struct.pack("<I", 0)
    pages = [_page(0, 2, 0, [head]), _page(1, 0, 0, [tags]), _page(2, 4, packets * 960, [_SILENCE] * packets)]
    return b"".join(pages)


def _page(number: int, kind: int, position: int, packets: list[bytes]) -> bytes:
    lengths = bytes(len(packet) for packet in packets)
    page = b"OggS" + struct.pack("<BBqIII", 0, kind, position, 7, number, 0) + bytes([len(packets)]) + lengths + b"".join(packets)
    return page[:22] + struct.pack("<I", _crc(page)) + page[26:]


def _crc(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1
        crc &= 0xFFFFFFFF
    return crc


def mp3(frames: int = 10) -> bytes:
    """Silent frames of MPEG 1, layer III, 128 kbit/s, 44.1 kHz: 417 bytes each."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def amr(frames: int = 10) -> bytes:
    """Frames of AMR without data (RFC 4867)."""
    return b"#!AMR\n" + b"\x7c" * frames


def png(side: int = 8) -> bytes:
    """A grey square."""
    rows = b"".join(b"\0" + b"\x80" * side for _ in range(side))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
