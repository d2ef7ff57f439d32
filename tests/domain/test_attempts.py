"""A person counts as unreachable after three attempts on three days, at two times of day, by two ways where there are two."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attempts import NEEDED, WAYS, Attempt, Way, same_try, tally

CALLS = frozenset[Way]({"call"})


def tried(*when: tuple[int, int], way: Way = "call") -> list[Attempt]:
    return [Attempt(datetime(2026, 12, day, hour, tzinfo=UTC), way) for day, hour in when]


def test_three_days_and_two_times_of_day_are_enough_where_there_is_one_way() -> None:
    found = tally(tried((1, 9), (2, 14), (3, 9)), CALLS)
    assert (found.enough, found.left) == (True, 0)


def test_three_calls_in_one_morning_are_one_attempt() -> None:
    found = tally(tried((1, 9), (1, 10), (1, 11)), CALLS)
    assert (found.counted, found.left, found.day) == (1, 2, True)


def test_three_mornings_need_another_hour() -> None:
    found = tally(tried((1, 9), (2, 9), (3, 10)), CALLS)
    assert (found.enough, found.hour, found.left) == (False, True, 1)
    assert tally([*tried((1, 9), (2, 9), (3, 10)), *tried((4, 18))], CALLS).enough


def test_where_there_are_two_ways_both_have_to_be_tried() -> None:
    calls = tried((1, 9), (2, 14), (3, 9))
    assert tally(calls, {"call", "sms"}).way
    assert tally([*calls, *tried((4, 9), way="sms")], {"call", "sms"}).enough
    assert tally([*calls[:2], *tried((3, 9), way="whatsapp")], WAYS).enough


def test_a_way_that_this_person_does_not_have_proves_nothing() -> None:
    assert not tally([*tried((1, 9), (2, 14)), *tried((3, 9), way="whatsapp")], {"call", "sms"}).enough


@pytest.mark.parametrize(("first", "second", "same"), [((1, 9), (1, 11), 1), ((1, 9), (1, 13), 0), ((1, 9), (2, 9), 0)])
def test_one_attempt_told_twice_is_one(first: tuple[int, int], second: tuple[int, int], same: int) -> None:
    one, other = tried(first, second)
    assert same_try(one, other) == bool(same)
    assert not same_try(one, tried(first, way="sms")[0])


@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(0, 23), st.sampled_from(WAYS)), max_size=12),
    st.sets(st.sampled_from(WAYS)),
)
def test_nobody_is_given_up_before_three_days_and_every_day_brings_it_nearer(when: list[tuple[int, int, Way]], ways: set[Way]) -> None:
    attempts = [Attempt(datetime(2026, 12, day, hour, tzinfo=UTC), way) for day, hour, way in when]
    found = tally(attempts, ways)
    if found.enough:
        assert len({attempt.at.date() for attempt in attempts}) >= NEEDED
    assert (found.left == 0) is found.enough
    for number in range(len(attempts)):
        assert tally(attempts[:number], ways).left >= found.left or not found.enough
