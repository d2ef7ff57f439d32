"""The last look before something is sent: too old, not wanted, too much."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.errors import SendError
from bot.domain.sending import Verdict
from bot.storage import contacts, paces
from bot.storage.database import Database
from tests.conftest import Clock
from tests.pipeline.world import AWA, CASEWORKER, MODOU, World

CODES = "SELECT state, error_code FROM outbox ORDER BY seq"
INCIDENTS = "SELECT kind, subject, code, times FROM incidents ORDER BY first_at"


def limited(database: Database, clock: Clock, **limits: str) -> World:
    """A service with these limits; nobody is spread by chance."""
    world = World(database, clock, None, **limits)
    world.rt = replace(world.rt, chance=lambda: 0.0)
    return world


def test_an_answer_of_last_night_is_not_sent_in_the_morning(world: World) -> None:
    world.receive("bonjour")
    world.advance()
    world.pass_(hours=11)
    world.dispatch()
    assert world.sms.taken == []
    assert world.rows(CODES) == [("cancelled", "expired")]
    assert world.one("SELECT error_code FROM messages WHERE NOT inbound") == "expired"


def test_the_provider_is_told_how_long_a_message_is_worth_sending(world: World) -> None:
    world.receive("bonjour")
    world.advance()
    world.pass_(hours=9)
    world.dispatch()
    assert world.sms.taken[0][0].valid == 3600


def test_somebody_who_stopped_us_after_it_was_written_does_not_get_it(world: World) -> None:
    world.receive("bonjour")
    world.advance()
    world.pass_(seconds=1)
    with world.rt.database.writing() as tx:
        contacts.stop(tx, world.one("SELECT id FROM contacts"))
    world.dispatch()
    assert world.sms.taken == []
    assert world.rows(CODES) == [("cancelled", "stopped")]


def test_a_burst_of_answers_goes_at_once_and_then_they_come_at_their_pace(database: Database, clock: Clock) -> None:
    world = limited(database, clock, person_per_minute="6")
    for _ in range(9):
        world.receive("menu")
    world.advance()
    world.dispatch()
    assert len(world.sms.texts(AWA)) == 6
    waiting = world.rows("SELECT DISTINCT state, attempts FROM outbox WHERE state <> 'sent'")
    assert waiting == [("due", 0)]
    for more in (7, 8, 9):
        world.pass_(seconds=10)
        world.dispatch()
        assert len(world.sms.texts(AWA)) == more


def test_one_persons_pace_is_nobody_elses(database: Database, clock: Clock) -> None:
    world = limited(database, clock, person_per_minute="1")
    world.say("menu")
    world.say("menu")
    assert world.say("menu", MODOU) != ""


def test_a_sender_sends_no_faster_than_it_may(database: Database, clock: Clock) -> None:
    world = limited(database, clock, sms_per_second="5")
    for number in range(12):
        world.receive("menu", f"+2217711120{number:02}")
    world.advance()
    sent = []
    for _ in range(3):
        world.dispatch()
        sent.append(len(world.sms.taken))
        world.pass_(seconds=1)
    assert sent == [5, 10, 12]


def test_a_refusal_for_the_pace_pauses_the_whole_sender_and_counts_as_no_attempt(world: World) -> None:
    world.sms.outcomes.append(SendError("20429", retryable=True, retry_after=30.0, verdict=Verdict.PACE))
    world.receive("menu")
    world.advance()
    world.dispatch()
    world.say("menu", MODOU)
    assert world.sms.taken == []
    assert world.rows("SELECT state, attempts FROM outbox") == [("due", 0), ("due", 0)]
    assert world.say("menu", MODOU, channel="whatsapp") != ""
    world.pass_(seconds=33)
    world.dispatch()
    assert {message.recipient.value for message, _, _ in world.sms.taken} == {AWA, MODOU}


def test_places_that_came_during_a_halt_are_given_again(database: Database, clock: Clock) -> None:
    world = limited(database, clock, sms_per_second="5")
    for number in range(30):
        world.receive("menu", f"+2217711120{number:02}")
    world.advance()
    world.dispatch()
    sent = [len(world.sms.taken)]
    with world.rt.database.writing() as tx:
        paces.pause(tx, "sms", tx.now + timedelta(seconds=3))
    for _ in range(6):
        world.pass_(seconds=1)
        world.dispatch()
        sent.append(len(world.sms.taken))
    assert sent[0] == sent[2] == 5
    assert max(after - before for before, after in pairwise(sent)) <= 10
    for _ in range(10):
        world.pass_(seconds=1)
        world.dispatch()
    assert len(world.sms.taken) == 30


def test_more_in_a_day_than_anybody_needs_is_held_and_an_admin_looks(database: Database, clock: Clock) -> None:
    world = limited(database, clock, person_day_messages="3", person_per_minute="0")
    for _ in range(5):
        world.say("menu")
    assert len(world.sms.taken) == 3
    failed = world.rows("SELECT id, error_code FROM outbox WHERE state = 'failed'")
    assert [code for _, code in failed] == ["day_messages", "day_messages"]
    assert [(kind, code) for kind, _, code, _ in world.rows(INCIDENTS)] == [("day_limit", "day_messages")] * 2
    assert {subject for _, subject, _, _ in world.rows(INCIDENTS)} == {f"outbox:{row}" for row, _ in failed}
    world.pass_(days=1)
    assert world.say("menu") != ""


def test_two_machines_that_answer_each_other_are_cut_off(database: Database, clock: Clock) -> None:
    world = limited(database, clock, person_day_repeats="4", person_per_minute="0")
    for _ in range(20):
        world.say("zzz qqq")
    assert len(world.sms.texts(AWA)) < 20
    assert {code for _, code in world.rows("SELECT state, error_code FROM outbox WHERE state = 'failed'")} == {"day_repeats"}


@pytest.mark.parametrize("limit", ["person_day_messages", "person_day_segments"])
def test_words_about_a_danger_pass_every_limit(database: Database, clock: Clock, limit: str) -> None:
    world = limited(database, clock, person_per_minute="1", **{limit: "1"})
    world.say("menu")
    world.say("menu")
    assert "1515" in world.say("je veux mourir")
    assert "1515" in world.say("oui")


def test_what_everybody_together_may_cost_in_a_day_has_an_end(database: Database, clock: Clock) -> None:
    world = limited(database, clock, sms_day_segments="2")
    for number in range(4):
        world.say("STATUT", f"+2217711121{number:02}")
    assert len(world.sms.taken) < 4
    assert ("day_limit", "sender:sms", "day_segments") in [row[:3] for row in world.rows(INCIDENTS)]
    assert "1515" in world.say("je veux mourir")


def test_one_phone_that_serves_many_partners_gets_every_notice(database: Database, clock: Clock) -> None:
    world = limited(database, clock, person_day_messages="2", person_per_minute="1")
    codes = [world.refer(f"+22177111220{number}") for number in range(5)]
    assert [next(code for code in codes if code in text) for text in world.sms.texts(CASEWORKER)] == codes


def test_what_was_spent_is_forgotten_but_not_by_the_senders(world: World) -> None:
    world.say("menu")
    world.pass_(days=3)
    with world.rt.database.writing() as tx:
        assert paces.forget(tx, tx.now - timedelta(days=2)) == 1
    assert world.rows("SELECT key FROM paces") == [("sender:sms",)]
