"""A pace and breakers: what one person or one sender may be sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pacing import Limits, Paused, Place, Spent, Tripped, charge, fresh

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
PACE = Limits(burst=3, per_second=0.5)


def spend(spent: Spent, limits: Limits, now: datetime = NOON, times: int = 1, digest: str = "") -> Spent:
    for _ in range(times):
        outcome = charge(spent, limits, now, digest=digest)
        assert isinstance(outcome, Place)
        spent = outcome.spent
    return spent


def wait(spent: Spent, limits: Limits, now: datetime = NOON) -> float:
    outcome = charge(spent, limits, now)
    assert isinstance(outcome, Place)
    return outcome.wait.total_seconds()


def test_a_burst_goes_at_once_and_each_after_it_has_its_place() -> None:
    spent = spend(fresh(NOON, PACE), PACE, times=3)
    assert wait(spent, PACE) == 2.0
    assert wait(spent, PACE, NOON + timedelta(seconds=1)) == 1.0
    assert wait(spent, PACE, NOON + timedelta(seconds=2)) == 0.0
    assert wait(spend(spent, PACE, times=2), PACE) == 6.0


def test_a_quiet_hour_saves_no_more_than_one_burst() -> None:
    spent = spend(fresh(NOON, PACE), PACE, times=3)
    later = NOON + timedelta(hours=1)
    assert wait(spend(spent, PACE, later, times=3), PACE, later) == 2.0


def test_a_clock_that_runs_backwards_takes_nothing_away() -> None:
    spent = spend(fresh(NOON, PACE), PACE)
    assert wait(spent, PACE, NOON - timedelta(hours=1)) == 0.0


def test_a_paused_sender_waits_to_the_end_of_the_pause() -> None:
    paused = replace(fresh(NOON, PACE), paused_until=NOON + timedelta(seconds=7))
    assert charge(paused, PACE, NOON, free=True) == Paused(timedelta(seconds=7))
    assert isinstance(charge(paused, PACE, NOON + timedelta(seconds=7)), Place)


def test_breakers_count_messages_segments_and_the_same_text() -> None:
    assert charge(spend(fresh(NOON, Limits()), Limits(day_messages=2), times=2), Limits(day_messages=2), NOON) == Tripped("day_messages")
    assert charge(fresh(NOON, Limits()), Limits(day_segments=4), NOON, segments=5) == Tripped("day_segments")
    same = spend(fresh(NOON, Limits()), Limits(day_repeats=2), times=2, digest="x")
    assert charge(same, Limits(day_repeats=2), NOON, digest="x") == Tripped("day_repeats")
    assert isinstance(charge(same, Limits(day_repeats=2), NOON, digest="y"), Place)


def test_a_few_texts_in_turn_are_repetitions_too() -> None:
    spent = fresh(NOON, Limits())
    for digest in "ababab":
        spent = spend(spent, Limits(day_repeats=3), digest=digest)
    assert charge(spent, Limits(day_repeats=3), NOON, digest="a") == Tripped("day_repeats")


def test_the_next_day_begins_at_nothing() -> None:
    limits = Limits(day_messages=2)
    assert isinstance(charge(spend(fresh(NOON, limits), limits, times=2), limits, NOON + timedelta(days=1)), Place)


def test_another_attempt_of_the_same_message_does_not_count_again() -> None:
    limits = Limits(day_messages=1)
    spent = spend(fresh(NOON, limits), limits)
    assert charge(spent, limits, NOON, first=False) == Place(spent)


def test_a_free_message_is_counted_and_never_held() -> None:
    limits = Limits(burst=1, per_second=0.1, day_messages=1)
    outcome = charge(spend(fresh(NOON, limits), limits), limits, NOON, free=True)
    assert isinstance(outcome, Place)
    assert (outcome.spent.messages, outcome.wait) == (2, timedelta(0))


@given(st.lists(st.floats(min_value=0, max_value=20), max_size=60))
def test_however_they_come_no_more_go_in_any_time_than_the_pace_allows(gaps: list[float]) -> None:
    now, spent, times = NOON, fresh(NOON, PACE), []
    for gap in gaps:
        now += timedelta(seconds=gap)
        outcome = charge(spent, PACE, now)
        assert isinstance(outcome, Place)
        spent = outcome.spent
        times.append(now + outcome.wait)
    assert times == sorted(times)
    for begin, end in combinations(range(len(times)), 2):
        span = (times[end] - times[begin]).total_seconds()
        assert end - begin + 1 <= PACE.burst + span * PACE.per_second + 0.001
