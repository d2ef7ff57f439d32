"""Messages are kept once, in order, and their status only moves forward."""

from itertools import count, permutations
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from bot.domain.addresses import Address
from bot.domain.ids import MessageId
from bot.domain.messages import InboundMessage, Status
from bot.domain.understanding import NOTHING, Entity, Guess, Understanding
from bot.storage import contacts, messages, outbound, understandings
from bot.storage.contacts import Reached
from bot.storage.database import Database
from bot.storage.messages import Reply
from bot.storage.models import messages as table
from bot.storage.models import seen_ids
from tests.storage.look import value

AWA, MODOU = Address("sms", "+221771110001"), Address("sms", "+221771110002")
_sids = count(1)


def reach(database: Database, address: Address = AWA, lanes: int = 1) -> Reached:
    with database.writing() as tx:
        return contacts.find_or_create(tx, address, lanes)


def receive(database: Database, text: str, address: Address = AWA, sid: str = "") -> MessageId | None:
    reached = reach(database, address)
    with database.writing() as tx:
        return messages.receive(tx, reached, InboundMessage("sms", sid or f"SM{next(_sids)}", address, "+221330000000", "text", text))


def reply(database: Database) -> UUID:
    reached, message_id = reach(database), MessageId(uuid4())
    with database.writing() as tx:
        messages.add_replies(tx, [Reply(message_id, reached.contact_id, reached.address_id, "sms", "{}", "menu.choose", 1)])
    return message_id


def stored(database: Database, message_id: UUID) -> tuple[object, ...]:
    with database.reading() as tx:
        row = tx.execute(
            sa.select(table.c.status, table.c.provider_id, table.c.error_code, table.c.segments).where(table.c.id == message_id)
        )
        return tuple(row.one())


def test_a_message_that_is_delivered_twice_is_kept_once(database: Database) -> None:
    assert receive(database, "bonjour", sid="SM1") is not None
    assert receive(database, "bonjour", sid="SM1") is None


def test_a_message_delivered_again_after_its_row_is_gone_is_still_known(database: Database) -> None:
    receive(database, "bonjour", sid="SM1")
    with database.writing() as tx:
        tx.execute(sa.delete(table))
    assert receive(database, "bonjour", sid="SM1") is None
    with database.reading() as tx:
        assert len(tx.execute(sa.select(seen_ids)).all()) == 1


def test_waiting_messages_come_in_the_order_of_arrival(database: Database) -> None:
    for word in ("un", "deux", "trois"):
        receive(database, word)
    with database.reading() as tx:
        ready = messages.ready_contacts(tx, 0, 16)
        assert [row.text for row in messages.unhandled(tx, ready)] == ["un", "deux", "trois"]


def test_who_waits_longest_comes_first_and_no_more_than_asked_for(database: Database) -> None:
    receive(database, "un", MODOU)
    receive(database, "deux", AWA)
    receive(database, "trois", MODOU)
    with database.reading() as tx:
        assert messages.ready_contacts(tx, 0, 1) == (reach(database, MODOU).contact_id,)
        assert len(messages.ready_contacts(tx, 0, 16)) == 2
        assert messages.ready_contacts(tx, 1, 16) == ()


def test_an_answered_message_waits_no_longer_and_keeps_what_was_understood(database: Database) -> None:
    message_id = receive(database, "je veux un travail à Touba")
    assert message_id is not None
    understood = Understanding((Guess("job_search", 0.9),), (Entity("place", "Touba", 22, 27, "SN-DB"),), "fr", None, "nlu")
    with database.writing() as tx:
        messages.mark_handled(tx, [(message_id, understood)])
        assert messages.ready_contacts(tx, 0, 16) == ()
        sealed = tx.execute(sa.select(table.c.understanding)).scalar()
        assert isinstance(sealed, bytes)
        assert understandings.load_understanding(tx.vault.open(sealed, "messages.understanding", message_id)) == understood


def test_nothing_understood_is_not_kept(database: Database) -> None:
    message_id = receive(database, "👍")
    assert message_id is not None
    with database.writing() as tx:
        messages.mark_handled(tx, [(message_id, NOTHING)])
        assert tx.execute(sa.select(table.c.understanding)).scalar() is None


def test_failures_are_counted_and_a_message_that_is_set_aside_keeps_its_fault(database: Database) -> None:
    message_id = receive(database, "bonjour")
    assert message_id is not None
    with database.writing() as tx:
        assert [messages.count_attempt(tx, message_id, "KeyError") for _ in range(3)] == [1, 2, 3]
        messages.set_aside(tx, message_id)
        assert messages.ready_contacts(tx, 0, 16) == ()
        assert value(tx, sa.select(table.c.fault)) == "KeyError"


def test_a_text_that_no_key_opens_reads_as_empty(database: Database) -> None:
    receive(database, "un")
    with database.writing() as tx:
        tx.execute(sa.update(table).values(content=b"\x01\x02k9" + b"x" * 40))
    with database.reading() as tx:
        (row,) = messages.unhandled(tx, messages.ready_contacts(tx, 0, 16))
        assert (row.kind, row.text) == ("empty", "")


@pytest.mark.parametrize("order", list(permutations((Status.SENDING, Status.SENT, Status.DELIVERED))))
def test_reports_in_any_order_end_at_the_furthest(database: Database, order: tuple[Status, ...]) -> None:
    message_id = reply(database)
    with database.writing() as tx:
        for status in order:
            outbound.raise_status(tx, message_id, "SM1", status, None)
    assert stored(database, message_id)[:2] == (int(Status.DELIVERED), "SM1")


def test_what_was_undelivered_may_still_arrive_but_never_the_other_way_round(database: Database) -> None:
    message_id = reply(database)
    with database.writing() as tx:
        assert outbound.raise_status(tx, message_id, "SM1", Status.UNDELIVERED, "30003")
        assert outbound.raise_status(tx, message_id, "SM1", Status.DELIVERED, None)
        assert not outbound.raise_status(tx, message_id, "SM1", Status.FAILED, "30008")
        assert not outbound.raise_status(tx, message_id, "SM1", Status.DELIVERED, None)
    assert stored(database, message_id) == (int(Status.DELIVERED), "SM1", "30003", 1)


def test_a_report_that_comes_before_the_sends_own_answer_is_kept(database: Database) -> None:
    message_id = reply(database)
    with database.writing() as tx:
        outbound.raise_status(tx, message_id, "SM1", Status.DELIVERED, None)
        outbound.note_sent(tx, [(message_id, "SM1", 2)])
        outbound.note_failed(tx, message_id, "30008")
    assert stored(database, message_id) == (int(Status.DELIVERED), "SM1", None, 2)


def test_a_report_on_nothing_of_ours_changes_nothing(database: Database) -> None:
    inbound = receive(database, "bonjour")
    assert inbound is not None
    with database.writing() as tx:
        assert not outbound.raise_status(tx, uuid4(), "SM1", Status.SENT, None)
        assert not outbound.raise_status(tx, inbound, "SM1", Status.SENT, None)
