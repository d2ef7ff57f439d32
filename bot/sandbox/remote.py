"""A phone of a running sandbox, held from another process."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx


class Unreachable(Exception):
    """No sandbox answers at the address."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as the phone shows it. `buttons` are (id, title) pairs; `kind` is how they were offered."""

    sid: str
    serial: int
    mine: bool
    text: str
    segments: int
    units: int
    encoding: str
    status: str
    error_code: int | None
    kind: str
    buttons: tuple[tuple[str, str], ...]


class RemotePhone:
    """Sends as one number over one channel, and hears what comes. Every method raises `Unreachable`."""

    def __init__(self, url: str, number: str, channel: str, name: str = "") -> None:
        # No proxy of the surroundings may come between us and this machine.
        self._http = httpx.Client(base_url=url.rstrip("/"), timeout=40.0, trust_env=False)
        self._from = {"from": number, "channel": channel, "name": name}
        self._address = f"whatsapp:{number}" if channel == "whatsapp" else number
        self._since = 0

    def begin(self) -> None:
        """Start after what the phone already holds: an old conversation is not an answer."""
        self._ask("GET", "/control/health")
        self.news(0)

    def send(self, what: dict[str, Any]) -> int | None:
        """Send a text, a file, a place or a tap. None when our service took it, else how many times it was tried."""
        answer = self._ask("POST", "/control/phones/send", json=self._from | what)
        return None if answer["taken"] else len(answer["attempts"])

    def news(self, wait: float) -> list[Shown]:
        """What is new on the phone, own messages included; waits up to `wait` seconds for something."""
        path = f"/control/phones/{quote(self._address, safe='')}/messages"
        answer = self._ask("GET", path, params={"since": self._since, "wait": wait})
        fresh = [_shown(message) for message in answer["messages"] if message["serial"] > self._since]
        self._since = answer["next"]
        return fresh

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = self._http.request(method, path, **more)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unreachable from None
        if answer.status_code == 400:
            raise ValueError(answer.json()["error"])
        if answer.status_code != 200:
            raise Unreachable
        return answer.json()


def _shown(message: dict[str, Any]) -> Shown:
    interactive = message["interactive"] or {"kind": "", "items": []}
    return Shown(
        sid=message["sid"],
        serial=message["serial"],
        mine=message["direction"] == "in",
        text=message["text"] or _files(message),
        segments=message["segments"],
        units=message["units"],
        encoding=message["encoding"],
        status=message["status"],
        error_code=message["error_code"],
        kind=interactive["kind"],
        buttons=tuple((item["id"], item["title"]) for item in interactive["items"]),
    )


def _files(message: dict[str, Any]) -> str:
    """What a terminal shows of a recording or a picture: `[audio/ogg]`."""
    types = [file["content_type"].partition(";")[0] or "?" for file in message["media"]]
    return " ".join(f"[{kind}]" for kind in types) if message["direction"] == "out" else ""
