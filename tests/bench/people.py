"""People who text, and the provider that takes the answers: both halves of a round trip in one process, on one clock."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from tests.bench.http import Connection, serve

PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Account:
    """The account that signs webhooks and gets messages."""

    sid: str
    token: str
    number: str
    public_url: str


@dataclass(slots=True)
class Provider:
    """Takes messages after `latency` seconds, as Twilio would, and tells whoever waits for one."""

    latency: float
    taken: int = 0
    waiting: dict[str, asyncio.Future[float]] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=count)

    async def start(self, port: int) -> asyncio.Server:
        """Listen on a port of this machine."""
        return await serve(port, self._take)

    async def _take(self, first: str, form: dict[str, str]) -> bytes:
        if "Messages.json" not in first:
            return b"{}"
        await asyncio.sleep(self.latency)
        self.taken += 1
        future = self.waiting.pop(form.get("To", ""), None)
        if future and not future.done():
            future.set_result(time.perf_counter())
        sid = f"SM{next(self._ids):032x}"
        return json.dumps({"sid": sid, "status": "queued", "to": form.get("To"), "num_segments": "1"}).encode()


@dataclass(slots=True)
class Outcome:
    """What a run measured, times in seconds."""

    accepted: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    lost: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Round trips a second, or webhooks where no answers were waited for."""
        return (len(self.answered) or len(self.accepted)) / self.seconds if self.seconds else 0.0


def signed(account: Account, path: str, sender: str, text: str, number: int) -> tuple[bytes, str]:
    """A webhook body with its headers, as Twilio signs it."""
    form = {
        "MessageSid": f"SM{number:032x}",
        "SmsSid": f"SM{number:032x}",
        "AccountSid": account.sid,
        "From": sender,
        "To": account.number,
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
    }
    signature = RequestValidator(account.token).compute_signature(account.public_url + path, form)
    return urlencode(form).encode(), f"X-Twilio-Signature: {signature}\r\n"


async def converse(
    account: Account, port: int, provider: Provider, people: int, seconds: float, script: Sequence[str], first_number: int
) -> Outcome:
    """`people` text at once for `seconds`, each a new phone after every script, each waiting for the answer before the next text."""
    outcome = Outcome()
    numbers = count(first_number)
    phones = count(first_number)
    started = time.perf_counter()

    async def person() -> None:
        connection = Connection("127.0.0.1", port)
        while time.perf_counter() - started < seconds:
            phone = f"+2217{next(phones) % 100_000_000:08d}"
            for text in script:
                if time.perf_counter() - started >= seconds:
                    break
                await _say(connection, phone, text)
        connection.close()

    async def _say(connection: Connection, phone: str, text: str) -> None:
        body, headers = signed(account, "/twilio/sms", phone, text, next(numbers))
        answer: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        provider.waiting[phone] = answer
        sent = time.perf_counter()
        status = await connection.post("/twilio/sms", body, headers)
        outcome.accepted.append(time.perf_counter() - sent)
        if status != 200:
            outcome.lost += 1
            return
        try:
            outcome.answered.append(await asyncio.wait_for(answer, PATIENCE) - sent)
        except TimeoutError:
            outcome.lost += 1

    await asyncio.gather(*(person() for _ in range(people)))
    outcome.seconds = time.perf_counter() - started
    return outcome


async def post_only(account: Account, port: int, people: int, seconds: float, first_number: int) -> Outcome:
    """`people` post webhooks without waiting for answers: what accepting and keeping a message costs."""
    outcome = Outcome()
    numbers = count(first_number)
    started = time.perf_counter()

    async def person(own: int) -> None:
        connection = Connection("127.0.0.1", port)
        while time.perf_counter() - started < seconds:
            number = next(numbers)
            body, headers = signed(account, "/twilio/sms", f"+2217{own:04d}{number % 50:04d}", "menu", number)
            sent = time.perf_counter()
            status = await connection.post("/twilio/sms", body, headers)
            outcome.accepted.append(time.perf_counter() - sent)
            outcome.lost += status != 200
        connection.close()

    await asyncio.gather(*(person(own) for own in range(people)))
    outcome.seconds = time.perf_counter() - started
    return outcome
