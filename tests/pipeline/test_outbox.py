"""Dispatching: many at once, in order for one person, and every outcome noted."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage, Status
from bot.domain.sending import PLANS, Verdict
from tests.pipeline.world import AWA, CASEWORKER, World

MOST_ATTEMPTS = PLANS[Verdict.SOON].attempts
REPLY = "SELECT status, provider_id, error_code FROM messages WHERE NOT inbound"


def error(code: str, *, retryable: bool = False, ambiguous: bool = False, ours: bool = False, after: float | None = None) -> SendError:
    return SendError(code, retryable=retryable, ambiguous=ambiguous, ours=ours, retry_after=after)


def test_what_was_taken_is_noted_with_the_providers_id(world: World) -> None:
    world.say("bonjour")
    ((_, reference, sid),) = world.sms.taken
    assert world.rows(REPLY) == [(int(Status.SENDING), sid, None)]
    assert reference == f"reply.{world.one('SELECT id FROM messages WHERE NOT inbound')}"


def test_a_retryable_error_is_tried_again_later_and_then_sent_once(world: World) -> None:
    world.sms.outcomes.extend([error("20429", retryable=True), error("no_connection", retryable=True)])
    world.say("bonjour")
    assert world.states() == ["due"]
    for seconds in (6, 11):
        world.dispatch()
        assert world.sms.taken == []
        world.pass_(seconds=seconds)
        world.dispatch()
    assert world.states() == ["sent"]
    assert len(world.sms.taken) == 1


def test_waits_grow_to_ten_minutes_and_the_twelfth_failure_is_the_last(world: World) -> None:
    world.sms.outcomes.extend([error("20429", retryable=True)] * MOST_ATTEMPTS)
    world.say("bonjour")
    for attempt in range(1, MOST_ATTEMPTS):
        wait = world.one("SELECT due_at FROM outbox") - world.clock.now
        longest = min(600.0, 5.0 * 2 ** (attempt - 1))
        assert timedelta(seconds=longest / 2) <= wait <= timedelta(seconds=longest)
        world.clock.pass_(wait)
        world.dispatch()
    assert world.states() == ["failed"]
    assert world.rows(REPLY) == [(int(Status.FAILED), None, "20429")]


def test_a_provider_that_says_when_is_obeyed(world: World) -> None:
    world.sms.outcomes.append(error("20429", retryable=True, after=42.0))
    world.say("bonjour")
    assert world.one("SELECT due_at FROM outbox") - world.clock.now == timedelta(seconds=42)


@pytest.mark.parametrize("code", ["21211", "21614", "30007", "99999"])
def test_a_final_error_is_final_and_visible(world: World, code: str) -> None:
    world.sms.outcomes.append(error(code))
    world.say("bonjour")
    assert world.states() == ["failed"]
    assert world.rows(REPLY) == [(int(Status.FAILED), None, code)]


def test_a_lost_answer_is_a_doubt_and_keeps_what_comes_after_it(world: World) -> None:
    world.sms.outcomes.append(error("no_answer", retryable=True, ambiguous=True))
    world.say("bonjour")
    world.say("menu")
    assert world.states() == ["unknown", "due"]
    assert world.sms.taken == []


def test_a_mistake_of_our_own_is_a_doubt_and_not_the_end_of_dispatching(world: World) -> None:
    world.sms.outcomes.append(KeyError("planted"))
    world.receive("bonjour")
    world.receive("bonjour", "+221771110009")
    world.advance()
    world.dispatch()
    assert sorted(world.states()) == ["sent", "unknown"]


def test_replies_to_one_person_keep_their_order_while_others_overtake_them(world: World) -> None:
    def slow_for_awa(message: OutboundMessage, reference: str) -> None:
        if message.recipient.value == AWA:
            time.sleep(0.2)

    world.sms.before = slow_for_awa
    for text in ("inscription", "oui", "1"):
        world.receive(text)
    for number in range(3):
        world.receive("menu", f"+22177111005{number}")
    world.advance()
    stored = [str(message_id) for (message_id,) in world.rows("SELECT subject_id FROM outbox ORDER BY seq")]
    world.dispatch()
    sent_to = [message.recipient.value for message, _, _ in world.sms.taken]
    assert sent_to[-1] == AWA
    awas = [reference.removeprefix("reply.") for message, reference, _ in world.sms.taken if message.recipient.value == AWA]
    assert awas == [message_id for message_id in stored if message_id in awas]


def test_many_are_in_flight_at_once_and_no_transaction_is_open_meanwhile(world: World) -> None:
    in_flight, most, open_ones = 0, 0, []
    lock = threading.Lock()
    idle = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"

    def wait(message: OutboundMessage, reference: str) -> None:
        nonlocal in_flight, most
        with lock:
            in_flight += 1
            most = max(most, in_flight)
            open_ones.append(world.one(idle))
        time.sleep(0.1)
        with lock:
            in_flight -= 1

    for number in range(8):
        world.receive("menu", f"+22177111006{number}")
    world.advance()
    world.sms.before = wait
    world.dispatch()
    assert most >= 3
    assert min(open_ones) == 0


def test_two_dispatchers_at_once_send_everything_once(world: World) -> None:
    for number in range(30):
        world.receive("menu", f"+2217711107{number:02}")
    world.advance()
    threads = [threading.Thread(target=world.dispatch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [message.recipient.value for message, _, _ in world.sms.taken]
    assert len(sent) == len(set(sent)) == 30
    assert set(world.states()) == {"sent"}


def test_a_reply_that_does_not_open_fails_and_holds_up_nobody(world: World) -> None:
    world.receive("menu")
    world.receive("menu", "+221771110009")
    world.advance()
    world.change("UPDATE messages SET content = '\\x0102' WHERE id = (SELECT subject_id FROM outbox ORDER BY seq LIMIT 1)")
    world.dispatch()
    assert world.states() == ["failed", "sent"]


def test_a_channel_that_is_not_configured_is_an_operators_matter(world: World) -> None:
    world.receive("menu", channel="whatsapp")
    world.advance()
    world.rt = replace(world.rt, channels={"sms": world.sms})
    world.dispatch()
    assert world.states() == ["failed"]
    assert world.rows(REPLY)[0][2] == "no_channel"


def test_notices_to_one_caseworker_keep_their_order(world: World) -> None:
    codes = [world.refer(f"+22177111008{number}") for number in range(3)]
    notices = world.sms.texts(CASEWORKER)
    assert [next(code for code in codes if code in notice) for notice in notices] == codes
