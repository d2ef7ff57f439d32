"""Posting signed forms the way Twilio does: kept connections, its time-outs and its rules for trying again."""

import http.client
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

from twilio.request_validator import RequestValidator

# Between two tries. Twilio names none; without any, a worker that is being replaced is missed by all tries at once.
PAUSE = 0.25
_STRANGER = RequestValidator("not the token of any account")


@dataclass(frozen=True, slots=True)
class Rules:
    """Connection overrides, https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides. Times in seconds.

    Written as the fragment of an address: `#rc=3&rp=ct,rt,5xx&rt=8000`, there in milliseconds.
    """

    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})
    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0

    @classmethod
    def parse(cls, fragment: str) -> "Rules":
        """The rules in a fragment; what it leaves out is Twilio's default. Raises ValueError for what is not a number."""
        given = {key: values[-1] for key, values in parse_qs(fragment).items()}
        return cls(
            retries=min(5, int(given.get("rc", 1))),
            retry_on=frozenset(given.get("rp", "ct").split(",")),
            connect=int(given.get("ct", 5000)) / 1000,
            read=int(given.get("rt", 15000)) / 1000,
            total=int(given.get("tt", 15000)) / 1000,
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `failure` is "" or what the rules call it: ct, rt, 4xx, 5xx. `body` is the answer's beginning."""

    status: int | None
    failure: str
    seconds: float
    body: str = ""

    @property
    def good(self) -> bool:
        """Whether the receiver took it."""
        return not self.failure


class Poster:
    """Signs and posts. Safe to share: each thread keeps connections of its own."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._local = threading.local()

    def deliver(self, url: str, params: Mapping[str, str], default: str = "", *, forged: bool = False) -> list[Attempt]:
        """Post `params` to `url` until it is taken or the rules say enough. The fragment of `url` overrides `default`.

        `forged` signs them as somebody would who does not know the account's token.
        """
        target = urlsplit(url)
        rules = Rules.parse(target.fragment or default)
        address = target._replace(fragment="", netloc=target.netloc.rpartition("@")[2])
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": (_STRANGER if forged else self._validator).compute_signature(address.geturl(), params),
            # The same for every try of one message, so that a receiver can tell a try again from news.
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        }
        return self._attempts(_Form(address, urlencode(params).encode(), headers, rules))

    def _attempts(self, form: "_Form") -> list[Attempt]:
        rules, end = form.rules, time.monotonic() + form.rules.total
        attempts: list[Attempt] = []
        while True:
            attempts.append(self._once(form))
            failure = attempts[-1].failure
            again = failure and (failure in rules.retry_on or "all" in rules.retry_on) and len(attempts) <= rules.retries
            if not again or time.monotonic() + PAUSE >= end:
                return attempts
            time.sleep(PAUSE)

    def _once(self, form: "_Form") -> Attempt:
        begun = time.monotonic()
        kept: Kept = self._local.__dict__.setdefault("kept", {})
        connection = kept.pop(form.host, None)
        if connection is not None:
            attempt = form.post_over(connection)
            # A kept connection that the receiver has closed meanwhile says nothing about the receiver.
            if attempt.failure != "rt" or time.monotonic() - begun >= form.rules.read:
                return _keep(kept, form, connection, attempt)
        connection = form.open()
        try:
            connection.connect()
        except OSError:
            return Attempt(None, "ct", time.monotonic() - begun)
        return _keep(kept, form, connection, form.post_over(connection))


Kept = dict[tuple[str, str], http.client.HTTPConnection]


def _keep(kept: Kept, form: "_Form", connection: http.client.HTTPConnection, attempt: Attempt) -> Attempt:
    if attempt.status is None:
        connection.close()
    else:
        kept[form.host] = connection
    return attempt


@dataclass(frozen=True, slots=True)
class _Form:
    """One signed form on its way."""

    target: SplitResult
    body: bytes
    headers: dict[str, str]
    rules: Rules

    @property
    def host(self) -> tuple[str, str]:
        return self.target.scheme, self.target.netloc

    def open(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.target.scheme == "https" else http.client.HTTPConnection
        return kind(self.target.hostname or "", self.target.port, timeout=self.rules.connect)

    def post_over(self, connection: http.client.HTTPConnection) -> Attempt:
        begun = time.monotonic()
        path = (self.target.path or "/") + ("?" + self.target.query if self.target.query else "")
        try:
            if connection.sock is not None:
                connection.sock.settimeout(self.rules.read)
            connection.request("POST", path, self.body, self.headers)
            response = connection.getresponse()
            text = response.read(4096).decode("utf-8", "replace")
            if not response.isclosed():
                connection.close()
        except (OSError, http.client.HTTPException):
            connection.close()
            return Attempt(None, "rt", time.monotonic() - begun)
        failure = f"{response.status // 100}xx" if response.status >= 400 else ""
        return Attempt(response.status, failure, time.monotonic() - begun, text)
