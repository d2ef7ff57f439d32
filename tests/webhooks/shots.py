"""Requests for the fuzz, each with what an independent reader of the rules says about it: may it be believed or not."""

import base64
import hmac
import random
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask

from tests.channels.gateway_rig import DIALECTS, KEY
from tests.channels.rig import ACCOUNT, PAYLOADS, SIGNER, TOKEN
from tests.webhooks.mutations import mutated

PUBLIC = "https://example.org/bot"
FORM = "application/x-www-form-urlencoded"
BASIC = "Basic " + base64.b64encode(b"gateway:secret").decode()
_REFERENCE = "reply.11111111-2222-3333-4444-555555555555"
_TYPES = ("application/json", "multipart/form-data; boundary=x", "", "text/plain")


@dataclass(frozen=True, slots=True)
class Shot:
    """One request. `credible` says whether it bears what its door demands; without that nothing of it may be kept."""

    path: str
    query: str
    body: bytes
    headers: dict[str, str]
    credible: bool
    dialect: str
    content_type: str = FORM
    method: str = "POST"

    def fired(self, app: Flask) -> int:
        """The status that the app answers."""
        answered: list[int] = []

        def start(status: str, *_: Any) -> Any:
            answered.append(int(status[:3]))

        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "CONTENT_TYPE": self.content_type,
            "CONTENT_LENGTH": str(len(self.body)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.1",
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": BytesIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
        closing = app.wsgi_app(environ, start)
        b"".join(closing)
        return answered[0]


def signature(url: str, body: bytes, token: str) -> str:
    """Twilio's, written from its published rule: the address, then names and values in the order of the names, HMAC-SHA1, base64."""
    return base64.b64encode(hmac.new(token.encode(), (url + _spelled(body)).encode("utf-8", "surrogatepass"), sha1).digest()).decode()


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="werkzeug.url_quote")
    except ValueError:
        return []


def _spelled(body: bytes) -> str:
    return "".join(name + value for name, value in sorted(set(_pairs(body))))


class Shooter:
    """Makes requests from the recorded payloads; the same dice make the same requests."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._numbers = count(1)
        self._twilio = [path.read_bytes().strip() for path in sorted(PAYLOADS.glob("*.form"))]
        folder = PAYLOADS / "gateways"
        self._gateways = {name: [path.read_bytes().strip() for path in _of(folder, name)] for name in DIALECTS}

    def shots(self, amount: int) -> Iterator[Shot]:
        """Six in ten at Twilio's doors, the rest at those of a gateway."""
        for _ in range(amount):
            yield self._at_twilio() if self._dice.random() < 0.6 else self._at_gateway(self._dice.choice(DIALECTS))

    def _at_twilio(self) -> Shot:
        dice, original = self._dice, self._dice.choice(self._twilio)
        path = dice.choice(("/twilio/sms", "/twilio/whatsapp", "/twilio/status"))
        query = self._mark() if path == "/twilio/status" else dice.choice(("", "", "", "x=%C3%A9", "x=%FF", "x=\xe9"))
        body = mutated(dice, original, f"SM{next(self._numbers):032x}")
        url = PUBLIC + path + (f"?{query}" if query else "")
        given = dice.choices(
            (
                signature(url, original, TOKEN),
                "",
                signature(url, body, "another"),
                signature(url, body, TOKEN),
                "é=\x00" * dice.randint(1, 9),
            ),
            (5, 1, 1, 2, 1),
        )[0]
        right = hmac.compare_digest(given.encode(), signature(url, body, TOKEN).encode())
        accounts = [value for name, value in _pairs(body) if name == "AccountSid"]
        kind = FORM if dice.random() < 0.97 else dice.choice(_TYPES)
        credible = right and accounts[:1] == [ACCOUNT] and kind == FORM
        return Shot(path, query, body, {"X-Twilio-Signature": given}, credible, dice.choice(DIALECTS), kind)

    def _at_gateway(self, dialect: str) -> Shot:
        dice = self._dice
        key = dice.choices((KEY, KEY[:-1], KEY + "x", "é", ""), (5, 1, 1, 1, 1))[0]
        headers = dice.choices(({"Authorization": BASIC}, {}, {"Authorization": "Basic x"}, {"Authorization": "é"}), (4, 1, 1, 1))[0]
        door = dice.choice(("message", "message", "status", "optout"))
        body = mutated(dice, dice.choice(self._gateways[dialect]), f"g{next(self._numbers)}")
        path = f"/gateway/{key or '%'}/{door}".encode().decode("latin-1") if key or dice.random() < 0.5 else f"/gateway/\xff/{door}"
        credible = key == KEY and headers.get("Authorization") == BASIC
        if dialect == "kannel" and dice.random() < 0.5:
            # Kannel's calls are a GET: what was the body is the query, our own mark before it.
            return Shot(path, f"{self._mark()}&{body.decode('latin-1')}", b"", headers, credible, dialect, "", "GET")
        return Shot(path, self._mark(), body, headers, credible, dialect)

    def _mark(self) -> str:
        dice = self._dice
        reference = dice.choice((_REFERENCE, _REFERENCE, "reply.x", "", "notice.\x00", "é", "reply." + "9" * 5000))
        mark = SIGNER.sign(reference) if dice.random() < 0.7 else dice.choice(("", "0" * 32, "é"))
        return urlencode({"m": reference, "t": mark, "a": "attempt"})


def _of(folder: Path, dialect: str) -> list[Path]:
    return sorted(folder.glob(f"{dialect}_*.form"))
