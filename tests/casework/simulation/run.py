"""The run itself: what is next happens next, and after it every process of the service has a turn."""

import heapq
import re
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from bot.content.load import around
from bot.content.store import ContentStore
from bot.domain.addresses import Address
from bot.domain.referrals import find_code
from bot.notifiers.text import TextNotifier
from bot.pipeline.leaving import leave
from bot.queueing import connect
from bot.storage import members
from bot.storage.database import Database
from tests.casework.simulation.machine import Machine, WatchedQueue
from tests.casework.simulation.people import Person, person
from tests.casework.simulation.staff import Caseworker, caseworkers, invite
from tests.casework.simulation.trouble import Inline, Trouble, TroubledChannel
from tests.conftest import Clock
from tests.pipeline.world import World, shipped, without_phones

# A Monday; Korité (10 March) and Tabaski (17 May 2027) both fall into the three months.
START, MONTHS = datetime(2027, 2, 22, 7, tzinfo=UTC), timedelta(days=92)
# Nobody new writes any more; what is still promised falls due.
AFTERWARDS = timedelta(days=40)
# Texts are answered as they come; the timetable of periodic work has its turn after each step in which something falls due.
STEP, DAY = timedelta(hours=1), timedelta(days=1)
_ASKED = ("quelqu'un vous a-t-il contacté", "Cela vous a-t-il été utile", "ku jokkoo ak yow", "Ndax jariñ na la")
_INVITATION = re.compile(r"(?:OUI|WAAW) (\d\d)")
# How the notices begin that ask for something.
_WORK = ("Nouvelle", "Mbir mu bees", "Rappel", "Fàttali", "Fattali", "Personne", "Kenn")


