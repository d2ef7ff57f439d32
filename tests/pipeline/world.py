"""The composed service without its processes: real content and database; a queue, channels and an understander that record."""

import base64
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any

import sqlalchemy as sa

from bot.content import Content
from bot.content.load import around, load_content
from bot.content.store import ContentStore
from bot.domain.addresses import Address, ChannelType
from bot.domain.capabilities import NOTHING_SPECIAL, Capabilities
from bot.domain.errors import FetchError, SendError
from bot.domain.members import Member
from bot.domain.merging import numbered
from bot.domain.messages import Accepted, InboundMessage, OutboundMessage, Sent, Status, StatusUpdate
from bot.domain.referrals import CODE_ALPHABET
from bot.domain.segments import render_for_sms
from bot.domain.splitting import split
from bot.domain.understanding import NOTHING, Understanding
from bot.notifiers.text import TextNotifier
from bot.pipeline import conversation, delivery, inbox, outbox
from bot.runtime import Runtime
from bot.settings import PROJECT, Settings, load
from bot.storage import members
from bot.storage.database import Database, Transaction
from tests.conftest import Clock

AWA, MODOU = "+221771110001", "+221771110002"
CASEWORKER, OTHER_CASEWORKER, WOLOF_CASEWORKER = "+221770000100", "+221770000102", "+221770000107"
LISTED = replace(NOTHING_SPECIAL, listed=True)
_sids = count(1)


def key(letter: str) -> str:
    """A key of 32 equal letters as the environment holds it."""
    return base64.b64encode(letter.encode() * 32).decode()


def environment(**changes: str) -> dict[str, str]:
    """The smallest environment that is right."""
    return {
        "BOT_DATABASE_URL": "postgresql://nowhere/none",
        "BOT_REDIS_URL": "unix:///nowhere",
        "BOT_ENCRYPTION_KEYS": f"k2:{key('2')},k1:{key('1')}",
        "BOT_INDEX_KEY": key("i"),
        "BOT_CALLBACK_KEY": key("c"),
        "BOT_TWILIO_ACCOUNT_SID": "AC" + "0123456789abcdef" * 2,
        "BOT_TWILIO_AUTH_TOKEN": "token-of-the-tests",
        "BOT_TWILIO_SMS_SENDER": "+221330000000",
        "BOT_TWILIO_WHATSAPP_SENDER": "+221330000001",
        "BOT_PUBLIC_URL": "https://example.org/bot",
    } | {f"BOT_{name.upper()}": value for name, value in changes.items()}


def settings(**changes: str) -> Settings:
    """Settings from the smallest environment."""
    return load(environment(**changes))


@lru_cache(maxsize=1)
def shipped() -> Content:
    """The content of this checkout with the demonstration numbers of partners."""
    return load_content(PROJECT, sandbox=True)


def without_phones(content: Content) -> Content:
    """The content in which only members answer for partners."""
    partners = {partner.id: replace(partner, demo_phones=()) for partner in content.directory.partners.values()}
    return replace(content, directory=replace(content.directory, partners=partners))


@dataclass
class RecordingQueue:
    """Fulfils the Queue port; keeps what was asked for."""

    wakes: list[tuple[str, str]] = field(default_factory=list)

    def wake(self, job: str, key: str) -> None:
        self.wakes.append((job, key))

    def calls(self, job: str, key: str) -> int:
        return self.wakes.count((job, key))

    def reachable(self) -> bool:
        return True


@dataclass
class RecordingChannel:
    """Fulfils the Channel port: takes everything, unless the next outcome says otherwise; its list is what it took."""

    type: ChannelType
    sender: str = "+221330000000"
    taken: list[tuple[OutboundMessage, str, str]] = field(default_factory=list)
    outcomes: deque[SendError | Exception] = field(default_factory=deque)
    list_error: SendError | None = None
    before: Callable[[OutboundMessage, str], None] | None = None
    asked: Callable[[], object] | None = None
    # It keeps a list: `find` looks into it.
    capabilities: Capabilities = LISTED

    def parts(self, message: OutboundMessage) -> tuple[str, ...]:
        return split(self.render(message), self.capabilities.longest)

    def render(self, message: OutboundMessage) -> str:
        text = numbered(message.text, message.choices)
        return render_for_sms(text, message.language) if self.type == "sms" else text

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        if self.before:
            self.before(message, reference)
        error = self.outcomes.popleft() if self.outcomes else None
        sid = f"SM{next(_sids):032d}"
        if error is None or (isinstance(error, SendError) and error.code == "taken_then_dropped"):
            self.taken.append((message, reference, sid))
        if error is not None:
            raise error
        return Sent(sid, Status.QUEUED, 1)

    def find(self, message: OutboundMessage, since: datetime) -> Accepted | None:
        if self.asked:
            self.asked()
        if self.list_error:
            raise self.list_error
        found = [sid for taken, _, sid in self.taken if taken == message]
        return Accepted(found[-1], message.text, since) if found else None

    def texts(self, to: str) -> list[str]:
        """Everything that this phone got, as it reads it."""
        return [self.render(message) for message, _, _ in self.taken if message.recipient.value == to]


@dataclass
class Shelf:
    """Fulfils the MediaSource port: files by address; what is told to go wrong goes wrong, once."""

    files: dict[str, bytes] = field(default_factory=dict)
    errors: deque[FetchError] = field(default_factory=deque)
    fetched: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def fetch(self, url: str, most: int) -> bytes:
        self.fetched.append(url)
        if self.errors:
            raise self.errors.popleft()
        if url not in self.files:
            raise FetchError("gone", retryable=False, gone=True)
        if len(self.files[url]) > most:
            raise FetchError("too_large", retryable=False)
        return self.files[url]

    def remove(self, url: str) -> None:
        if self.errors:
            raise self.errors.popleft()
        self.removed.append(url)
        self.files.pop(url, None)


