"""The run itself: what is next happens next, and after it every job of the service has a turn."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

import redis

from bot.bootstrap import FUNCTIONS
from bot.domain.messages import Accepted, OutboundMessage, Sent
from bot.domain.referrals import find_code
from bot.notifiers.text import TextNotifier
from bot.pipeline import digests, falling_due, timers
from bot.queueing import WakeQueue, connect
from bot.storage.database import Database
from tests.casework.simulation.people import TEMPERS, Person, person
from tests.casework.simulation.trouble import DIES_AFTER_COMMIT, Trouble
from tests.conftest import Clock
from tests.pipeline.world import RecordingChannel, World

# Korité (10 March) and Tabaski (17 May 2027) both fall into it.
START, MONTHS = datetime(2027, 2, 22, 7, tzinfo=UTC), timedelta(days=92)
# Nobody writes any more; what is still promised falls due.
AFTERWARDS = timedelta(days=40)
_TICK = timedelta(hours=3)
_FLUSHED = 1 / 40
_ASKED = ("quelqu'un vous a-t-il contacté", "Cela vous a-t-il été utile")


class WatchedQueue(WakeQueue):
    """The real queue on a real Redis; a process may die right after it left a wake-up."""

    def __init__(self, client: redis.Redis, trouble: Trouble) -> None:
        super().__init__(client, FUNCTIONS)
        self._trouble = trouble

    def wake(self, job: str, key: str) -> None:
        super().wake(job, key)
        self._trouble.die(DIES_AFTER_COMMIT, "killed after commit")


@dataclass
class DatedChannel(RecordingChannel):
    """A provider whose list knows when it took each message."""

    clock: Callable[[], datetime] = lambda: START
    taken_at: list[datetime] = field(default_factory=list)

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        before = len(self.taken)
        try:
            return super().send(message, reference)
        finally:
            self.taken_at += [self.clock()] * (len(self.taken) - before)

    def find(self, message: OutboundMessage, since: datetime) -> Accepted | None:
        for (taken, _, sid), moment in zip(reversed(self.taken), reversed(self.taken_at), strict=True):
            if moment < since:
                return None
            if taken == message:
                return Accepted(sid, message.text, moment)
        return None


@dataclass
class Run:
    """One service, its people, and what happens next: (when, a number that keeps the order, what)."""

    world: World
    trouble: Trouble
    redis: redis.Redis
    people: list[Person]
    chance: Random
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)
    read: int = 0
    numbers: Any = field(default_factory=count)

    def at(self, moment: datetime, what: Callable[[], None]) -> None:
        heapq.heappush(self.agenda, (moment, next(self.numbers), what))

    def write(self, phone: str, text: str) -> None:
        """A webhook: the provider repeats it until somebody says yes."""
        sid = f"IN{next(self.numbers):032d}"
        for _ in range(5):
            with self.trouble.survived():
                self.world.receive(text, phone, sid=sid)
                return

    def play(self) -> None:
        """Everything, to the end."""
        end = START + MONTHS + AFTERWARDS
        for number in range(int((end - START) / _TICK)):
            self.at(START + number * _TICK, lambda: None)
        while self.agenda:
            moment, _, what = heapq.heappop(self.agenda)
            if moment > end:
                break
            self.world.clock.now = max(moment, self.world.clock.now)
            what()
            self.work()
        self.trouble.on = False
        for _ in range(20):
            self.world.pass_(minutes=10)
            self.work()

    def work(self) -> None:
        """Every job of the service once, each in a process that may die; then Redis may lose everything."""
        for job in (
            self.world.advance,
            self.world.time_out,
            lambda: falling_due.play(self.world.rt),
            lambda: digests.send(self.world.rt),
            lambda: timers.sweep(self.world.rt),
            lambda: timers.settle_doubts(self.world.rt),
            self._dispatch,
        ):
            with self.trouble.survived():
                job()
        self._see_what_came()
        if self.trouble.on and self.chance.random() < _FLUSHED:
            self.jobs += [repr(self._stored(key)) for key in self.redis.scan_iter()]
            self.redis.flushall()
            self.trouble.counts["Redis lost everything"] += 1

    def _stored(self, key: Any) -> Any:
        kind = self.redis.type(key)
        return [key, self.redis.hgetall(key) if kind == b"hash" else self.redis.lrange(key, 0, -1) if kind == b"list" else ""]

    def _dispatch(self) -> None:
        while self.world.dispatch():
            self.world.pass_(seconds=1)

    def _see_what_came(self) -> None:
        """Caseworkers read their notices, people their questions, and both do what is their manner."""
        taken = self.world.sms.taken
        for message, reference, _ in taken[self.read :]:
            if reference.startswith("notice."):
                self._as_caseworker(message.recipient.value, message.text)
            else:
                self._as_person(message.recipient.value, message.text)
        self.read = len(taken)

    def _as_caseworker(self, phone: str, text: str) -> None:
        code = find_code(text)
        if code is None or not text.startswith(("Nouvelle", "Rappel", "Mbir", "Personne")):
            return
        temper = self._temper(code, phone, text)
        for days, words in TEMPERS[temper]:
            written = words.format(code)
            self.at(self.world.clock() + timedelta(days=days), partial(self.write, phone, written))

    def _temper(self, code: str, phone: str, text: str) -> str:
        """Nobody passes the same matter on twice: between two who did, it would never end."""
        temper = Random(f"{code}{phone}{text[:8]}").choice(list(TEMPERS))
        if temper == "passing on":
            temper = "prompt" if code in self.passed else temper
            self.passed.add(code)
        return temper

    def _as_person(self, phone: str, text: str) -> None:
        if any(asked in text for asked in _ASKED):
            answer = next((one.answers for one in self.people if one.phone == phone), "")
            if answer:
                self.at(self.world.clock() + timedelta(hours=3), lambda: self.write(phone, answer))


def run(database: Database, clock: Clock, redis_url: str, *, referrals: int, seed: int) -> Run:
    """Three months with so many people; the same seed is the same three months."""
    chance, trouble = Random(seed), Trouble(seed)
    clock.now = START
    world = World(database, clock, person_per_minute="0", person_day_repeats="0", person_day_messages="0", person_day_segments="0")
    world.sms = DatedChannel("sms", clock=clock)
    client, channels = connect(redis_url), {"sms": world.sms, "whatsapp": world.whatsapp}
    notifiers = {name: TextNotifier(channel) for name, channel in channels.items()}
    world.rt = replace(world.rt, queue=WatchedQueue(client, trouble), channels=channels, notifiers=notifiers)
    trouble.watch_commits(database.engine)
    trouble.watch(world.sms)
    made = Run(world, trouble, client, [person(number, chance) for number in range(referrals)], chance)
    for one in made.people:
        moment = START + MONTHS * chance.random()
        for text in one.texts:
            made.at(moment, partial(made.write, one.phone, text))
            moment += timedelta(minutes=2)
        for after, text in one.later:
            made.at(moment + after, partial(made.write, one.phone, text))
    made.play()
    return made
