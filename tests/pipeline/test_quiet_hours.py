"""Nothing that nobody asked for arrives at night, on a Sunday or on a holiday; answers and urgent words always do."""

from datetime import UTC, datetime

import pytest

from tests.pipeline.world import AWA, CASEWORKER, World

SATURDAY_EVENING, SUNDAY, MONDAY = (
    datetime(2026, 12, 5, 22, tzinfo=UTC),
    datetime(2026, 12, 6, 12, tzinfo=UTC),
    datetime(2026, 12, 7, 8, tzinfo=UTC),
)
CHRISTMAS = datetime(2026, 12, 25, 12, tzinfo=UTC)


def at(world: World, moment: datetime) -> None:
    """Let the moment come, with everything that falls due then."""
    world.clock.now = moment
    world.time_out()
    world.dispatch()


def silent_form(world: World) -> int:
    world.say("inscription")
    world.say("oui")
    return len(world.sms.taken)


@pytest.mark.parametrize("moment", [SATURDAY_EVENING, SUNDAY, CHRISTMAS])
def test_a_reminder_waits_for_the_morning_of_a_working_day(world: World, moment: datetime) -> None:
    before = silent_form(world)
    at(world, moment)
    assert len(world.sms.taken) == before
    at(world, moment.replace(day=26 if moment == CHRISTMAS else 7, hour=8))
    assert len(world.sms.taken) == before + 1


def test_who_writes_at_night_is_answered_at_night_and_not_behind_a_reminder(world: World) -> None:
    before = silent_form(world)
    at(world, SATURDAY_EVENING)
    world.say("1")
    assert len(world.sms.taken) == before + 1


def test_stop_takes_back_what_waits_for_the_morning(world: World) -> None:
    silent_form(world)
    at(world, SATURDAY_EVENING)
    world.say("STOP")
    before = len(world.sms.taken)
    at(world, MONDAY)
    assert len(world.sms.taken) == before


def test_words_about_a_danger_do_not_wait(world: World) -> None:
    world.clock.now = SATURDAY_EVENING.replace(hour=23)
    world.say("je veux mourir")
    before = len(world.sms.taken)
    at(world, datetime(2026, 12, 6, 0, 30, tzinfo=UTC))
    assert len(world.sms.taken) == before + 1


def test_news_of_a_referral_waits_too(world: World) -> None:
    for text in ("agent", "oui", "Bambey"):
        world.say(text)
    code = str(world.one("SELECT code FROM referrals"))
    before = len(world.sms.texts(AWA))
    world.clock.now = SUNDAY
    world.say(f"OK {code}", sender=CASEWORKER)
    assert len(world.sms.texts(AWA)) == before
    at(world, MONDAY)
    assert len(world.sms.texts(AWA)) == before + 1
