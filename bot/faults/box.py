"""The stand-in from outside: be a phone, set trouble, and hear what comes to any phone."""

import threading
import time
from collections import defaultdict
from typing import Any

import httpx

from bot.sandbox.remote import Unreachable


class Missed(Exception):
    """Something that had to happen did not; the text says what, without anybody's words."""


class Box:
    """The stand-in's control API. Safe to share between threads. Every method raises `Unreachable`.

    `patience`: seconds that something expected may take.
    """

    def __init__(self, url: str, patience: float) -> None:
        self.patience = patience
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self._http = httpx.Client(base_url=url.rstrip("/"), timeout=60.0, trust_env=False, limits=limits)
        self._arrived = threading.Condition()
        self._heard: defaultdict[str, list[str]] = defaultdict(list)
        self._ended = False

    def ask(self, path: str, document: dict[str, Any] | None = None, **query: Any) -> Any:
        """GET, or POST of a document."""
        try:
            if document is None:
                answer = self._http.get(f"/control/{path}", params=query)
            else:
                answer = self._http.post(f"/control/{path}", json=document)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unreachable from None
        if answer.status_code != 200:
            raise Unreachable
        return answer.json()

    def listen(self) -> None:
        """Gather what comes to any phone, until `close`; from now on."""
        known = self.ask("feed")["next"]
        threading.Thread(target=self._listen, args=(known,), name="listening", daemon=True).start()

    def _listen(self, since: int) -> None:
        while not self._ended:
            try:
                fresh = self.ask("feed", since=since, wait=5)
            except Unreachable:
                time.sleep(0.5)
                continue
            since = fresh["next"]
            with self._arrived:
                for message in fresh["messages"]:
                    self._heard[message["to"]].append(message["text"])
                self._arrived.notify_all()

    def heard(self, *addresses: str) -> list[str]:
        """Everything that came to these addresses so far."""
        with self._arrived:
            return [text for address in addresses for text in self._heard.get(address, ())]

    def wait_for(self, count: int, fragment: str, *addresses: str) -> str:
        """The newest text with the fragment, once there are `count` of them. Raises `Missed`."""
        end = time.monotonic() + self.patience
        with self._arrived:
            while True:
                found = [text for address in addresses for text in self._heard.get(address, ()) if fragment in text]
                if len(found) >= count:
                    return found[-1]
                left = end - time.monotonic()
                if left <= 0:
                    raise Missed(f"{len(found)} of {count} texts after {self.patience:.0f} s")
                self._arrived.wait(left)

    def close(self) -> None:
        """Stop listening."""
        self._ended = True
        self._http.close()