@dataclass
class Meanings:
    """Fulfils the Understander port: texts with a meaning, danger words as the service knows them, else nothing."""

    known: dict[str, Understanding] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[str], None] | None = None

    def parse(self, text: str) -> Understanding:
        self.asked.append(text)
        if self.meanwhile:
            self.meanwhile(text)
        danger = shipped().danger_in(text)
        understood = self.known.get(text, NOTHING)
        return replace(understood, danger=danger, source="phrases") if danger else understood


def codes(start: int = 0) -> Callable[[], str]:
    """Public codes one after the other: K2222A, K3333A ..."""
    numbers = count(start)
    return lambda: _code(next(numbers))


def _code(number: int) -> str:
    high, low = divmod(number, len(CODE_ALPHABET))
    return f"K7{CODE_ALPHABET[high % len(CODE_ALPHABET)]}{CODE_ALPHABET[low]}XA"


class World:
    """One service and everybody who texts to it."""

    def __init__(self, database: Database, clock: Clock, new_code: Callable[[], str] | None = None, **changes: str) -> None:
        self.clock = clock
        self.queue, self.meanings, self.shelf = RecordingQueue(), Meanings(), Shelf()
        self.sms, self.whatsapp = RecordingChannel("sms"), RecordingChannel("whatsapp")
        channels: Mapping[str, RecordingChannel] = {"sms": self.sms, "whatsapp": self.whatsapp}
        self.rt = Runtime(
            settings=settings(**changes),
            database=database,
            contents=ContentStore(database, around(shipped()), shipped, now=lambda: clock().timestamp()),
            understander=self.meanings,
            queue=self.queue,
            channels=channels,
            notifiers={name: TextNotifier(channel) for name, channel in channels.items()},
            media=self.shelf,
            new_code=new_code or codes(),
        )
        self.pool = ThreadPoolExecutor(4)

    def receive(self, text: str, sender: str = AWA, channel: ChannelType = "sms", sid: str = "", **more: Any) -> bool:
        """One message into the inbox."""
        given = {"kind": "text", "recipient": "+221330000000", "payload": {"From": [sender], "Body": [text]}} | more
        return inbox.receive(self.rt, InboundMessage(channel, sid or f"IN{next(_sids)}", Address(channel, sender), text=text, **given))

    def advance(self) -> None:
        """Both lanes, as their workers would."""
        for lane in range(self.rt.settings.lanes):
            conversation.advance(self.rt, lane, self.pool)

    def time_out(self) -> None:
        """Whatever wait is over."""
        for lane in range(self.rt.settings.lanes):
            conversation.time_out(self.rt, lane)

    def dispatch(self) -> bool:
        """Send what is due. Whether more may be."""
        return outbox.dispatch(self.rt, self.pool)

    def say(self, text: str, sender: str = AWA, channel: ChannelType = "sms", **more: Any) -> str:
        """A text and everything that comes back to its phone."""
        of = self.whatsapp if channel == "whatsapp" else self.sms
        before = len(of.texts(sender))
        self.receive(text, sender, channel, **more)
        self.advance()
        self.dispatch()
        return "\n".join(of.texts(sender)[before:])

    def report(self, reference: str, status: Status | None, sid: str = "SMx", error_code: str | None = None) -> None:
        """A status callback."""
        delivery.record(self.rt, StatusUpdate(reference, sid, status, "word", error_code))

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Look into the database."""
        with self.rt.database.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement), values)]

    def one(self, statement: str, **values: Any) -> Any:
        """One value from the database."""
        return self.rows(statement, **values)[0][0]

    def transaction(self, connection: sa.Connection) -> Transaction:
        """A transaction on a connection that the test itself ends."""
        return Transaction(connection, self.rt.database.vault, self.clock())

    def change(self, statement: str, **values: Any) -> None:
        """Do something to the database that no code of ours does."""
        with self.rt.database.engine.begin() as connection:
            connection.execute(sa.text(statement), values)

    def states(self) -> list[str]:
        """The states of the outbox, oldest first."""
        return [state for (state,) in self.rows("SELECT state FROM outbox ORDER BY seq")]

    def refer(self, sender: str = AWA, words: str = "j'ai envie de mourir") -> str:
        """A referral the shortest way, through danger words; its code."""
        self.say(words, sender)
        return str(self.one("SELECT code FROM referrals ORDER BY opened_at DESC, code DESC LIMIT 1"))

    def join(
        self, partner: str, phone: str, *, channel: ChannelType = "sms", language: str = "fr", digest: bool = False, role: str = ""
    ) -> Member:
        """Somebody who was invited to answer for a partner and has said yes."""
        with self.rt.database.writing() as tx:
            address = Address(channel, phone)
            made = members.add(tx, partner=partner, address=address, number="47", role=role, language=language, digest=digest)
            assert made is not None
            members.verify(tx, [made.id])
        return made

    def serve(self, content: Content) -> None:
        """Go on with this content."""
        store = ContentStore(self.rt.database, around(content), lambda: content, now=lambda: self.clock().timestamp())
        self.rt = replace(self.rt, contents=store)

    def pass_(self, **span: float) -> None:
        """Let time pass."""
        self.clock.pass_(timedelta(**span))
