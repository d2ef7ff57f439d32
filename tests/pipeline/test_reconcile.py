"""What the provider received and we did not is taken in once, however often anybody looks."""

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.addresses import Address
from bot.domain.errors import SendError
from bot.domain.messages import InboundMessage
from bot.pipeline import inbox
from bot.pipeline.reconcile import reconcile
from bot.runtime import Runtime
from tests.pipeline.world import AWA, MODOU, World

BACK = "Nous sommes de retour après une panne."


@dataclass
class KeptLog:
    """Fulfils the Log port: the messages of a list, by their time."""

    kept: list[InboundMessage] = field(default_factory=list)
    error: SendError | None = None
    name: str = "twilio"

    def received(self, since: datetime, until: datetime) -> Iterable[InboundMessage]:
        if self.error:
            raise self.error
        return [message for message in self.kept if message.sent_at and since <= message.sent_at <= until]


def lost(world: World, sid: str, ago: float, text: str = "bonjour", sender: str = AWA) -> InboundMessage:
    sent_at = world.clock() - timedelta(minutes=ago)
    return InboundMessage("sms", sid, Address("sms", sender), "+221330000000", "text", text, sent_at=sent_at)


def with_log(world: World, *kept: InboundMessage) -> tuple[Runtime, KeptLog]:
    log = KeptLog(list(kept))
    world.rt = replace(world.rt, logs=(log,))
    return world.rt, log


def answers(world: World, sender: str = AWA) -> str:
    before = len(world.sms.texts(sender))
    world.advance()
    world.dispatch()
    return "\n".join(world.sms.texts(sender)[before:])


def test_a_message_whose_webhook_never_came_is_answered(world: World) -> None:
    rt, _ = with_log(world, lost(world, "SM1", 5))
    found = reconcile(rt)
    assert (found.listed, found.missed, found.late, found.failed) == (1, 1, 0, ())
    assert answers(world).startswith("Bonjour et bienvenue")


def test_looking_again_takes_in_nothing_twice(world: World) -> None:
    rt, _ = with_log(world, lost(world, "SM1", 5))
    assert [reconcile(rt).missed for _ in range(3)] == [1, 0, 0]
    assert world.one("SELECT count(*) FROM messages WHERE inbound") == 1


def test_its_webhook_at_the_same_moment_makes_one_message(world: World) -> None:
    message = lost(world, "SM1", 5)
    rt, _ = with_log(world, message)
    start = threading.Barrier(4)

    def look(way: int) -> None:
        start.wait()
        if way % 2:
            reconcile(rt)
        else:
            inbox.receive(rt, message)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))
    assert world.one("SELECT count(*) FROM messages WHERE inbound") == 1


def test_what_was_received_and_forgotten_long_ago_does_not_come_back(world: World) -> None:
    message = lost(world, "SM1", 5)
    inbox.receive(world.rt, message)
    world.advance()
    world.change("DELETE FROM outbox")
    world.change("DELETE FROM messages")
    rt, _ = with_log(world, message)
    assert reconcile(rt).missed == 0


def test_what_has_just_come_is_left_to_its_webhook(world: World) -> None:
    rt, _ = with_log(world, lost(world, "SM1", 0.5))
    assert reconcile(rt).listed == 0
    world.pass_(minutes=2)
    assert reconcile(rt).missed == 1


def test_old_ones_are_kept_and_their_sender_reads_once_that_we_are_back(world: World) -> None:
    rt, _ = with_log(
        world, *(lost(world, f"SM{number}", 60 - number, str(number)) for number in range(5)), lost(world, "SM9", 50, "menu", MODOU)
    )
    found = reconcile(rt)
    assert (found.missed, found.late) == (6, 6)
    assert answers(world).count(BACK) == 1
    assert len(world.sms.texts(AWA)) == 1
    assert world.sms.texts(MODOU) == world.sms.texts(AWA)
    assert world.one("SELECT count(*) FROM messages WHERE inbound AND handled_at IS NOT NULL") == 6


def test_words_about_a_danger_are_heard_however_old(world: World) -> None:
    rt, _ = with_log(world, lost(world, "SM1", 300, "j'ai envie de mourir"))
    assert reconcile(rt).late == 1
    said = answers(world)
    assert said
    assert BACK not in said


def test_an_old_stop_stops(world: World) -> None:
    world.say("bonjour")
    rt, _ = with_log(world, lost(world, "SM1", 300, "STOP"))
    reconcile(rt)
    world.advance()
    assert world.one("SELECT stopped_at IS NOT NULL FROM contacts") is True


def test_a_log_that_does_not_answer_is_asked_from_the_same_point_again(world: World) -> None:
    rt, log = with_log(world)
    reconcile(rt)
    world.pass_(hours=5)
    log.kept.append(lost(world, "SM1", 200))
    log.error = SendError("list_failed", retryable=True)
    assert reconcile(rt).failed == ("twilio",)
    log.error = None
    assert reconcile(rt).missed == 1


def test_lost_webhooks_are_an_incident(world: World) -> None:
    rt, _ = with_log(world, lost(world, "SM1", 5))
    reconcile(rt)
    assert world.rows("SELECT kind FROM incidents WHERE closed_at IS NULL") == [("webhooks_missed",)]


def test_a_trial_only_counts(world: World) -> None:
    rt, _ = with_log(world, lost(world, "SM1", 5))
    assert reconcile(rt, write=False).missed == 1
    assert world.one("SELECT count(*) FROM messages") == 0
    assert reconcile(rt).missed == 1
