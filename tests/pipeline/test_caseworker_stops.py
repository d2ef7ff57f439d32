"""Caseworkers may stop our notices too, in the same words, and have them again."""

import pytest

from bot.casework import people
from bot.casework.notices import announce
from bot.domain.addresses import Address
from bot.storage import members, referrals
from tests.pipeline.world import AWA, CASEWORKER, MODOU, WOLOF_CASEWORKER, World, shipped, without_phones

MEMBER, OTHER = "+221770009001", "+221770009002"

STOPPED = "SELECT count(*) FROM contacts WHERE stopped_at IS NOT NULL"


@pytest.mark.parametrize(
    ("word", "answered"), [("STOP", False), ("ARRET", True), ("Arrêter", True), ("bàyyil", True), ("unsubscribe", False)]
)
def test_a_word_stops_the_notices_and_is_confirmed_once_where_the_carrier_does_not(world: World, word: str, answered: bool) -> None:  # noqa: FBT001 - a table
    said = world.say(word, CASEWORKER)
    assert ("START" in said) is answered
    assert world.one(STOPPED) == 1
    assert world.say(word, CASEWORKER) == ""
    before = len(world.sms.texts(CASEWORKER))
    world.refer()
    assert len(world.sms.texts(CASEWORKER)) == before


def test_a_partner_who_stopped_is_a_matter_for_an_admin(world: World) -> None:
    world.say("arrêt", CASEWORKER)
    world.refer()
    partner = world.one("SELECT partner FROM notifications")
    assert ("partner_stopped", partner) in world.rows("SELECT kind, subject FROM incidents")
    assert world.rows("SELECT state, error_code FROM outbox WHERE kind = 'notice'") == [("cancelled", "stopped")]


def test_an_admin_hears_at_once_of_a_partner_that_nobody_reads_for_any_more_and_of_no_other(world: World) -> None:
    world.serve(without_phones(shipped()))
    for partner, phone in (("baos_diourbel", MEMBER), ("anpej", MEMBER), ("anpej", OTHER)):
        world.join(partner, phone)
    for _ in range(2):
        world.say("ARRET", MEMBER)
    assert world.rows("SELECT kind, subject, times FROM incidents") == [("partner_stopped", "baos_diourbel", 1)]


def test_colleagues_take_up_what_whoever_stopped_was_following_and_nothing_else(world: World) -> None:
    world.serve(without_phones(shipped()))
    for phone in (MEMBER, OTHER):
        world.join("baos_diourbel", phone)
    theirs, own = world.refer(AWA), world.refer(MODOU)
    world.say(f"OK {theirs}", MEMBER)
    world.say(f"OK {own}", OTHER)
    before = len(world.sms.texts(OTHER))
    world.say("ARRET", MEMBER)
    heard = "\n".join(world.sms.texts(OTHER)[before:])
    assert f"Demande {theirs} : la personne qui la suivait" in heard
    assert own not in heard


@pytest.mark.parametrize("left", [True, False])
def test_whoever_joins_hears_of_what_was_taken_and_nobody_follows_any_more(world: World, *, left: bool) -> None:
    world.serve(without_phones(shipped()))
    world.join("baos_diourbel", MEMBER)
    code = world.refer(AWA)
    world.say(f"OK {code}", MEMBER)
    if left:
        world.say("ARRET", MEMBER)
    with world.rt.database.writing() as tx:
        members.add(tx, partner="baos_diourbel", address=Address("sms", OTHER), number="47")
    world.say("OUI 47", OTHER)
    assert (f"Demande {code} : la personne qui la suivait" in "\n".join(world.sms.texts(OTHER))) is left


def test_whoever_joins_also_hears_of_what_was_taken_by_nobody_that_is_known(world: World) -> None:
    world.serve(without_phones(shipped()))
    world.join("baos_diourbel", MEMBER)
    code = world.refer(AWA)
    world.say(f"OK {code}", MEMBER)
    world.change("UPDATE referral_events SET member = ''")
    with world.rt.database.writing() as tx:
        members.add(tx, partner="baos_diourbel", address=Address("sms", OTHER), number="47")
    world.say("OUI 47", OTHER)
    assert f"Demande {code} : la personne qui la suivait" in "\n".join(world.sms.texts(OTHER))


def test_with_start_they_come_again(world: World) -> None:
    world.say("arrêt", CASEWORKER)
    assert "STOP" in world.say("START", CASEWORKER)
    code = world.refer()
    assert code in world.sms.texts(CASEWORKER)[-1]


def test_it_is_said_in_the_language_of_the_partner(world: World) -> None:
    assert "Bind nanu ko" in world.say("bàyyil", WOLOF_CASEWORKER)


def test_a_stopped_caseworker_may_still_act_and_is_not_answered(world: World) -> None:
    code = world.refer()
    world.say("arrêt", CASEWORKER)
    world.pass_(seconds=1)
    assert world.say(f"OK {code}", CASEWORKER) == ""
    assert world.one("SELECT state FROM referrals") == "accepted"
    assert code in world.sms.texts(AWA)[-1]


@pytest.mark.parametrize(("opt_out", "stopped"), [("stop", 1), ("start", 0)])
def test_the_providers_own_opt_out_counts_whatever_the_words(world: World, opt_out: str, stopped: int) -> None:
    if not stopped:
        world.say("arrêt", CASEWORKER)
    assert world.say("Plus de messages", CASEWORKER, opt_out=opt_out) == ""
    assert world.one(STOPPED) == stopped


def test_a_refusal_of_one_referral_is_no_stop(world: World) -> None:
    code = world.refer()
    assert code in world.say(f"NON {code}", CASEWORKER)
    assert world.one(STOPPED) == 0


def test_a_stop_counts_for_the_telephone_whichever_channel_its_notices_come_by(world: World) -> None:
    world.serve(without_phones(shipped()))
    world.join("baos_diourbel", MEMBER, channel="whatsapp")
    world.say("ARRET", MEMBER)
    world.refer()
    world.change("UPDATE referrals SET partner = 'baos_diourbel'")
    with world.rt.database.writing() as tx:
        (row,) = referrals.held_by(tx, ["baos_diourbel"])
        announce(world.rt.content, tx, row, "reminder_referral")
        assert not people.duty(world.rt.content, tx).answers("baos_diourbel")
    before = len(world.sms.texts(MEMBER)), len(world.whatsapp.texts(MEMBER))
    world.dispatch()
    assert (len(world.sms.texts(MEMBER)), len(world.whatsapp.texts(MEMBER))) == before
    assert "Bon retour" in world.say("START", MEMBER)
    with world.rt.database.reading() as tx:
        assert people.duty(world.rt.content, tx).answers("baos_diourbel")
