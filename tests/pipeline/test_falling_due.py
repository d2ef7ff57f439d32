"""While nobody answers: who is asked next, what the person hears, and that each happens once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.pipeline import falling_due
from tests.pipeline.world import AWA, CASEWORKER, World

# A Wednesday; the offices of the region are open from 8 to 17.
MORNING = datetime(2026, 12, 2, 9, tzinfo=UTC)


def wait(world: World, step: timedelta = timedelta(hours=1), *, hours: float) -> None:
    """Time passes with every periodic job at work."""
    until = world.clock() + timedelta(hours=hours)
    while world.clock() < until:
        world.clock.pass_(step)
        falling_due.play(world.rt)
        world.time_out()
        while world.dispatch():
            pass


def events(world: World, code: str) -> list[str]:
    found = "SELECT n.event FROM notifications n JOIN referrals r ON r.id = n.referral_id WHERE r.code = :code ORDER BY n.created_at, n.id"
    return [event for (event,) in world.rows(found, code=code)]


def holders(world: World, code: str) -> list[str]:
    found = """SELECT DISTINCT ON (e.partner) e.partner, e.seq FROM referral_events e JOIN referrals r ON r.id = e.referral_id
               WHERE r.code = :code AND e.partner <> '' ORDER BY e.partner, e.seq"""
    return [partner for partner, _ in sorted(world.rows(found, code=code), key=lambda row: row[1])]


@pytest.fixture
def refer(world: World) -> str:
    world.clock.now = MORNING
    return world.refer()


def test_nobody_looks_so_everybody_above_is_asked_one_after_the_other(world: World, refer: str) -> None:
    wait(world, timedelta(minutes=10), hours=23)
    heard = events(world, refer)
    assert heard.count("reminder_referral") >= 1
    assert len(holders(world, refer)) >= 2
    assert holders(world, refer)[-1] == world.rt.content.directory.ladder.national
    assert world.one("SELECT partner FROM referrals WHERE code = :code", code=refer) == "dgase"


def test_each_rung_is_played_once_however_often_the_job_runs(world: World, refer: str) -> None:
    world.pass_(hours=2)
    for _ in range(5):
        falling_due.play(world.rt)
    heard = "SELECT n.event, n.partner, n.hash, count(*) FROM notifications n GROUP BY 1, 2, 3 HAVING count(*) > 1"
    assert world.rows(heard) == []
    assert events(world, refer).count("reminder_referral") == 1


@pytest.mark.parametrize("answer", ["VU", "OK"])
def test_it_stops_at_once_when_the_holder_answers(world: World, refer: str, answer: str) -> None:
    falling_due.play(world.rt)
    world.say(f"{answer} {refer}", CASEWORKER)
    before = events(world, refer)
    wait(world, hours=20)
    assert events(world, refer) == before
    assert len(holders(world, refer)) == 1


def test_a_missed_deadline_is_told_to_the_person_once(world: World, refer: str) -> None:
    wait(world, hours=30)
    told = [text for text in world.sms.texts(AWA) if f"Demande {refer} : le délai est passé" in text]
    assert len(told) == 1


def test_a_promise_that_was_kept_is_no_missed_deadline(world: World, refer: str) -> None:
    world.say(f"OK {refer}", CASEWORKER)
    world.say(f"APPELE {refer}", CASEWORKER)
    wait(world, hours=30)
    assert not [text for text in world.sms.texts(AWA) if "le délai est passé" in text]


def test_on_day_three_the_person_is_asked_and_a_yes_is_kept(world: World, refer: str) -> None:
    world.say("1")
    world.say(f"OK {refer}", CASEWORKER)
    wait(world, hours=24 * 3 + 12)
    assert any(f"Demande {refer} : quelqu'un vous a-t-il contacté ?" in text for text in world.sms.texts(AWA))
    assert "C'est noté" in world.say("1")
    answers = "SELECT detail FROM referral_events WHERE move = 'answer'"
    assert world.rows(answers) == [("contacted",)]


def test_a_no_opens_the_referral_again_one_step_higher(world: World, refer: str) -> None:
    world.say("1")
    world.say(f"OK {refer}", CASEWORKER)
    first = world.one("SELECT partner FROM referrals")
    wait(world, hours=24 * 3 + 12)
    before = world.clock()
    assert "relancons" in world.say("non")
    state, partner, due_at = world.rows("SELECT state, partner, due_at FROM referrals")[0]
    assert (state, partner != first) == ("offered", True)
    assert due_at >= before + timedelta(hours=24)


def test_whoever_is_in_the_middle_of_something_is_asked_later(world: World, refer: str) -> None:
    world.say("1")
    world.say(f"OK {refer}", CASEWORKER)
    world.clock.now = MORNING + timedelta(days=3) - timedelta(minutes=5)
    world.say("inscription")
    world.pass_(minutes=10)
    falling_due.play(world.rt)
    world.dispatch()
    assert not [text for text in world.sms.texts(AWA) if "quelqu'un vous a-t-il contacté" in text]
    assert world.one("SELECT count(*) FROM referral_timers WHERE kind = 'follow_up' AND done_at IS NULL") == 1


def test_nobody_who_stopped_us_is_asked_anything(world: World, refer: str) -> None:
    world.say("STOP")
    before = len(world.sms.texts(AWA))
    wait(world, hours=24 * 5)
    assert len(world.sms.texts(AWA)) == before


def test_one_question_comes_after_the_end(world: World, refer: str) -> None:
    world.say("1")
    for words in ("OK", "APPELE", "FAIT"):
        world.say(f"{words} {refer}{' 1' if words == 'FAIT' else ''}", CASEWORKER)
        world.pass_(minutes=1)
    wait(world, hours=24 * 6)
    asked = [text for text in world.sms.texts(AWA) if "Cela vous a-t-il été utile" in text]
    assert len(asked) == 1


def test_what_was_played_is_not_played_again_when_its_time_is_moved(world: World, refer: str) -> None:
    world.pass_(hours=2)
    falling_due.play(world.rt)
    world.change("UPDATE referral_timers SET due_at = due_at - interval '1 hour'")
    falling_due.play(world.rt)
    assert events(world, refer).count("reminder_referral") == 1


def test_a_reminder_that_waits_for_the_morning_is_not_sent_once_it_was_seen(world: World) -> None:
    world.clock.now = MORNING
    for text in ("agent", "oui", "Bambey"):
        world.say(text)
    code = str(world.one("SELECT code FROM referrals"))
    falling_due.play(world.rt)
    world.clock.now = MORNING.replace(hour=21) + timedelta(days=2)
    falling_due.play(world.rt)
    world.dispatch()
    assert events(world, code).count("reminder_referral") == 1
    world.say(f"VU {code}", CASEWORKER)
    world.clock.now = MORNING.replace(hour=9) + timedelta(days=5)
    while world.dispatch():
        pass
    assert not [text for text in world.sms.texts(CASEWORKER) if text.startswith("Rappel")]
    assert world.rows("SELECT error_code FROM outbox WHERE state = 'cancelled'") == [("moot",)]


def test_a_reminder_of_an_earlier_round_is_not_sent_to_whoever_has_the_referral_again(world: World) -> None:
    world.clock.now = MORNING
    for text in ("agent", "oui", "Bambey"):
        world.say(text)
    falling_due.play(world.rt)
    world.clock.now = MORNING.replace(hour=21) + timedelta(days=2)
    falling_due.play(world.rt)
    world.change("UPDATE referrals SET held_since = held_since + interval '3 days'")
    world.clock.now = MORNING.replace(hour=9) + timedelta(days=5)
    while world.dispatch():
        pass
    assert not [text for text in world.sms.texts(CASEWORKER) if text.startswith("Rappel")]


def test_the_person_hears_that_somebody_else_takes_over(world: World, refer: str) -> None:
    wait(world, timedelta(minutes=10), hours=5)
    assert any(f"Demande {refer} : elle passe à un autre service" in text for text in world.sms.texts(AWA))


def test_the_last_resort_is_told_again_when_the_person_says_no(world: World, refer: str) -> None:
    world.say("1")
    wait(world, hours=24 * 3 + 12)
    assert world.one("SELECT partner FROM referrals") == world.rt.content.directory.ladder.national
    world.say("non")
    assert "waiting_referral" in events(world, refer)


def test_an_admin_hears_when_every_rung_was_in_vain(world: World, refer: str) -> None:
    wait(world, hours=30)
    assert ("referral_unseen", "dgase") in world.rows("SELECT kind, subject FROM incidents")


def test_a_question_that_had_to_wait_does_not_come_at_night(world: World, refer: str) -> None:
    world.say("1")
    world.say(f"OK {refer}", CASEWORKER)
    falling_due.play(world.rt)
    world.clock.now = MORNING.replace(hour=23) + timedelta(days=3)
    falling_due.play(world.rt)
    world.dispatch()
    assert not [text for text in world.sms.texts(AWA) if "vous a-t-il contacté" in text]
    wait(world, hours=12)
    assert len([text for text in world.sms.texts(AWA) if "vous a-t-il contacté" in text]) == 1


def test_of_an_end_the_person_is_asked_once_also_when_it_ends_twice(world: World, refer: str) -> None:
    world.say("1")
    for words in (f"OK {refer}", f"APPELE {refer}", f"FAIT {refer} 1"):
        world.say(words, CASEWORKER)
        world.pass_(minutes=1)
    wait(world, hours=24 * 6)
    world.change("UPDATE referrals SET due_at = due_at + interval '3 days', closed_at = closed_at + interval '6 days'")
    wait(world, hours=24 * 6)
    assert len([text for text in world.sms.texts(AWA) if "Cela vous a-t-il été utile" in text]) == 1
    assert ("closing", "not_asked") in world.rows("SELECT kind, result FROM referral_timers")
