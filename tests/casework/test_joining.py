"""Nobody is told of a referral, and nobody may act on one, before they answered our first text themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.casework import joining, people
from bot.casework.notices import announce
from bot.casework.pins import pin_hash
from bot.domain.addresses import Address
from bot.domain.members import Member
from bot.storage import members
from bot.storage.database import Transaction
from tests.casework.cast import refer
from tests.pipeline.conftest import log_lines, world
from tests.pipeline.world import World, shipped, without_phones

__all__ = ["log_lines", "world"]
PHONE, OTHER = "+221770009001", "+221770009002"


@pytest.fixture
def service(world: World) -> World:
    """In the shipped content nobody has an address."""
    world.serve(without_phones(shipped()))
    return world


def add(tx: Transaction, phone: str = PHONE, partner: str = "baos_diourbel", number: str = "47") -> Member:
    made = members.add(tx, partner=partner, address=Address("sms", phone), number=number)
    assert made is not None
    return made


def invite(service: World, phone: str = PHONE, partner: str = "baos_diourbel", number: str = "47") -> Member:
    with service.rt.database.writing() as tx:
        made = add(tx, phone, partner, number)
        assert joining.invite(service.rt.content, tx, made)
        assert not joining.invite(service.rt.content, tx, made)
    service.dispatch()
    return made


def told(service: World, partner: str = "baos_diourbel") -> list[str]:
    with service.rt.database.reading() as tx:
        return [reader.address.value for reader in people.readers(service.rt.content, tx, partner)]


def test_the_invitation_names_the_service_and_the_answer_and_a_yes_makes_a_caseworker(service: World) -> None:
    invite(service)
    (text,) = service.sms.texts(PHONE)
    assert "BAOS" in text
    assert "OUI 47" in text
    assert told(service) == []
    assert "AIDE" in service.say("oui 47", PHONE)
    assert told(service) == [PHONE]
    assert "LISTE" in service.say("aide", PHONE)


@pytest.mark.parametrize("said", ["Oui", "OUI 47", "47 oui", "waaw 47", " oui, 47."])
def test_a_yes_may_be_written_as_people_write(service: World, said: str) -> None:
    invite(service)
    service.say(said, PHONE)
    assert told(service) == [PHONE]


@pytest.mark.parametrize("said", ["NON 47", "non", "déedéet 47"])
def test_a_no_is_the_end_of_it(service: World, said: str) -> None:
    invite(service)
    service.say(said, PHONE)
    assert told(service) == []
    before = len(service.sms.texts(PHONE))
    service.say("oui 47", PHONE)
    assert told(service) == []
    assert len(service.sms.texts(PHONE)) > before


def test_who_said_yes_and_says_it_again_is_answered_as_the_first_time_and_takes_no_referral(service: World) -> None:
    invite(service)
    invite(service, partner="anpej")
    first = service.say("oui 47", PHONE)
    code = service.refer()
    service.change("UPDATE referrals SET partner = 'baos_diourbel'")
    assert service.say("OUI 47", PHONE) == first
    assert service.one("SELECT state FROM referrals WHERE code = :code", code=code) == "offered"
    assert service.one("SELECT count(*) FROM members WHERE verified_at IS NOT NULL") == 2


def test_who_said_yes_may_still_say_no(service: World) -> None:
    invite(service)
    service.say("oui 47", PHONE)
    assert "ne recevrez rien" in service.say("non 47", PHONE)
    assert told(service) == []


def test_who_says_no_after_a_yes_gets_nothing_that_still_waits_and_colleagues_take_over_what_they_followed(service: World) -> None:
    invite(service)
    service.say("oui 47", PHONE)
    service.join("baos_diourbel", OTHER)
    service.join("anpej", PHONE)
    service.clock.now = service.clock().replace(hour=22)
    with service.rt.database.writing() as tx:
        refer(tx, "accepted", code="K7M4PX")
        new, elsewhere = refer(tx, "offered", code="K8N5QY"), refer(tx, "offered", code="K9P6RZ")
        announce(service.rt.content, tx, new, "new_referral")
        announce(service.rt.content, tx, replace(elsewhere, partner="anpej"), "new_referral")
    service.change("UPDATE referrals SET partner = 'anpej' WHERE code = 'K9P6RZ'")
    with service.rt.database.writing() as tx:
        (mine,) = [one for one in members.at(tx, Address("sms", PHONE)) if one.partner == "anpej"]
        tx.execute(sa.text("UPDATE members SET number = '48' WHERE id = :id"), {"id": mine.id})
    assert "ne recevrez rien" in service.say("non 47", PHONE)
    service.pass_(hours=11)
    service.dispatch()
    texts, others = "\n".join(service.sms.texts(PHONE)), "\n".join(service.sms.texts(OTHER))
    assert "K8N5QY" not in texts
    assert "K9P6RZ" in texts
    assert "K8N5QY" in others
    assert "DETAILS K7M4PX" in others


def test_what_had_to_go_by_sms_is_answered_there_by_whoever_was_named_by_whatsapp(service: World) -> None:
    address = Address("whatsapp", PHONE)
    with service.rt.database.writing() as tx:
        pin = pin_hash(tx.vault, address, "4711")
        made = members.add(tx, partner="baos_diourbel", address=address, number="47", pin=pin)
        assert made is not None
        joining.invite(service.rt.content, tx, made)
    service.dispatch()
    assert "OUI 47" in service.sms.texts(PHONE)[-1]
    assert "AIDE" in service.say("oui 47", PHONE)
    code = service.refer()
    assert "acceptée" in service.say(f"ok {code}", PHONE)
    assert "Effacez" in service.say(f"details {code} 4711", PHONE)
    assert code in service.say("liste", PHONE, channel="whatsapp")
    assert "appelé" not in service.say(f"note {code}", PHONE)
    assert "noté" in service.say("rappeler lundi", PHONE, channel="whatsapp")


def test_another_telephone_and_the_same_by_whatsapp_are_nobody(service: World) -> None:
    invite(service)
    service.say("oui 47", OTHER, channel="whatsapp")
    service.say("oui 47", PHONE, channel="whatsapp")
    assert told(service) == []


def test_another_number_is_not_an_answer(service: World) -> None:
    invite(service)
    assert "numéro" in service.say("oui 48", PHONE)
    assert told(service) == []


def test_in_a_conversation_a_bare_yes_answers_the_conversation(service: World) -> None:
    service.say("inscription", PHONE)
    invite(service)
    service.say("oui", PHONE)
    assert told(service) == []
    service.say("oui 47", PHONE)
    assert told(service) == [PHONE]


def test_nobody_else_can_answer_for_a_member(service: World) -> None:
    invite(service)
    service.say("oui 47", OTHER)
    assert told(service) == []


def test_a_phone_invited_by_two_services_answers_once(service: World) -> None:
    invite(service)
    with service.rt.database.writing() as tx:
        assert joining.new_number(tx, Address("sms", PHONE)) == "47"
    invite(service, partner="anpej")
    service.say("oui 47", PHONE)
    assert told(service) == [PHONE]
    assert told(service, "anpej") == [PHONE]


def test_a_referral_goes_past_who_has_not_answered_to_whoever_has_and_says_so(service: World) -> None:
    for number, partner in enumerate(sorted({region.coordinator for region in service.rt.content.directory.country.regions.values()})):
        phone = f"+2217700080{number:02d}"
        invite(service, phone, partner)
        service.say("oui 47", phone)
    service.refer()
    holder = service.one("SELECT partner FROM referrals")
    assert told(service, holder)


def test_numbers_of_members_are_sealed_and_found_by_their_hash(service: World) -> None:
    invite(service)
    (row,) = service.rows("SELECT * FROM members")
    assert not any(PHONE[4:] in str(value) or (isinstance(value, bytes) and PHONE[4:].encode() in bytes(value)) for value in row)
    with service.rt.database.reading() as tx:
        assert [one.address.value for one in members.at(tx, Address("sms", PHONE))] == [PHONE]
        assert members.at(tx, Address("sms", OTHER)) == ()


def test_who_stopped_us_is_sent_no_new_referral(service: World) -> None:
    invite(service)
    service.say("oui 47", PHONE)
    with service.rt.database.reading() as tx:
        assert "baos_diourbel" in (people.staffing(service.rt.content, tx).told or ())
    service.say("STOP", PHONE)
    with service.rt.database.reading() as tx:
        assert "baos_diourbel" not in (people.staffing(service.rt.content, tx).told or ())


def test_while_all_of_a_service_are_away_its_absence_and_the_day_of_return_are_known(service: World) -> None:
    made = invite(service)
    service.say("oui 47", PHONE)
    today = service.clock().date()
    with service.rt.database.writing() as tx:
        members.set_absence(tx, made.id, today, today + timedelta(days=6))
        found = people.staffing(service.rt.content, tx)
    assert found.absent == {"baos_diourbel": today + timedelta(days=7)}
    with service.rt.database.writing() as tx:
        deputy = add(tx, OTHER, "anpej")
        members.verify(tx, [deputy.id])
        members.set_deputy(tx, made.id, deputy.id)
        assert "baos_diourbel" in (people.staffing(service.rt.content, tx).told or ())
        who = people.caseworker_at(service.rt.content, tx, Address("sms", OTHER))
    assert told(service) == [OTHER]
    assert who is not None
    assert who.partners == ("anpej", "baos_diourbel")