@dataclass
class Run:
    """One service, its people, and what happens next: (when, a number that keeps the order, what)."""

    world: World
    machine: Machine
    trouble: Trouble
    people: dict[str, Person]
    staff: dict[str, Caseworker]
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    acted: set[tuple[str, str, str]] = field(default_factory=set)
    received: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    read: int = 0
    steps: int = 0
    numbers: Any = field(default_factory=count)

    def at(self, moment: datetime, what: Callable[[], None]) -> None:
        """It happens then."""
        heapq.heappush(self.agenda, (moment, next(self.numbers), what))

    def write(self, phone: str, text: str) -> None:
        """A text: the provider repeats its webhook until somebody says yes. Without a code yet there is nothing to say about it."""
        if "{code}" in text and phone not in self.codes:
            return
        text, sid = text.replace("{code}", self.codes.get(phone, "")), f"IN{next(self.numbers):032d}"
        self.received[phone] += 1
        for _ in range(5):
            with self.trouble.survived():
                self.world.receive(text, phone, sid=sid)
                return

    def leave(self, phone: str) -> None:
        """An admin hears that somebody left."""
        with self.world.rt.database.reading() as tx:
            known = members.at(tx, Address("sms", phone))
        for member in known:
            with self.trouble.survived():
                leave(self.world.rt, member)

    def play(self) -> None:
        """Everything, to the end; then nothing breaks any more until all is done."""
        end = START + MONTHS + AFTERWARDS
        for number in range((end - START) // DAY):
            self.at(START + number * DAY + timedelta(hours=1, minutes=1), self._look)
        while (moment := self._next()) < end:
            self.world.clock.now = max(moment, self.world.clock.now)
            step = self.world.clock() + STEP
            while self.agenda and self.agenda[0][0] <= step:
                happens, _, what = heapq.heappop(self.agenda)
                self.world.clock.now = max(happens, self.world.clock.now)
                what()
                self.machine.answer()
                self._read()
            self.world.clock.pass_(timedelta(seconds=1))
            self._step()
        self.trouble.on = False
        for _ in range(8 * 12):
            self.world.pass_(hours=2)
            self._step()
        self._look()

    def _next(self) -> datetime:
        """The next thing on the agenda or the next that falls due; what is overdue is looked at again after a step."""
        due, soon = self.machine.next_due(), self.world.clock() + STEP
        return min([self.agenda[0][0] if self.agenda else datetime.max.replace(tzinfo=UTC), *([max(due, soon)] if due else [])])

    def _step(self) -> None:
        self.steps += 1
        self.machine.work()
        self._read()

    def _read(self) -> None:
        """Caseworkers read their notices, people their questions, and both do what is their manner."""
        taken = self.world.sms.taken
        for message, reference, _ in taken[self.read :]:
            (self._as_caseworker if reference.startswith("notice.") else self._as_person)(message.recipient.value, message.text)
        self.read = len(taken)

    def _look(self) -> None:
        """Every day: every referral has one holder, a named state, and a deadline that never came nearer."""
        for code, partner, due_at in self.world.rows("SELECT code, partner, due_at FROM referrals"):
            if partner not in self.world.rt.content.directory.partners:
                self.broken.append(f"{code}: nobody holds it on {self.world.clock():%d %B}")
            if due_at < self.due.get(code, due_at):
                self.broken.append(f"{code}: its deadline moved backwards")
            self.due[code] = due_at

    def _as_caseworker(self, phone: str, text: str) -> None:
        one, code, invited = self.staff[phone], find_code(text), _INVITATION.search(text)
        if invited and not text.startswith(_WORK):
            answer = Random(phone).choices((f"oui {invited[1]}", f"{invited[1]} NON", ""), (18, 1, 1))[0]
            if answer:
                self.at(self.world.clock() + timedelta(hours=1), partial(self.write, phone, answer))
        elif code is not None and text.startswith(_WORK) and not one.is_away(self.world.clock().date()):
            if (phone, code, text[:8]) in self.acted:
                return
            self.acted.add((phone, code, text[:8]))
            for days, words in one.does(code, text):
                self.at(self.world.clock() + timedelta(days=days), partial(self.write, phone, words.format(code)))

    def _as_person(self, phone: str, text: str) -> None:
        one = self.people.get(phone)
        if one is None:
            return
        if phone not in self.codes and (code := find_code(text)):
            self.codes[phone] = code
        if one.answers and any(asked in text for asked in _ASKED):
            self.at(self.world.clock() + timedelta(hours=3), partial(self.write, phone, one.answers))


def run(database: Database, clock: Clock, redis_url: str, *, referrals: int, seed: int) -> Run:
    """Three months with so many people; the same seed is the same three months."""
    chance, trouble = Random(seed), Trouble(seed)
    clock.now = START - timedelta(days=3)
    world = World(database, clock, person_per_minute="0", person_day_repeats="0", person_day_messages="0", person_day_segments="0")
    machine = _put_together(world, trouble, redis_url)
    staff = caseworkers(world.rt.content.directory, START.date(), MONTHS.days, chance)
    people = [person(number, chance) for number in range(referrals)]
    made = Run(world, machine, trouble, {one.phone: one for one in people}, {one.phone: one for one in staff})
    with database.writing() as tx, TemporaryDirectory(prefix="dellusi-members-") as folder:
        invite(world.rt.content, tx, staff, chance, Path(folder))
    for who in chance.sample(staff, len(staff) // 5):
        gone = partial(made.write, who.phone, "ARRET") if chance.random() < 0.5 else partial(made.leave, who.phone)
        made.at(START + MONTHS * chance.random(), gone)
    for one in people:
        moment = START + MONTHS * chance.random()
        for text in one.texts:
            made.at(moment, partial(made.write, one.phone, text))
            moment += timedelta(minutes=2)
        for after, text in one.later:
            made.at(moment + after, partial(made.write, one.phone, text))
    trouble.watch_commits(database.engine)
    made.play()
    return made


def _put_together(world: World, trouble: Trouble, redis_url: str) -> Machine:
    """The service with a provider that gives trouble, on a real Redis, without threads."""
    pool: ThreadPoolExecutor = Inline()
    world.pool, client, content = pool, connect(redis_url), without_phones(shipped())
    client.flushall()
    world.sms = TroubledChannel("sms", trouble=trouble, clock=world.clock)
    world.whatsapp = TroubledChannel("whatsapp", trouble=trouble, clock=world.clock)
    channels = {"sms": world.sms, "whatsapp": world.whatsapp}
    world.rt = replace(
        world.rt,
        contents=ContentStore(world.rt.database, around(content), lambda: content, now=lambda: 0.0),
        queue=WatchedQueue(client, trouble),
        channels=channels,
        notifiers={name: TextNotifier(channel) for name, channel in channels.items()},
    )
    return Machine(world, client, trouble)
