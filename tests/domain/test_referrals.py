"""Every move of a referral is legal or refused, by anybody, in any order; and what holds after each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Conflict
from bot.domain.referrals import (
    ACTORS,
    CLOSINGS,
    DECLINES,
    HANDING,
    MOVES,
    OPEN,
    OUTCOMES,
    STATES,
    TAKEN,
    Actor,
    Move,
    State,
    move,
    outcome_of,
)

ANY_MOVE = st.sampled_from(list(MOVES))
ANY_REASON = st.sampled_from(["", "nonsense", *DECLINES, *CLOSINGS])
STEPS = st.lists(st.tuples(ANY_MOVE, st.sampled_from(ACTORS), ANY_REASON), max_size=40)
OVER = tuple(state for state in STATES if state not in OPEN)


def walk(steps: list[tuple[Move, Actor, str]]) -> list[tuple[State, Move, Actor, str, State]]:
    """The moves of a walk that were legal, from a fresh referral."""
    state: State = "offered"
    done = []
    for step, actor, reason in steps:
        try:
            after = move(state, step, actor, reason)
        except Conflict:
            continue
        done.append((state, step, actor, reason, after))
        state = after
    return done


@given(STEPS)
def test_whatever_is_tried_only_the_table_moves_a_referral(steps: list[tuple[Move, Actor, str]]) -> None:
    for before, step, actor, reason, after in walk(steps):
        rule = MOVES[step]
        assert actor in rule.actors
        if after != before:
            assert before in rule.sources
            assert after == rule.target
            assert not rule.reasons or reason in rule.reasons


@given(STEPS)
def test_a_move_made_twice_is_the_same_move(steps: list[tuple[Move, Actor, str]]) -> None:
    for _, step, actor, reason, after in walk(steps):
        assert move(after, step, actor, reason) == after


@given(STEPS)
def test_what_is_over_stays_over_unless_it_is_reopened(steps: list[tuple[Move, Actor, str]]) -> None:
    for before, step, _, _, after in walk(steps):
        if before in OVER and after != before:
            assert step == "reopen"
            assert before in ("closed", "unreachable")


@given(STEPS)
def test_a_withdrawal_is_the_persons_alone_and_nobody_undoes_it(steps: list[tuple[Move, Actor, str]]) -> None:
    done = walk(steps)
    for number, (_, step, actor, _, after) in enumerate(done):
        if step == "revoke":
            assert actor in ("contact", "service")
            assert all(later[4] == "revoked" for later in done[number:])
            assert after == "revoked"


@given(STEPS)
def test_no_partner_declines_without_saying_why_nor_closes_without_saying_how(steps: list[tuple[Move, Actor, str]]) -> None:
    for before, step, _, reason, after in walk(steps):
        if after != before and step in ("decline", "close"):
            assert reason in (DECLINES if step == "decline" else CLOSINGS)


@given(STEPS)
def test_what_is_over_has_a_closing_code_and_what_is_open_has_none(steps: list[tuple[Move, Actor, str]]) -> None:
    for before, _, _, reason, after in walk(steps):
        if after != before:
            assert (outcome_of(after, reason) is not None) == (after in OVER)
            assert outcome_of(after, reason) in (None, *OUTCOMES)


@given(st.sampled_from(STATES), ANY_MOVE, ANY_REASON)
def test_the_person_only_takes_back_and_reopens(state: State, step: Move, reason: str) -> None:
    if step in ("revoke", "reopen"):
        return
    with pytest.raises(Conflict):
        move(state, step, "contact", reason)


@pytest.mark.parametrize("state", OPEN)
def test_every_open_referral_can_be_taken_back_and_somehow_ends(state: State) -> None:
    assert move(state, "revoke", "contact") == "revoked"
    reached, ahead = {state}, [state]
    while ahead:
        here = ahead.pop()
        for step, rule in MOVES.items():
            if here in rule.sources and rule.target not in reached and step != "revoke":
                reached.add(rule.target)
                ahead.append(rule.target)
    assert "closed" in reached


def test_every_state_can_be_reached_and_every_move_is_somebodys() -> None:
    reached: set[State] = {"new"}
    while True:
        more = {rule.target for rule in MOVES.values() if reached & set(rule.sources)} - reached
        if not more:
            break
        reached |= more
    assert reached == set(STATES)
    assert all(rule.actors for rule in MOVES.values())


def test_an_attempt_leaves_who_was_in_touch_before_where_they_were() -> None:
    assert move("offered", "try", "partner") == "accepted"
    for state in TAKEN:
        assert move(state, "try", "partner") == state


def test_a_transfer_is_possible_again_for_it_may_name_another_holder() -> None:
    assert HANDING == ("transfer",)
    assert move("offered", "transfer", "partner") == "offered"
    with pytest.raises(Conflict):
        move("closed", "transfer", "partner")
