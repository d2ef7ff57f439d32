"""The whole service as a user runs it, and phones that text to it. Everything real: PostgreSQL, Redis, RQ, Rasa, the twilio SDK."""

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import psycopg

DELLUSI = str(Path(sys.prefix) / "bin" / "dellusi")
RUNNING = "Dellusi is running."
PATIENCE = 20.0
_numbers = count(770_000_001)
# Phones of tests write faster and more than any person; what is about these limits sets them.
UNLIMITED = {f"BOT_PERSON_{name}": "0" for name in ("PER_MINUTE", "DAY_MESSAGES", "DAY_SEGMENTS", "DAY_REPEATS")}


def plain(text: str) -> str:
    """Lower case, without accents: how expectations are compared."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def until(holds: Callable[[], Any], seconds: float = PATIENCE, what: str = "") -> Any:
    """Wait until something holds; what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} s: {what}")


class Service:
    """A `dellusi run` with its own state and ports, and extra environment for faults."""

    def __init__(self, state: Path, port: int, *options: str, **extra: str) -> None:
        self.state, self.port = state, port
        self.lines: list[str] = []
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | UNLIMITED | extra
        command = (DELLUSI, "run", "--state", str(state), "--port", str(port), *options)
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        until(lambda: RUNNING in self.lines or self.process.poll() is not None, 240, "the service runs")
        assert RUNNING in self.lines, "\n".join(self.lines)
        self.variables = _variables(state / "environment.sh")

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def stop(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def pid(self, name: str) -> int:
        """The process of a name, as it is now."""
        living = json.loads((self.state / "processes.json").read_text())["living"]
        return next(int(one["pid"]) for one in living if one["name"] == name)

    def kill(self, name: str) -> None:
        """Pull the plug of one process; the supervisor starts it again."""
        os.kill(self.pid(name), signal.SIGKILL)

    def pause(self, name: str, seconds: float) -> None:
        """Freeze a process, as an outage that nobody restarts; then let it go on."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)

    def control(self, path: str, document: dict[str, Any] | None = None, method: str | None = None) -> Any:
        """Ask the sandbox."""
        body = json.dumps(document).encode() if document is not None else None
        address = f"http://127.0.0.1:{self.port + 8}/control/{path}"
        request = Request(address, body, {"Content-Type": "application/json"}, method=method)
        with urlopen(request, timeout=40) as answer:
            return json.loads(answer.read())

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """POST to the public door; the status."""
        try:
            with urlopen(Request(f"http://127.0.0.1:{self.port}{path}", body, headers), timeout=20) as answer:
                return int(answer.status)
        except HTTPError as error:
            return int(error.code)

    def get(self, path: str) -> tuple[int, str]:
        """GET from the public door."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return int(answer.status), answer.read().decode()
        except HTTPError as error:
            return int(error.code), error.read().decode()

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the database."""
        with psycopg.connect(self.variables["BOT_DATABASE_URL"], autocommit=True) as connection:
            return list(connection.execute(statement, values).fetchall())

    def one(self, statement: str, *values: Any) -> Any:
        """One value from the database."""
        return self.rows(statement, *values)[0][0]

    def phone(self, channel: str = "sms", number: str | None = None) -> "Phone":
        """A new phone."""
        return Phone(self, number or f"+221{next(_numbers)}", channel)

    def quiet(self, seconds: float = PATIENCE) -> None:
        """Wait until nothing is left to answer or to send."""
        pending = (
            "SELECT (SELECT count(*) FROM messages WHERE inbound AND handled_at IS NULL) + "
            "(SELECT count(*) FROM outbox WHERE state IN ('due', 'leased', 'unknown'))"
        )
        until(lambda: self.one(pending) == 0, seconds, "everything answered and sent")


@dataclass
class Phone:
    """A phone: says something, hears what comes back."""

    service: Service
    number: str
    channel: str
    seen: int = 0
    thread: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """As the sandbox names the thread."""
        return f"whatsapp:{self.number}" if self.channel == "whatsapp" else self.number

    def send(self, text: str = "", **more: Any) -> dict[str, Any]:
        """Send without waiting for an answer."""
        answer: dict[str, Any] = self.service.control("phones/send", {"from": self.number, "channel": self.channel, "text": text, **more})
        return answer

    def say(self, text: str = "", *, expect: tuple[str, ...] = (), patience: float = PATIENCE, **more: Any) -> str:
        """Send, wait for the answer, and check that it holds the expected fragments."""
        self.read()
        sent = self.send(text, **more)
        assert sent["taken"], sent
        return self.hear(*expect, patience=patience, after=text)

    def hear(self, *expect: str, patience: float = PATIENCE, after: str = "") -> str:
        """Wait for the next answer; everything that came."""
        heard: list[str] = []

        def enough() -> bool:
            heard.extend(shown(message) for message in self.read() if message["direction"] == "out")
            joined = plain("\n".join(heard))
            return bool(heard) and all(plain(fragment) in joined for fragment in expect)

        try:
            until(enough, patience)
        except AssertionError:
            told = "\n".join(f"{m['direction']:>4}: {shown(m)}" for m in self.thread)
            raise AssertionError(f"after {after!r} expected {expect}, heard {heard}\n{told}") from None
        return "\n".join(heard)

    def read(self) -> list[dict[str, Any]]:
        """What is new on the screen."""
        answer = self.service.control(f"phones/{quote(self.address, safe='')}/messages?since={self.seen}")
        known = {message["sid"] for message in self.thread}
        new = [message for message in answer["messages"] if message["sid"] not in known]
        self.thread += new
        self.seen = max((int(message["serial"]) for message in self.thread), default=0)
        return new

    @property
    def answers(self) -> list[str]:
        """Everything that ever came to this phone."""
        self.read()
        return [shown(message) for message in self.thread if message["direction"] == "out" and not message["automatic"]]


def _variables(path: Path) -> dict[str, str]:
    lines = (line.removeprefix("export ").partition("=") for line in path.read_text().splitlines() if line.startswith("export "))
    return {name: shlex.split(value)[0] if value else "" for name, _, value in lines}


def shown(message: dict[str, Any]) -> str:
    """A message as the person reads it, buttons included."""
    items = (message["interactive"] or {}).get("items", [])
    return "\n".join((message["text"], *(item["title"] for item in items)))
