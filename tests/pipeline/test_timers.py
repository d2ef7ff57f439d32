"""What a lost wake-up, a dead worker or silence leaves behind is found."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from bot.domain.addresses import ChannelType
from bot.domain.errors import SendError
from bot.pipeline import timers
from bot.storage import health
from tests.pipeline.world import AWA, CASEWORKER, MODOU, World

LOST = SendError("no_answer", retryable=True, ambiguous=True)
TAKEN_THEN_LOST = SendError("taken_then_dropped", retryable=True, ambiguous=True)
CHANNELS: tuple[ChannelType, ...] = ("sms", "whatsapp")


def test_a_sweep_wakes_the_lanes_where_something_waits_and_no_others(world: World) -> None:
    world.receive("bonjour")
    world.queue.wakes.clear()
    assert timers.sweep(world.rt)
    assert world.queue.wakes == [("advance", str(world.one("SELECT lane FROM contacts")))]


def test_a_sweep_wakes_dispatch_when_something_is_due(world: World) -> None:
    world.receive("bonjour")
    world.advance()
    world.queue.wakes.clear()
    timers.sweep(world.rt)
    assert world.queue.wakes == [("dispatch", "outbox")]


def test_a_sweep_that_finds_nothing_wakes_nobody_and_is_noted(world: World) -> None:
    assert timers.sweep(world.rt)
    assert world.queue.wakes == []
    with world.rt.database.reading() as tx:
        assert health.ages(tx).swept == 0.0


def test_while_another_process_sweeps_this_one_does_not(world: World) -> None:
    with world.rt.database.writing() as tx:
        assert health.only_sweeper(tx)
        assert not timers.sweep(world.rt)


def test_a_dead_dispatchers_lease_becomes_a_doubt_that_the_providers_list_settles(world: World) -> None:
    world.say("bonjour")
    world.change("UPDATE outbox SET state = 'leased', lease_until = :until", until=world.clock.now)
    world.pass_(minutes=2)
    timers.sweep(world.rt)
    assert world.states() == ["unknown"]
    assert timers.settle_doubts(world.rt, world.pool) == 1
    world.dispatch()
    assert world.states() == ["sent"]
    assert len(world.sms.taken) == 1


def test_a_doubt_gets_time_for_a_callback_before_the_list_is_asked(world: World) -> None:
    world.sms.outcomes.append(TAKEN_THEN_LOST)
    world.say("bonjour")
    assert timers.settle_doubts(world.rt, world.pool) == 0
    assert world.states() == ["unknown"]


def test_what_was_taken_although_the_answer_was_lost_is_not_sent_again(world: World) -> None:
    world.sms.outcomes.append(TAKEN_THEN_LOST)
    world.say("bonjour")
    world.pass_(seconds=21)
    assert timers.settle_doubts(world.rt, world.pool) == 1
    world.dispatch()
    assert world.states() == ["sent"]
    assert world.one("SELECT provider_id FROM messages WHERE NOT inbound") == world.sms.taken[0][2]
    assert len(world.sms.taken) == 1


def test_what_was_never_taken_is_sent_again(world: World) -> None:
    world.sms.outcomes.append(LOST)
    world.say("bonjour")
    world.pass_(seconds=21)
    assert timers.settle_doubts(world.rt, world.pool) == 1
    world.dispatch()
    assert world.states() == ["sent"]
    assert len(world.sms.taken) == 1


def test_without_a_list_a_reply_stays_in_doubt_but_a_notice_goes_again_in_the_end(world: World) -> None:
    world.sms.list_error = SendError("list_failed", retryable=True)
    world.receive("j'ai envie de mourir")
    world.advance()
    world.sms.outcomes.extend([LOST, LOST])
    world.dispatch()
    world.pass_(minutes=1)
    assert timers.settle_doubts(world.rt, world.pool) == 0
    world.pass_(minutes=5)
    assert timers.settle_doubts(world.rt, world.pool) == 1
    world.dispatch()
    assert sorted(world.states()) == ["sent", "unknown"]
    assert [len(world.sms.texts(phone)) for phone in (AWA, CASEWORKER)] == [0, 1]


def test_the_provider_is_asked_about_many_doubts_side_by_side(world: World) -> None:
    for phone in (AWA, MODOU):
        world.sms.outcomes.append(TAKEN_THEN_LOST)
        world.say("bonjour", phone)
    world.pass_(seconds=21)
    # Each question is answered only when the other one is asked, too.
    together = Barrier(2, timeout=20)
    world.sms.asked = together.wait
    assert timers.settle_doubts(world.rt, world.pool) == 2
    assert world.states() == ["sent", "sent"]


def test_a_question_that_breaks_keeps_no_other_doubt_waiting(world: World) -> None:
    for phone in (AWA, MODOU):
        world.sms.outcomes.append(TAKEN_THEN_LOST)
        world.say("bonjour", phone)
    world.pass_(seconds=21)
    broken = iter([True, False])

    def breaks() -> None:
        if next(broken):
            raise ValueError

    world.sms.asked = breaks
    assert timers.settle_doubts(world.rt, world.pool) == 1
    assert sorted(world.states()) == ["sent", "unknown"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_silent_form_gets_one_reminder_and_then_ends_quietly(world: World, channel: ChannelType) -> None:
    world.say("inscription", channel=channel)
    world.say("oui", channel=channel)
    before = len(world.sms.taken) + len(world.whatsapp.taken)
    for _ in range(4):
        world.pass_(days=7)
        world.time_out()
        world.dispatch()
    # After a week WhatsApp lets no free words through: the reminder goes by SMS to the same number.
    assert len(world.sms.taken) + len(world.whatsapp.taken) == before + 1
    assert world.one("SELECT count(*) FROM sessions") == 0


def test_silence_is_noticed_in_its_time_and_not_before(world: World) -> None:
    world.say("inscription")
    world.say("oui")
    waiting_until = world.one("SELECT waiting_until FROM sessions")
    world.time_out()
    assert world.one("SELECT waiting_until FROM sessions") == waiting_until
    world.clock.now = waiting_until
    timers.sweep(world.rt)
    assert ("advance", str(world.one("SELECT lane FROM contacts"))) in world.queue.wakes


def test_a_reminder_is_not_sent_twice_by_two_workers(world: World) -> None:
    world.say("inscription")
    world.say("oui")
    before = len(world.sms.taken)
    world.pass_(days=7)
    for _ in range(3):
        world.time_out()
    world.dispatch()
    assert len(world.sms.taken) == before + 1


def test_who_answers_after_the_reminder_goes_on_where_they_were(world: World) -> None:
    world.say("inscription")
    world.say("oui")
    world.pass_(days=7)
    world.time_out()
    world.say("1")
    assert world.one("SELECT node FROM sessions") == "place"


def test_a_session_that_does_not_open_ends_and_keeps_no_lane_waiting(world: World) -> None:
    for phone in (AWA, MODOU):
        world.say("inscription", phone)
        world.say("oui", phone)
    before = len(world.sms.taken)
    world.change("UPDATE sessions SET state = '\\x0102' WHERE contact_id = (SELECT contact_id FROM sessions LIMIT 1)")
    world.pass_(days=7)
    world.time_out()
    world.dispatch()
    assert world.one("SELECT count(*) FROM sessions") == 1
    assert len(world.sms.taken) == before + 1


def test_danger_that_falls_silent_is_not_left_alone(world: World) -> None:
    world.say("j'ai envie de mourir")
    before = len(world.sms.texts(AWA))
    world.pass_(hours=2)
    world.time_out()
    world.dispatch()
    assert "1515" in world.sms.texts(AWA)[before]


def test_doubts_that_were_still_to_be_asked_about_when_we_are_stopped_stay(world: World) -> None:
    world.say("bonjour")
    world.change("UPDATE outbox SET state = 'leased', lease_until = :until", until=world.clock.now)
    world.pass_(minutes=2)
    timers.sweep(world.rt)
    stopped = Event()
    pool = ThreadPoolExecutor(1)
    busy = pool.submit(stopped.wait, 20)
    while not busy.running():
        time.sleep(0.01)
    with ThreadPoolExecutor(1) as round_:
        settled = round_.submit(timers.settle_doubts, world.rt, pool)
        while pool._work_queue.qsize() < 1:
            time.sleep(0.01)
        pool.shutdown(wait=False, cancel_futures=True)
        stopped.set()
        assert settled.result(20) == 0
    assert world.states() == ["unknown"]
