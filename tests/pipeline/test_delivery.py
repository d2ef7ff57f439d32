"""Reports of the provider: only forward, and proof that something was taken."""

import threading
from uuid import uuid4

import pytest

from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage, Status
from tests.pipeline.world import AWA, World

STATUS = "SELECT status, provider_id, error_code FROM messages WHERE NOT inbound"


def reference(world: World) -> str:
    return f"reply.{world.one('SELECT id FROM messages WHERE NOT inbound')}"


def test_a_report_moves_the_status_forward_and_never_back(world: World) -> None:
    world.say("bonjour")
    sid = world.sms.taken[0][2]
    for status in (Status.DELIVERED, Status.SENT, Status.QUEUED, Status.DELIVERED, Status.FAILED):
        world.report(reference(world), status, sid)
    assert world.rows(STATUS) == [(int(Status.DELIVERED), sid, None)]
    world.report(reference(world), Status.READ, sid)
    assert world.one("SELECT status FROM messages WHERE NOT inbound") == int(Status.READ)


def test_a_report_before_the_sends_own_answer_is_kept(world: World) -> None:
    world.sms.before = lambda message, reference: world.report(reference, Status.DELIVERED, "SMearly")
    world.say("bonjour")
    assert world.one("SELECT status FROM messages WHERE NOT inbound") == int(Status.DELIVERED)
    assert world.states() == ["sent"]


def test_a_report_settles_a_doubt_so_that_nothing_is_sent_again(world: World) -> None:
    world.sms.outcomes.append(SendError("taken_then_dropped", retryable=True, ambiguous=True))
    world.say("bonjour")
    assert world.states() == ["unknown"]
    world.report(reference(world), Status.SENT, "SM1")
    assert world.states() == ["sent"]
    assert world.rows(STATUS) == [(int(Status.SENT), "SM1", None)]


def test_a_report_that_comes_before_a_lost_answer_is_noticed_leaves_no_doubt(world: World) -> None:
    def reported(message: OutboundMessage, reference: str) -> None:
        world.report(reference, Status.SENT, "SM1")

    world.sms.before = reported
    world.sms.outcomes.append(SendError("taken_then_dropped", retryable=True, ambiguous=True))
    world.say("bonjour")
    assert world.states() == ["sent"]


def test_a_code_of_the_provider_is_kept_with_the_failure(world: World) -> None:
    world.say("bonjour")
    world.report(reference(world), Status.UNDELIVERED, "SM1", "30003")
    assert world.rows(STATUS)[0][::2] == (int(Status.UNDELIVERED), "30003")


def test_unknown_words_and_unknown_messages_change_nothing(world: World) -> None:
    world.say("bonjour")
    before = world.rows(STATUS)
    world.report(reference(world), None)
    world.report(f"reply.{uuid4()}", Status.READ)
    world.report(f"notice.{uuid4()}", Status.READ)
    assert world.rows(STATUS) == before


def test_reports_on_a_notice_are_the_notices(world: World) -> None:
    world.refer(AWA)
    notice = world.one("SELECT id FROM notifications")
    world.report(f"notice.{notice}", Status.DELIVERED, "SM1")
    assert world.rows("SELECT status, provider_id IS NOT NULL FROM notifications") == [(int(Status.DELIVERED), True)]


@pytest.mark.parametrize("kind", ["reply", "notice"])
def test_an_inbound_message_is_never_touched_by_a_report(world: World, kind: str) -> None:
    world.say("bonjour")
    inbound = world.one("SELECT id FROM messages WHERE inbound")
    world.report(f"{kind}.{inbound}", Status.READ)
    assert world.one("SELECT status FROM messages WHERE inbound") == 0


def test_reports_that_come_while_their_sends_are_noted_hold_up_nobody(world: World) -> None:
    threads: list[threading.Thread] = []

    def reported(message: OutboundMessage, reference: str) -> None:
        for status in (Status.SENT, Status.DELIVERED):
            thread = threading.Thread(target=world.report, args=(reference, status))
            threads.append(thread)
            thread.start()

    world.sms.before = reported
    for number in range(40):
        world.receive("menu", f"+2217711144{number:02}")
    world.advance()
    world.dispatch()
    for thread in threads:
        thread.join()
    assert len(threads) == 80
    assert world.states() == ["sent"] * 40
    assert world.rows("SELECT DISTINCT status FROM messages WHERE NOT inbound") == [(int(Status.DELIVERED),)]
