"""Whoever wants one message a day gets one, in the morning, with everything that waits for them."""

from datetime import UTC, datetime

import pytest

from bot.pipeline import digests
from tests.pipeline.world import MODOU, World, shipped, without_phones

READER = "+221770000150"
WEDNESDAY = datetime(2026, 12, 2, 9, tzinfo=UTC)


@pytest.fixture
def daily(world: World) -> World:
    """Every partner is read by one phone, which wants one message a day."""
    world.serve(without_phones(shipped()))
    for partner in shipped().directory.partners:
        world.join(partner, READER, digest=True)
    world.clock.now = WEDNESDAY
    return world


def ask(world: World, place: str, sender: str) -> str:
    for text in ("agent", "oui", place):
        world.say(text, sender)
    return str(world.one("SELECT code FROM referrals ORDER BY opened_at DESC LIMIT 1"))


def read(world: World) -> list[str]:
    digests.send(world.rt)
    while world.dispatch():
        pass
    return world.sms.texts(READER)


def test_what_is_normal_comes_in_one_message_for_all_partners_of_a_reader_and_once_a_day(daily: World) -> None:
    first, second = ask(daily, "Bambey", MODOU), ask(daily, "Kolda", "+221771110003")
    assert len({partner for (partner,) in daily.rows("SELECT partner FROM referrals")}) == 2
    (text,) = read(daily)
    assert first in text
    assert second in text
    daily.pass_(hours=2)
    assert len(read(daily)) == 1
    daily.pass_(hours=24)
    assert len(read(daily)) == 2


def test_what_somebody_has_seen_is_not_told_again(daily: World) -> None:
    code = ask(daily, "Bambey", MODOU)
    daily.say(f"VU {code}", READER)
    before = len(daily.sms.texts(READER))
    assert len(read(daily)) == before


def test_what_is_urgent_comes_at_once(daily: World) -> None:
    daily.refer()
    assert len(daily.sms.texts(READER)) == 1


@pytest.mark.parametrize("moment", [WEDNESDAY.replace(hour=21), WEDNESDAY.replace(day=6), WEDNESDAY.replace(day=25)])
def test_it_comes_in_no_night_on_no_sunday_and_on_no_feast(daily: World, moment: datetime) -> None:
    ask(daily, "Bambey", MODOU)
    daily.clock.now = moment
    assert read(daily) == []
