"""Rows that wait for somebody to write, that failed after all, that go elsewhere, that are too old."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from bot.storage import doubts, outbox
from bot.storage.database import Database
from tests.conftest import Clock
from tests.storage.test_outbox import claim, put, states


def parked(database: Database, *keys: str) -> list[UUID]:
    subjects = put(database, *keys)
    for _ in keys:
        for row in claim(database):
            with database.writing() as tx:
                outbox.park(tx, row.id, "window")
    return subjects


def test_what_is_parked_is_claimed_by_nobody_and_holds_up_nobody(database: Database) -> None:
    parked(database, "awa")
    (later,) = put(database, "awa")
    assert [row.subject_id for row in claim(database)] == [later]


def test_what_is_released_goes_in_its_order_and_before_what_came_later(database: Database) -> None:
    first, second = parked(database, "awa", "awa")
    (third,) = put(database, "awa")
    with database.writing() as tx:
        assert outbox.release(tx, ["awa", "modou"]) == 2
    order = []
    for _ in range(3):
        (row,) = claim(database)
        order.append(row.subject_id)
        with database.writing() as tx:
            outbox.finish_sent(tx, [(row.id, "SM1")])
    assert order == [first, second, third]


def test_what_waits_for_the_morning_is_released_too(database: Database) -> None:
    parked(database, outbox.later("awa"))
    with database.writing() as tx:
        assert outbox.release(tx, ["awa"]) == 1
    assert outbox.now(outbox.later("awa")) == "awa"


def test_parking_counts_as_no_attempt(database: Database) -> None:
    parked(database, "awa")
    with database.writing() as tx:
        outbox.release(tx, ["awa"])
    assert [row.attempts for row in claim(database)] == [1]


def test_a_stop_cancels_what_is_parked(database: Database) -> None:
    parked(database, "awa")
    with database.writing() as tx:
        assert outbox.cancel_for_key(tx, "awa") == 1
    assert states(database) == ["cancelled"]


def test_an_attempt_that_failed_after_all_opens_the_row_once(database: Database) -> None:
    (subject,) = put(database, "awa")
    (row,) = claim(database)
    with database.writing() as tx:
        outbox.finish_sent(tx, [(row.id, "SM1")])
        assert outbox.retract(tx, subject, "SM1") is not None
        outbox.put_off(tx, row.id, timedelta(0), "30003")
        assert outbox.retract(tx, subject, "SM1") is None
        assert not doubts.settle(tx, subject, "SM1")
        assert doubts.settle(tx, subject, "SM1", arrived=True)


def test_the_answer_to_a_send_that_was_reported_as_failed_meanwhile_does_not_end_it(database: Database) -> None:
    (subject,) = put(database, "awa")
    (row,) = claim(database)
    with database.writing() as tx:
        doubts.settle(tx, subject, "SM1")
        outbox.retract(tx, subject, "SM1")
        outbox.put_off(tx, row.id, timedelta(0), "30003")
        outbox.finish_sent(tx, [(row.id, "SM1")])
    assert states(database) == ["due"]
    (again,) = claim(database)
    with database.writing() as tx:
        outbox.finish_sent(tx, [(again.id, "SM2")])
    assert states(database) == ["sent"]


def test_what_was_called_back_is_neither_parked_nor_put_off(database: Database) -> None:
    put(database, "awa")
    (row,) = claim(database)
    with database.writing() as tx:
        outbox.cancel_for_key(tx, "awa")
        outbox.park(tx, row.id, "window")
    assert states(database) == ["cancelled"]


def test_what_goes_elsewhere_begins_anew_under_another_key(database: Database) -> None:
    (subject,) = parked(database, "awa")
    with database.writing() as tx:
        (row,) = outbox.parked(tx, "awa")
        outbox.readdress(tx, row.id, "awa by sms", "sms")
    (moved,) = claim(database)
    assert (moved.subject_id, moved.ordering_key, moved.attempts, moved.moved) == (subject, "awa by sms", 1, True)


@pytest.mark.parametrize("state", ["due", "parked"])
def test_what_is_too_old_is_found_whether_it_is_due_or_parked(database: Database, clock: Clock, state: str) -> None:
    with database.writing() as tx:
        outbox.add(tx, [("reply", uuid4(), "awa", "sms")], lifetime=timedelta(hours=1))
    if state == "parked":
        (row,) = claim(database)
        with database.writing() as tx:
            outbox.park(tx, row.id, "window")
    with database.writing() as tx:
        assert outbox.expired(tx, 10) == []
    clock.pass_(timedelta(hours=1))
    with database.writing() as tx:
        assert len(outbox.expired(tx, 10)) == 1


def test_a_lifetime_counts_from_when_it_is_due(database: Database, clock: Clock) -> None:
    with database.writing() as tx:
        outbox.add(tx, [("reply", uuid4(), "awa", "sms")], due_at=clock.now + timedelta(hours=9), lifetime=timedelta(hours=1))
    clock.pass_(timedelta(hours=9))
    assert [row.expires_at for row in claim(database)] == [clock.now + timedelta(hours=1)]


def test_the_age_of_what_is_due_leaves_out_what_waits_for_the_morning(database: Database, clock: Clock) -> None:
    with database.writing() as tx:
        outbox.add(tx, [("reply", uuid4(), "modou", "sms")], due_at=clock.now + timedelta(hours=9))
        assert outbox.oldest_due(tx, 7) == 0.0
        outbox.add(tx, [("reply", uuid4(), "awa", "sms")])
    clock.pass_(timedelta(minutes=3))
    with database.writing() as tx:
        assert outbox.oldest_due(tx, 7) == 180.0
