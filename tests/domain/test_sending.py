"""When a refused message is tried again."""

from datetime import timedelta

import pytest

from bot.domain.errors import SendError
from bot.domain.sending import LIFETIMES, PLANS, Verdict, again_after

TIMES = [seconds * 0.5 for seconds in (5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600)]


def seconds(verdict: Verdict, attempts: int, chance: float = 0.0, told: float | None = None) -> float | None:
    span = again_after(verdict, attempts, chance, told)
    return span.total_seconds() if span is not None else None


def test_waits_double_from_five_seconds_to_ten_minutes_and_end_with_the_twelfth_attempt() -> None:
    assert [seconds(Verdict.SOON, attempts) for attempts in range(1, 12)] == TIMES
    assert seconds(Verdict.SOON, 12) is None


def test_a_phone_that_is_off_is_tried_a_few_times_over_half_a_day() -> None:
    waits = [seconds(Verdict.LATER, attempts, 1.0) for attempts in range(1, 6)]
    assert waits == [600.0, 2400.0, 9600.0, 21_600.0, None]


def test_an_operator_may_try_such_a_phone_sooner_and_nothing_else() -> None:
    assert again_after(Verdict.LATER, 2, 1.0, later=4.0) == timedelta(seconds=16)
    assert again_after(Verdict.SOON, 2, 1.0, later=4.0) == timedelta(seconds=10)


def test_chance_spreads_those_who_were_refused_together_over_half_of_the_wait() -> None:
    assert [seconds(Verdict.SOON, 3, chance) for chance in (0.0, 0.5, 0.999)] == pytest.approx([10.0, 15.0, 19.99])


def test_a_provider_that_says_when_is_obeyed_whatever_the_chance() -> None:
    assert seconds(Verdict.PACE, 1, 0.9, told=42.0) == 42.0


@pytest.mark.parametrize("verdict", [Verdict.STOP, Verdict.WINDOW, Verdict.CHANNEL, Verdict.FORM, Verdict.NEVER, Verdict.QUIET])
def test_what_trying_again_cannot_help_is_not_tried_again(verdict: Verdict) -> None:
    assert seconds(verdict, 1) is None


def test_what_an_operator_has_to_repair_is_tried_until_it_is_too_old() -> None:
    tries = PLANS[Verdict.OURS].attempts
    assert all((seconds(Verdict.OURS, attempts) or 0) <= 900 for attempts in range(1, tries))
    assert tries * timedelta(seconds=450) > max(LIFETIMES.values()) - timedelta(days=2)


@pytest.mark.parametrize(
    ("flags", "verdict"),
    [
        ({"retryable": True}, Verdict.SOON),
        ({"retryable": False}, Verdict.NEVER),
        ({"retryable": False, "ours": True}, Verdict.OURS),
        ({"retryable": False, "stop": True}, Verdict.STOP),
        ({"retryable": True, "verdict": Verdict.LATER}, Verdict.LATER),
    ],
)
def test_an_error_without_a_verdict_gets_the_one_that_its_flags_say(flags: dict[str, bool], verdict: Verdict) -> None:
    assert SendError("x", **flags).verdict is verdict  # type: ignore[arg-type]
