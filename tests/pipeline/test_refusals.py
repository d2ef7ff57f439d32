"""What follows when a provider says no, at once or in a late report."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.twilio_codes import codes, error_for, verdict_of
from bot.domain.addresses import Address
from bot.domain.messages import Status, StatusUpdate
from bot.domain.sending import Verdict
from bot.pipeline import delivery
from bot.storage import contacts
from tests.pipeline.world import AWA, CASEWORKER, World

CODES = "SELECT state, error_code FROM outbox ORDER BY seq"
STOPPED = "SELECT count(*) FROM contacts WHERE stopped_at IS NOT NULL"
INCIDENTS = "SELECT kind, subject, code FROM incidents ORDER BY kind"
ENDS = {
    Verdict.SOON: "due",
    Verdict.PACE: "due",
    Verdict.LATER: "due",
    Verdict.OURS: "due",
    Verdict.FORM: "due",
    Verdict.STOP: "failed",
    Verdict.CHANNEL: "failed",
    Verdict.NEVER: "failed",
    Verdict.QUIET: "failed",
}


def report(world: World, code: str, number: int = -1, status: Status = Status.UNDELIVERED) -> None:
    """The provider says of the attempt of that number that it failed."""
    _, reference, provider_id = world.sms.taken[number]
    delivery.record(world.rt, StatusUpdate(reference, provider_id, status, "undelivered", code, verdict=verdict_of(code)))


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("code", [code for code, entry in codes().items() if entry.verdict is not Verdict.WINDOW])
def test_every_code_of_the_table_leads_to_the_state_that_its_verdict_says(world: World, code: str, late: bool) -> None:  # noqa: FBT001 - a table
    if not late:
        world.sms.outcomes.append(error_for(code))
    world.receive("bonjour")
    world.advance()
    if verdict_of(code) is Verdict.FORM and not late:
        # The same words without buttons, at once.
        world.dispatch()
        assert world.states() == ["sent"]
        return
    world.dispatch()
    if late:
        report(world, code)
    assert world.states() == [ENDS[verdict_of(code)]]


@pytest.mark.parametrize(("code", "minutes"), [("30003", 10), ("30008", 10)])
def test_what_a_report_says_failed_is_sent_again_and_only_once_for_each_report(world: World, code: str, minutes: int) -> None:
    world.say("bonjour")
    for _ in range(3):
        report(world, code, 0)
    world.pass_(minutes=minutes)
    world.dispatch()
    assert len(world.sms.taken) == 2
    for _ in range(3):
        report(world, code, 0)
    world.pass_(hours=1)
    world.dispatch()
    assert len(world.sms.taken) == 2
    assert world.states() == ["sent"]


def test_a_late_word_on_a_failed_attempt_does_not_keep_the_next_from_going(world: World) -> None:
    world.say("bonjour")
    report(world, "30003")
    _, reference, provider_id = world.sms.taken[0]
    world.report(reference, Status.SENT, provider_id)
    assert world.states() == ["due"]
    world.pass_(minutes=10)
    world.dispatch()
    assert len(world.sms.taken) == 2


def test_a_message_that_arrived_after_all_is_not_sent_again(world: World) -> None:
    world.say("bonjour")
    report(world, "30003")
    _, reference, provider_id = world.sms.taken[0]
    world.report(reference, Status.DELIVERED, provider_id)
    world.pass_(hours=1)
    world.dispatch()
    assert world.states() == ["sent"]
    assert len(world.sms.taken) == 1
    report(world, "30003", 0)
    assert world.states() == ["sent"]


def test_a_phone_that_stays_off_is_given_up_and_seen(world: World) -> None:
    world.say("bonjour")
    for _ in range(5):
        report(world, "30003")
        world.pass_(hours=6)
        world.change("UPDATE outbox SET expires_at = :then", then=world.clock.now + timedelta(days=1))
        world.dispatch()
    assert world.rows(CODES) == [("failed", "30003")]
    assert len(world.sms.taken) == 5
    assert world.rows(INCIDENTS) == [("dead_letter", "sms", "30003")]


def test_a_sender_that_is_refused_keeps_messages_and_calls_for_an_admin(world: World) -> None:
    world.sms.outcomes.extend([error_for("21606")] * 3)
    world.receive("bonjour")
    world.advance()
    for _ in range(3):
        world.dispatch()
        world.pass_(minutes=15)
    world.dispatch()
    assert world.states() == ["sent"]
    assert world.rows(INCIDENTS) == [("sender_refused", "sms", "21606")]
    assert world.one("SELECT times FROM incidents") == 3


@pytest.mark.parametrize("code", ["21610", "63014"])
def test_a_report_that_the_person_blocked_us_stops_everything_for_them(world: World, code: str) -> None:
    world.say("bonjour")
    world.receive("menu")
    world.advance()
    report(world, code)
    assert world.rows(CODES) == [("failed", code), ("cancelled", None)]
    assert world.one(STOPPED) == 1


def test_a_caseworker_who_blocked_us_hears_nothing_more_and_an_admin_hears_of_it(world: World) -> None:
    world.sms.outcomes.append(error_for("21610"))
    world.receive("je veux mourir")
    world.advance()
    world.dispatch()
    assert world.one(STOPPED) == 1
    partner = world.one("SELECT partner FROM notifications")
    assert [row for row in world.rows(INCIDENTS) if row[1] == partner] == [
        ("notice_failed", partner, "21610"),
        ("partner_stopped", partner, ""),
    ]
    before = len(world.sms.texts(CASEWORKER))
    world.refer("+221771113300")
    assert len(world.sms.texts(CASEWORKER)) == before


def test_a_number_that_is_no_mobile_is_written_to_on_whatsapp_if_it_wrote_there_today(world: World) -> None:
    world.say("bonjour", channel="whatsapp")
    world.receive("menu")
    world.advance()
    world.sms.outcomes.append(error_for("21614"))
    before = len(world.whatsapp.texts(AWA))
    world.dispatch()
    assert len(world.whatsapp.texts(AWA)) == before + 1
    assert set(world.states()) == {"sent"}


def test_somebody_who_is_not_on_whatsapp_any_more_gets_an_sms_once(world: World) -> None:
    world.whatsapp.outcomes.append(error_for("63003"))
    world.sms.outcomes.append(error_for("21614"))
    world.say("bonjour", channel="whatsapp")
    assert world.states() == ["failed"]
    world.say("menu", channel="whatsapp")
    world.whatsapp.outcomes.append(error_for("63003"))
    world.say("menu", channel="whatsapp")
    assert len(world.sms.texts(AWA)) == 1


def test_nothing_goes_elsewhere_to_somebody_who_stopped_there(world: World) -> None:
    world.say("arrêt")
    world.whatsapp.outcomes.append(error_for("63003"))
    world.say("bonjour", channel="whatsapp")
    assert world.states()[-1] == "failed"
    assert len(world.sms.texts(AWA)) == 1


def test_a_number_hidden_behind_an_id_has_no_other_way(world: World) -> None:
    world.whatsapp.outcomes.append(error_for("63003"))
    world.say("bonjour", "SN.hidden1", channel="whatsapp")
    assert world.states() == ["failed"]
    assert world.sms.taken == []


def test_an_sms_address_that_was_found_this_way_belongs_to_the_same_person(world: World) -> None:
    world.whatsapp.outcomes.append(error_for("63003"))
    world.say("bonjour", channel="whatsapp")
    with world.rt.database.reading() as tx:
        one, other = (contacts.find(tx, Address(channel, AWA)) for channel in ("sms", "whatsapp"))
    assert one is not None
    assert other is not None
    assert one.contact_id == other.contact_id


def test_buttons_that_are_refused_are_numbers(world: World) -> None:
    world.whatsapp.outcomes.append(error_for("63021"))
    world.say("bonjour", channel="whatsapp")
    assert world.whatsapp.taken[-1][0].plain
    assert world.states() == ["sent"]


def test_a_message_that_nobody_can_send_waits_for_no_channel(world: World) -> None:
    world.rt = replace(world.rt, channels={})
    world.say("bonjour")
    assert world.rows(CODES) == [("failed", "no_channel")]
