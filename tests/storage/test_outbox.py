"""What is to be sent: in order per key, by one at a time, and never again once it is settled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from bot.domain.addresses import CHANNEL_TYPES, POST_TYPES
from bot.storage import doubts, outbox, paces
from bot.storage.database import Database
from bot.storage.models import outbox as table
from bot.storage.outbox import OutboxRow
from tests.conftest import Clock

LEASE = timedelta(seconds=60)


def put(database: Database, *keys: str) -> list[UUID]:
    subjects = [uuid4() for _ in keys]
    with database.writing() as tx:
        outbox.add(tx, [("reply", subject, key, "sms") for subject, key in zip(subjects, keys, strict=True)])
    return subjects


def claim(database: Database, limit: int = 10) -> list[OutboxRow]:
    with database.writing() as tx:
        return outbox.claim(tx, limit, LEASE)


def finish(database: Database, row: OutboxRow, state: str = "sent") -> None:
    with database.writing() as tx:
        outbox.finish(tx, row.id, state)


def states(database: Database) -> list[str]:
    with database.reading() as tx:
        return [row.state for row in tx.execute(sa.select(table.c.state).order_by(table.c.seq))]


def test_only_the_oldest_of_a_key_may_go(database: Database) -> None:
    first, second, other = put(database, "awa", "awa", "modou")
    claimed = claim(database)
    assert [row.subject_id for row in claimed] == [first, other]
    assert claim(database) == []
    finish(database, claimed[0])
    assert [row.subject_id for row in claim(database)] == [second]


@pytest.mark.parametrize("state", ["leased", "unknown", "put off"])
def test_nothing_overtakes_what_is_being_sent_in_doubt_or_put_off(database: Database, state: str) -> None:
    put(database, "awa", "awa")
    (first,) = claim(database)
    with database.writing() as tx:
        if state == "unknown":
            doubts.note(tx, first.id, "no_answer")
        if state == "put off":
            outbox.put_off(tx, first.id, timedelta(minutes=5), "20429")
    assert claim(database) == []


@pytest.mark.parametrize("state", ["sent", "failed", "cancelled"])
def test_what_is_over_lets_the_next_one_go(database: Database, state: str) -> None:
    _, second = put(database, "awa", "awa")
    finish(database, claim(database)[0], state)
    assert [row.subject_id for row in claim(database)] == [second]


def test_several_claimers_at_once_share_the_work_and_keep_the_order_of_each_key(database: Database) -> None:
    subjects = put(database, *(f"key {number % 10}" for number in range(120)))
    place = {subject: number for number, subject in enumerate(subjects)}
    sent: list[tuple[str, int]] = []
    start = Barrier(6)

    def work(_: int) -> None:
        start.wait()
        for _ in range(400):
            rows = claim(database, 3)
            for row in rows:
                sent.append((row.ordering_key, place[row.subject_id]))
                finish(database, row)
            if not rows and len(sent) == len(subjects):
                return

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert sorted(number for _, number in sent) == list(range(120))
    for key in {key for key, _ in sent}:
        of_key = [number for at, number in sent if at == key]
        assert of_key == sorted(of_key)


def test_what_is_due_later_waits_until_then(database: Database, clock: Clock) -> None:
    put(database, "awa")
    (row,) = claim(database)
    with database.writing() as tx:
        outbox.put_off(tx, row.id, timedelta(seconds=30), "20429")
        assert not outbox.any_due(tx)
    assert claim(database) == []
    clock.pass_(timedelta(seconds=30))
    with database.reading() as tx:
        assert outbox.any_due(tx)
    assert [again.attempts for again in claim(database)] == [2]


def test_a_lease_that_ran_out_is_a_doubt_and_one_that_runs_is_none(database: Database, clock: Clock) -> None:
    put(database, "awa")
    claim(database)
    with database.writing() as tx:
        assert doubts.from_leases(tx) == 0
    clock.pass_(LEASE + timedelta(seconds=1))
    with database.writing() as tx:
        assert doubts.from_leases(tx) == 1
    assert states(database) == ["unknown"]


def test_a_doubt_is_looked_at_once_a_callback_had_its_time(database: Database, clock: Clock) -> None:
    put(database, "awa")
    (row,) = claim(database)
    with database.writing() as tx:
        doubts.note(tx, row.id, "no_answer")
        assert doubts.waiting(tx, timedelta(seconds=20), 10) == []
    clock.pass_(timedelta(seconds=21))
    with database.writing() as tx:
        assert [found.id for found in doubts.waiting(tx, timedelta(seconds=20), 10)] == [row.id]
        assert doubts.lock(tx, row.id)


def test_what_has_been_due_for_longest_goes_first_however_much_waits(database: Database, clock: Clock) -> None:
    put(database, "awa")
    with database.writing() as tx:
        outbox.put_off(tx, outbox.claim(tx, 1, LEASE)[0].id, timedelta(minutes=5), "20429")
    clock.pass_(timedelta(minutes=1))
    put(database, "modou")
    clock.pass_(timedelta(minutes=5))
    with database.writing() as tx:
        assert [row.ordering_key for row in outbox.claim(tx, 1, LEASE)] == ["modou"]
        assert [row.ordering_key for row in outbox.claim(tx, 1, LEASE)] == ["awa"]


def test_what_a_halted_sender_has_to_send_keeps_its_place_and_holds_up_no_other_channel(database: Database, clock: Clock) -> None:
    put(database, "awa", "modou")
    with database.writing() as tx:
        outbox.add(tx, [("reply", uuid4(), "fatou", "whatsapp")])
        paces.pause(tx, "sms", clock.now + timedelta(seconds=5))
    assert [row.ordering_key for row in claim(database)] == ["fatou"]
    clock.pass_(timedelta(seconds=6))
    put(database, "later")
    assert [(row.ordering_key, row.attempts) for row in claim(database, 2)] == [("awa", 1), ("modou", 1)]


@pytest.mark.parametrize("channel", [*CHANNEL_TYPES, *POST_TYPES])
def test_every_way_to_people_and_partners_is_claimed(database: Database, channel: str) -> None:
    with database.writing() as tx:
        outbox.add(tx, [("notice", uuid4(), "baos", channel)])
    assert len(claim(database)) == 1


@pytest.mark.parametrize("state", ["leased", "unknown", "due"])
def test_a_callback_settles_whatever_is_still_open(database: Database, state: str) -> None:
    (subject,) = put(database, "awa")
    (row,) = claim(database)
    with database.writing() as tx:
        if state != "leased":
            doubts.note(tx, row.id, "no_answer")
        if state == "due":
            outbox.put_off(tx, row.id, timedelta(0), "not_found")
        assert doubts.settle(tx, subject)
        assert not doubts.settle(tx, subject)
        assert not doubts.lock(tx, row.id)
    assert claim(database) == []


def test_a_lost_answer_that_is_noted_after_the_callback_does_not_undo_it(database: Database) -> None:
    (subject,) = put(database, "awa")
    (row,) = claim(database)
    with database.writing() as tx:
        doubts.settle(tx, subject)
        doubts.note(tx, row.id, "no_answer")
        outbox.put_off(tx, row.id, timedelta(0), "20429")
    assert states(database) == ["sent"]


def test_after_a_stop_what_waits_is_cancelled_and_what_is_on_its_way_is_not_tried_again(database: Database) -> None:
    put(database, "awa", "awa", "modou")
    awa, _ = claim(database)
    with database.writing() as tx:
        assert outbox.cancel_for_key(tx, "awa") == 1
        outbox.put_off(tx, awa.id, timedelta(seconds=5), "20429")
    assert states(database) == ["cancelled", "cancelled", "leased"]


def test_one_subject_is_put_in_once(database: Database) -> None:
    (subject,) = put(database, "awa")
    with pytest.raises(sa.exc.IntegrityError), database.writing() as tx:
        outbox.add(tx, [("reply", subject, "awa", "sms")])
