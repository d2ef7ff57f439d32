"""Whoever writes whatever in whatever order: what holds of a referral after every text, on a real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import combinations
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.casework.withdrawing import withdraw
from bot.domain.referrals import OPEN, State
from bot.storage import referrals
from bot.storage.database import Transaction
from bot.storage.models import referral_events
from tests.casework.cast import CODE, COLLEAGUE, COORDINATOR, FORMER, HOLDER, OTHER, act, cast, refer, with_cast
from tests.pipeline.world import World

TEXTS = (
    "ok {}", "vu {}", "non {} 1", "non {}", "non 3", "appele {}", "pas joint {}", "pas joint {} sms", "en cours {}", "fait {} 1",
    "fait {} 7", "fait", "transf {} bambey", "transf {} caosp", "transf {} anpej",
    "note {} lundi", "details {}", "liste", "aide", "2", "{}", "ok",
)  # fmt: skip
PHONES = (HOLDER, COLLEAGUE, FORMER, OTHER, COORDINATOR)
STEPS = st.tuples(st.sampled_from(TEXTS), st.sampled_from(PHONES), st.sampled_from([0, 5, 30]))


def seen(tx: Transaction) -> tuple[str, str, datetime, str | None, bool, int, str, str]:
    """The referral and the end of its history."""
    (row,) = referrals.by_codes(tx, [CODE])
    events = list(tx.execute(sa.select(referral_events).order_by(referral_events.c.seq)))
    closed = row.closed_at is not None
    return row.state, row.partner, row.due_at, row.outcome, closed, len(events), events[-1].partner, events[-1].state


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_after_every_text_one_partner_holds_it_and_the_same_text_again_changes_nothing(
    world: World, steps: list[tuple[str, str, int]]
) -> None:
    content = with_cast(world, "fr").rt.content
    with world.rt.database.engine.connect() as connection:
        now = world.clock()
        refer(Transaction(connection, world.rt.database.vault, now))
        due = now
        for text, phone, hours in steps:
            now += timedelta(hours=hours)
            tx = Transaction(connection, world.rt.database.vault, now)
            first = act(content, tx, phone, text.format(CODE)).outcome
            after = seen(tx)
            state, partner, due_at, outcome, closed, _, holder, noted = after
            assert (partner, state) == (holder, noted)
            assert partner in content.directory.partners
            assert (outcome is not None, closed) == (state not in OPEN, state not in OPEN)
            assert due_at >= due
            due = due_at
            if "{}" in text and text != "{}" and first.key != "details_link":
                assert act(content, tx, phone, text.format(CODE)).outcome.answer == first.answer
                assert seen(tx) == after
        connection.rollback()


def by_phone(phone: str, text: str) -> Callable[[World, Transaction], None]:
    def does(world: World, tx: Transaction) -> None:
        act(cast(), tx, phone, text.format(CODE))

    return does


def by_person(world: World, tx: Transaction) -> None:
    (row,) = referrals.by_codes(tx, [CODE])
    withdraw(cast(), tx, row)


DEEDS = {
    "accept": by_phone(HOLDER, "ok {}"),
    "decline": by_phone(COLLEAGUE, "non {} 1"),
    "transfer": by_phone(HOLDER, "transf {} caosp"),
    "place": by_phone(COORDINATOR, "transf {} anpej"),
    "close": by_phone(COLLEAGUE, "fait {} 1"),
    "miss": by_phone(HOLDER, "pas joint {}"),
    "withdraw": by_person,
}


def ended(world: World, first: str, second: str, *, at_once: bool, state: State) -> tuple[str, str, str | None]:
    """What becomes of a referral on which two act, one after the other or at once."""
    with_cast(world, "fr")
    world.change("TRUNCATE contacts, referrals, notifications, outbox CASCADE")
    with world.rt.database.writing() as tx:
        refer(tx, state)
    gate = Barrier(2 if at_once else 1)

    def do(name: str) -> None:
        gate.wait(10)
        with world.rt.database.writing() as tx:
            DEEDS[name](world, tx)

    with ThreadPoolExecutor(2 if at_once else 1) as pool:
        list(pool.map(do, (first, second)))
    ((found, partner, outcome),) = world.rows("SELECT state, partner, outcome FROM referrals")
    moves = world.rows("SELECT partner, state FROM referral_events ORDER BY seq DESC LIMIT 1")
    # The order of two events that one instant wrote is the order in which they happened: the row is locked.
    assert moves in ([(partner, found)], [("baos_diourbel", state)])
    return str(found), str(partner), outcome


@pytest.mark.parametrize(("first", "second"), list(combinations(DEEDS, 2)))
def test_two_at_once_end_as_one_after_the_other(world: World, first: str, second: str) -> None:
    states: tuple[State, ...] = ("offered", "accepted")
    for state in states:
        forth = ended(world, first, second, at_once=False, state=state)
        back = ended(world, second, first, at_once=False, state=state)
        assert ended(world, first, second, at_once=True, state=state) in (forth, back)
