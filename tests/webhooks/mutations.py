"""Webhook bodies that no provider would send: recorded ones, changed at random in their parameters or in their bytes."""

import random
from collections.abc import Callable
from urllib.parse import parse_qsl, quote_plus

Pairs = list[tuple[str, str]]
NESTED = "[" * 15_000
# What has broken readers of forms: NUL, numbers that are none, escapes, directions, lone surrogates, nesting, length.
NASTY = (
    *("", " ", "\x00", "²", "٣", "-1", "0", "99999999999999999999", "9" * 5000, "NaN", "inf", "1e999", "0x1F", "true", "null", "[]", "{}"),
    *(
        "whatsapp:",
        "whatsapp:+",
        "+",
        "+221",
        "SN.",
        "\u202e",
        "\ufffe",
        "é" * 300,
        "👋" * 400,
        "a" * 20_000,
        "<Response>",
        "%s%n",
        "../../x",
    ),
    *("'; DROP TABLE messages; --", NESTED, '{"list_reply":' * 500, '{"list_reply": {"id": {"a": 1}}}', '{"button_reply": {"id": ["x"]}}'),
    *("STOP", "start", "HELP", "yes", "no", "menu", "\r\n\r\nHTTP/1.1 200 OK", "text/x-vcard", "https://169.254.169.254/", "1", "2", "5"),
)
NAMES = (
    *("MessageSid", "SmsSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MediaContentType0", "Latitude", "Longitude", "Label"),
    *("ButtonPayload", "ListId", "InteractiveData", "MessageType", "ExternalUserId", "OptOutType", "OriginalRepliedMessageSid"),
    *("Forwarded", "ReferralCtwaClid", "MessageStatus", "ErrorCode", "AccountSid", "id", "from", "text", "content", "coding", "binary"),
    *("status", "message_status", "err", "failureReason", "phoneNumber", "", "\x00", "a" * 3000),
)
_PIECES = (b"%", b"%ED%A0%80", b"%00", b"%FF", b"&", b"=", b"&&&", b"+", b"%25", b";", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"From=")


def mutated(dice: random.Random, body: bytes, fresh: str) -> bytes:
    """`body` after one to four changes. In half of the cases its id is `fresh`, so that it is not the same message again."""
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="utf-8", errors="replace")
    if dice.random() < 0.5:
        pairs = [(name, fresh if name in ("MessageSid", "id") else value) for name, value in pairs]
    for _ in range(dice.randint(0, 3)):
        pairs = dice.choice(_OF_PAIRS)(dice, pairs)
    raw = _written(pairs)
    for _ in range(dice.choice((0, 0, 0, 1, 2))):
        raw = dice.choice(_OF_BYTES)(dice, raw)
    return raw


def _written(pairs: Pairs) -> bytes:
    return "&".join(f"{quote_plus(name, errors='replace')}={quote_plus(value, errors='replace')}" for name, value in pairs).encode()


def _at(dice: random.Random, pairs: Pairs) -> int:
    return dice.randrange(len(pairs)) if pairs else 0


def _drop(dice: random.Random, pairs: Pairs) -> Pairs:
    at = _at(dice, pairs)
    return pairs[:at] + pairs[at + 1 :]


def _repeat(dice: random.Random, pairs: Pairs) -> Pairs:
    return [*pairs, *pairs[(at := _at(dice, pairs)) : at + 1]]


def _spoil(dice: random.Random, pairs: Pairs) -> Pairs:
    at = _at(dice, pairs)
    return [(name, dice.choice(NASTY) if number == at else value) for number, (name, value) in enumerate(pairs)]


def _rename(dice: random.Random, pairs: Pairs) -> Pairs:
    at = _at(dice, pairs)
    return [(dice.choice(NAMES) if number == at else name, value) for number, (name, value) in enumerate(pairs)]


def _add(dice: random.Random, pairs: Pairs) -> Pairs:
    at = _at(dice, pairs)
    return [*pairs[:at], (dice.choice(NAMES), dice.choice(NASTY)), *pairs[at:]]


def _replace(dice: random.Random, pairs: Pairs) -> Pairs:
    name = dice.choice(NAMES)
    return [*(pair for pair in pairs if pair[0] != name), (name, dice.choice(NASTY))]


def _shuffle(dice: random.Random, pairs: Pairs) -> Pairs:
    return dice.sample(pairs, len(pairs))


def _flip(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randrange(len(raw) + 1)
    return raw[:at] + bytes([dice.randrange(256)]) + raw[at + 1 :]


def _cut(dice: random.Random, raw: bytes) -> bytes:
    return raw[: dice.randrange(len(raw) + 1)]


def _insert(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randrange(len(raw) + 1)
    return raw[:at] + dice.choice(_PIECES) + raw[at:]


def _double(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randrange(len(raw) + 1)
    return raw + b"&" + raw[at:]


_OF_PAIRS: tuple[Callable[[random.Random, Pairs], Pairs], ...] = (
    _drop,
    _repeat,
    _spoil,
    _spoil,
    _rename,
    _add,
    _replace,
    _replace,
    _shuffle,
)
_OF_BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (_flip, _cut, _insert, _insert, _double)
