"""Numbers and alphabets as HTTP gateways write them."""

from bot.domain.segments import ALPHABET

# GSM 03.38 by position (3GPP TS 23.038, 6.2.1), ESC standing at 0x1B, and what follows an ESC (6.2.1.1).
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}
_ESC = 0x1B
_GSM, _LATIN, _UCS2 = "0", "3", "8"


def is_gsm(text: str) -> bool:
    """Whether the text travels in the alphabet of the phones."""
    return ALPHABET.issuperset(text)


def hexadecimal(text: str) -> str:
    """UTF-16BE in hexadecimal digits."""
    return text.encode("utf-16-be", "surrogatepass").hex()


def decoded(digits: str, coding: str) -> str | None:
    """The text in hexadecimal digits, in the alphabet that an SMPP data coding names. None for what is no text in it."""
    try:
        raw = bytes.fromhex(digits)
        if coding == _UCS2:
            return raw.decode("utf-16-be")
        return raw.decode("latin-1") if coding == _LATIN else _from_gsm(raw) if coding == _GSM else raw.decode()
    except (ValueError, UnicodeDecodeError):
        return None


def _from_gsm(raw: bytes) -> str:
    letters, escaped = [], False
    for byte in raw:
        if byte > 0x7F:
            raise ValueError("eight bits")
        if escaped:
            # An unknown pair reads as its second letter, says 6.2.1.1.
            letters.append(_ESCAPED.get(byte, _BASIC[byte]))
        elif byte != _ESC:
            letters.append(_BASIC[byte])
        escaped = byte == _ESC and not escaped
    return "".join(letters)


def international(number: str, country: str) -> str:
    """`+221771234567` from the ways in which gateways write it: with or without the plus, with 00, or without the country.

    `country` is the calling code without a plus. What is no number (a sender's name, a short code) stays as it is.
    """
    written = number.strip().replace(" ", "").replace("-", "")
    digits = written.removeprefix("+")
    if not digits.isdecimal() or not digits.isascii() or len(digits) < 7:
        return written
    if written.startswith("+"):
        return written
    if digits.startswith("00"):
        return "+" + digits[2:]
    if digits.startswith(country):
        return "+" + digits
    # A national number of Senegal has nine digits and begins with no zero.
    return f"+{country}{digits.removeprefix('0')}" if len(digits) <= 10 else "+" + digits
