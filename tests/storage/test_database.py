"""Transactions are whole or nothing, a database that is away says so, and ages are told."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from bot.domain.addresses import Address
from bot.domain.errors import Unavailable
from bot.domain.messages import InboundMessage
from bot.storage import contacts, doubts, health, messages, outbox
from bot.storage.database import Database, Transaction
from bot.storage.models import contacts as contact_table
from bot.storage.vault import Vault
from tests.conftest import KEYS, Clock
from tests.storage.look import value

AWA = Address("sms", "+221771110001")


def test_a_block_that_fails_leaves_nothing(database: Database) -> None:
    def fails() -> None:
        with database.writing() as tx:
            contacts.find_or_create(tx, AWA, 1)
            raise KeyError("planted")

    with pytest.raises(KeyError):
        fails()
    with database.reading() as tx:
        assert tx.execute(sa.select(contact_table)).all() == []


def test_a_server_that_is_not_there_is_unavailable() -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:9/none", Vault(KEYS, b"i" * 32))
    with pytest.raises(Unavailable), nowhere.reading():
        pass
    nowhere.close()


def test_after_a_connection_was_cut_the_next_try_works(database: Database) -> None:
    kill = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()")
    with database.reading() as tx:
        tx.execute(sa.text("SELECT 1"))
    with database.engine.begin() as killer, database.engine.connect() as other:
        other.execute(sa.text("SELECT 1"))
        other.commit()
        killer.execute(kill)
    with pytest.raises(Unavailable), database.reading() as tx:
        tx.execute(sa.text("SELECT 1"))
    with database.reading() as tx:
        assert value(tx, sa.text("SELECT 1")) == 1


def test_a_lock_that_somebody_holds_too_long_is_unavailable_rather_than_for_ever(database: Database) -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing() as tx:
            tx.execute(sa.text("LOCK TABLE contacts"))
            held.set()
            release.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    try:
        with pytest.raises(Unavailable), database.writing() as tx:
            contacts.find_or_create(impatient(tx), AWA, 1)
    finally:
        release.set()
        holder.join()


def impatient(tx: Transaction) -> Transaction:
    tx.execute(sa.text("SET LOCAL lock_timeout = 200"))
    return tx


def test_every_connection_has_limits_of_its_own(database: Database) -> None:
    with database.reading() as tx:
        for name, limit in (("lock_timeout", "8s"), ("statement_timeout", "20s"), ("idle_in_transaction_session_timeout", "30s")):
            assert value(tx, sa.text(f"SHOW {name}")) == limit
        assert value(tx, sa.text("SHOW timezone")) == "UTC"


def test_ages_are_those_of_the_oldest_waiting_work(database: Database, clock: Clock) -> None:
    with database.reading() as tx:
        assert health.ages(tx) == health.Ages(0.0, 0.0, 0.0, None)
    with database.writing() as tx:
        reached = contacts.find_or_create(tx, AWA, 1)
        messages.receive(tx, reached, InboundMessage("sms", "SM1", AWA, "", "text", "bonjour"))
        outbox.add(tx, [("reply", uuid4(), "awa", "sms"), ("reply", uuid4(), "modou", "sms")])
        health.note_sweep(tx, "sweep")
    clock.pass_(timedelta(seconds=40))
    with database.writing() as tx:
        first, _ = outbox.claim(tx, 2, timedelta(seconds=60))
        doubts.note(tx, first.id, "no_answer")
        assert health.ages(tx) == health.Ages(40.0, 40.0, 40.0, 40.0)
        assert health.unhandled_lanes(tx) == (0,)


def test_a_sweep_is_noted_again_and_again(database: Database, clock: Clock) -> None:
    for _ in range(2):
        clock.pass_(timedelta(seconds=5))
        with database.writing() as tx:
            health.note_sweep(tx, "sweep")
            assert health.ages(tx).swept == 0.0


def test_one_sweeps_at_a_time_and_the_other_finds_out_at_once(database: Database) -> None:
    with database.writing() as first, database.writing() as second:
        begin = time.monotonic()
        assert health.only_sweeper(first)
        assert not health.only_sweeper(second)
        assert time.monotonic() - begin < 1
    with database.writing() as third:
        assert health.only_sweeper(third)
