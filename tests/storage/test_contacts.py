"""Who is behind an address, when many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import sqlalchemy as sa

from bot.domain.addresses import Address
from bot.storage import contacts
from bot.storage.contacts import Reached
from bot.storage.database import Database, Transaction
from bot.storage.models import addresses as address_table
from bot.storage.models import consents as consent_table
from bot.storage.models import contacts as contact_table
from tests.storage.look import value

AWA, HIDDEN = Address("whatsapp", "+221771110001"), Address("whatsapp", "SN.4f8a1b2c3d")


def count(database: Database, table: sa.Table) -> int:
    with database.reading() as tx:
        found: int = tx.execute(sa.select(sa.func.count()).select_from(table)).scalar()  # type: ignore[assignment]
        return found


def reach(database: Database, address: Address = AWA, also: Address | None = None) -> Reached:
    with database.writing() as tx:
        return contacts.find_or_create(tx, address, 8, also)


def test_sixteen_first_messages_at_once_make_one_contact(database: Database) -> None:
    start = Barrier(16)

    def first(_: int) -> Reached:
        start.wait()
        return reach(database)

    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(first, range(16)))
    assert len(found) == 1
    assert (count(database, contact_table), count(database, address_table)) == (1, 1)


def test_the_same_number_on_two_channels_is_two_addresses(database: Database) -> None:
    assert reach(database) != reach(database, Address("sms", AWA.value))
    assert count(database, address_table) == 2


def test_an_unknown_address_is_nobodys(database: Database) -> None:
    with database.reading() as tx:
        assert contacts.find(tx, AWA) is None


def test_everybody_has_a_lane_below_the_number_of_lanes(database: Database) -> None:
    lanes = {reach(database, Address("sms", f"+2217711100{n:02}")).lane for n in range(60)}
    assert lanes <= set(range(8))
    assert len(lanes) > 1


def test_somebody_whose_number_shows_itself_stays_the_same_person(database: Database) -> None:
    hidden = reach(database, HIDDEN)
    shown = reach(database, AWA, also=HIDDEN)
    assert shown.contact_id == hidden.contact_id
    assert shown.address_id != hidden.address_id


def test_an_address_of_somebody_else_is_not_attached(database: Database) -> None:
    awa, other = reach(database, AWA), reach(database, HIDDEN)
    with database.writing() as tx:
        assert contacts.attach(tx, awa.contact_id, HIDDEN) is False
        assert contacts.find(tx, HIDDEN) == other


def test_a_contact_that_another_worker_holds_is_left_out(database: Database) -> None:
    awa, modou = reach(database, AWA), reach(database, HIDDEN)
    with database.writing() as first, database.writing() as second:
        assert set(contacts.lock(first, [awa.contact_id])) == {awa.contact_id}
        assert set(contacts.lock(second, [awa.contact_id, modou.contact_id])) == {modou.contact_id}


def test_what_a_turn_changed_is_read_back(database: Database) -> None:
    awa = reach(database).contact_id
    with database.writing() as tx:
        row = contacts.lock(tx, [awa])[awa]
        changed = replace(row, language="wo", language_fixed=True, stopped=True, fields={"first_name": "Awa"})
        contacts.save(tx, [(changed, 3)])
    with database.reading() as tx:
        assert contacts.get(tx, awa) == changed
        assert value(tx, sa.select(contact_table.c.version)) == 3


def test_when_somebody_stopped_is_kept_until_they_start_again(database: Database) -> None:
    awa = reach(database).contact_id
    with database.writing() as tx:
        contacts.stop(tx, awa)
        first = tx.now
    with database.writing() as tx:
        row = contacts.lock(tx, [awa])[awa]
        contacts.save(later(tx), [(row, 0)])
        assert tx.execute(sa.select(contact_table.c.stopped_at)).scalar() == first
        contacts.save(tx, [(replace(row, stopped=False), 0)])
        assert tx.execute(sa.select(contact_table.c.stopped_at)).scalar() is None


def later(tx: Transaction) -> Transaction:
    return replace(tx, now=tx.now.replace(year=2027))


def test_people_are_answered_where_they_wrote_last(database: Database) -> None:
    hidden = reach(database, HIDDEN)
    shown = reach(database, AWA, also=HIDDEN)
    with database.writing() as tx:
        contacts.note_inbound(tx, [hidden.address_id])
        latest = contacts.latest_address(tx, shown.contact_id)
        assert latest is not None
        assert latest.address == HIDDEN
        assert set(contacts.address_ids(tx, shown.contact_id)) == {hidden.address_id, shown.address_id}


def test_an_address_that_does_not_open_is_left_out(database: Database) -> None:
    awa, other = reach(database, AWA), reach(database, HIDDEN)
    with database.writing() as tx:
        swapped = tx.execute(sa.select(address_table.c.value).where(address_table.c.id == other.address_id)).scalar()
        tx.execute(sa.update(address_table).where(address_table.c.id == awa.address_id).values(value=swapped))
    with database.reading() as tx:
        assert set(contacts.addresses_of(tx, [awa.address_id, other.address_id])) == {other.address_id}


def test_a_contact_that_does_not_exist_is_none(database: Database) -> None:
    with database.reading() as tx:
        assert contacts.get(tx, uuid4()) is None
        assert contacts.latest_address(tx, uuid4()) is None


def test_consents_and_their_withdrawals_are_both_kept(database: Database) -> None:
    awa = reach(database).contact_id
    with database.writing() as tx:
        for given in (True, False):
            contacts.note_consent(
                tx, awa, "referral", given=given, text="register.consent.say", flows_version="v", language="wo", channel="sms"
            )
    assert count(database, consent_table) == 2
