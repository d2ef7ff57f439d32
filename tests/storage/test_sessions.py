"""One session a contact: the newest replaces the one before."""

from datetime import timedelta
from uuid import UUID

from bot.domain.addresses import Address
from bot.storage import contacts, sessions, submissions
from bot.storage.database import Database
from bot.storage.sessions import NewSession
from tests.conftest import Clock


def contact(database: Database, number: int = 1) -> UUID:
    with database.writing() as tx:
        return contacts.find_or_create(tx, Address("sms", f"+22177111000{number}"), 1).contact_id


def keep(database: Database, contact_id: UUID, node: str, wait: timedelta = timedelta(hours=1)) -> None:
    with database.writing() as tx:
        sessions.save(tx, [NewSession(contact_id, {"at": node, "name": "Awa"}, "v1", "register", node, wait)])


def test_a_session_replaces_the_one_before(database: Database, clock: Clock) -> None:
    awa = contact(database)
    keep(database, awa, "consent")
    clock.pass_(timedelta(minutes=10))
    keep(database, awa, "intake", timedelta(days=3))
    with database.reading() as tx:
        (found,) = sessions.load(tx, [awa]).values()
        assert found.state == {"at": "intake", "name": "Awa"}
        assert found.waiting_until == clock.now + timedelta(days=3)


def test_a_dropped_session_is_gone_and_dropping_nothing_is_fine(database: Database) -> None:
    awa, modou = contact(database, 1), contact(database, 2)
    for person in (awa, modou):
        keep(database, person, "consent")
    with database.writing() as tx:
        sessions.drop(tx, [])
        sessions.drop(tx, [awa])
        assert set(sessions.load(tx, [awa, modou])) == {modou}


def test_who_waits_too_long_is_found_longest_over_first(database: Database, clock: Clock) -> None:
    first, second, third = (contact(database, number) for number in (1, 2, 3))
    keep(database, second, "consent", timedelta(hours=2))
    keep(database, first, "consent", timedelta(hours=1))
    keep(database, third, "consent", timedelta(days=1))
    with database.reading() as tx:
        assert sessions.waiting_lanes(tx) == ()
    clock.pass_(timedelta(hours=2))
    with database.reading() as tx:
        assert sessions.timed_out(tx, 0, 16) == (first, second)
        assert sessions.timed_out(tx, 0, 1) == (first,)
        assert sessions.timed_out(tx, 1, 16) == ()
        assert sessions.waiting_lanes(tx) == (0,)


def test_answers_of_an_intake_are_read_back_oldest_first(database: Database, clock: Clock) -> None:
    awa = contact(database)
    for name in ("Awa", "Aïssatou"):
        with database.writing() as tx:
            submissions.add(tx, awa, "intake", 1, {"first_name": name})
        clock.pass_(timedelta(days=1))
    with database.reading() as tx:
        assert submissions.of_contact(tx, awa) == [{"first_name": "Awa"}, {"first_name": "Aïssatou"}]
