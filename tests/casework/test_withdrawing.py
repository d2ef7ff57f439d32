"""A person takes a referral back by a word at any time: it stops, and everybody who knows of them hears it the same minute."""

import pytest

from bot.storage import casework, referrals
from tests.casework.cast import CODE, COLLEAGUE, FORMER, HOLDER, OTHER, refer, with_cast
from tests.pipeline.world import AWA, World


@pytest.fixture
def office(world: World) -> World:
    """One referral, held by a partner with two phones."""
    world.say("bonjour", AWA)
    with world.rt.database.writing() as tx:
        refer(tx)
    return with_cast(world, "fr")


def state(world: World) -> str:
    return str(world.one("SELECT state FROM referrals"))


WORDS = [(f"RETIRER {CODE}",), (f"annuler ma demande {CODE.lower()}",), ("retirer", "oui"), (f"dindi sama ñaan {CODE}",)]


@pytest.mark.parametrize("said", WORDS)
def test_by_a_word_the_referral_is_over_and_both_phones_of_the_holder_know_the_same_minute(office: World, said: tuple[str, ...]) -> None:
    office.say(f"ok {CODE}", HOLDER)
    for text in said:
        answer = office.say(text, AWA)
    assert "MENU" in answer
    assert state(office) == "revoked"
    assert office.one("SELECT outcome FROM referrals") == "consent_withdrawn"
    for phone in (HOLDER, COLLEAGUE):
        assert "ne plus la contacter" in office.sms.texts(phone)[-1]


def test_a_withdrawal_at_night_on_a_sunday_waits_for_nothing(office: World) -> None:
    while office.clock().weekday() != 6 or office.clock().hour != 23:
        office.pass_(hours=1)
    office.say(f"retirer {CODE}", AWA)
    assert "ne plus la contacter" in office.sms.texts(HOLDER)[-1]


def test_a_notice_that_waits_for_the_morning_is_never_sent(world: World) -> None:
    with_cast(world, "fr")
    world.pass_(hours=11)
    for text in ("inscription", "oui", "1", "Touba", "1", "1", "1", "1", "1", "1", "Modou"):
        world.say(text)
    held_back = world.one("SELECT count(*) FROM notifications WHERE event = 'new_referral'")
    world.say(f"retirer {world.one('SELECT code FROM referrals')}")
    before = len(world.sms.taken)
    world.pass_(days=1)
    world.dispatch()
    assert held_back
    assert [message.text for message, _, _ in world.sms.taken[before:] if "Nouvelle demande" in message.text] == []


def test_a_partner_that_saw_the_details_before_it_handed_on_hears_it_too(office: World) -> None:
    with office.rt.database.writing() as tx:
        row = referrals.lock_by_code(tx, CODE)
        assert row is not None
        casework.open_link(tx, casework.new_link(tx, row.id, partner="anpej", member="somebody"))
    office.say(f"retirer {CODE}", AWA)
    assert "ne plus la contacter" in office.sms.texts(FORMER)[-1]
    assert office.sms.texts(OTHER) == []


@pytest.mark.parametrize("text", ["ok", "appele", "pas joint", "fait 1", "transf bambey", "note lundi", "details"])
def test_nobody_can_act_on_it_any_more_and_the_answer_says_to_stop(office: World, text: str) -> None:
    office.say(f"retirer {CODE}", AWA)
    answer = office.say(f"{text} {CODE}", HOLDER)
    assert "ne plus la contacter" in answer
    assert state(office) == "revoked"


def test_a_link_that_was_not_opened_yet_dies(office: World) -> None:
    office.say(f"ok {CODE}", HOLDER)
    office.say(f"details {CODE}", HOLDER)
    office.say(f"retirer {CODE}", AWA)
    assert office.one("SELECT count(*) FROM detail_links") == 0


def test_only_ones_own_referral_can_be_taken_back(office: World) -> None:
    assert "pas de demande" in office.say(f"retirer {CODE}", "+221771110055")
    assert state(office) == "offered"


def test_a_no_leaves_everything_as_it_was(office: World) -> None:
    office.say("retirer", AWA)
    assert "rien ne change" in office.say("non", AWA)
    assert state(office) == "offered"


def test_a_word_sent_twice_is_one_withdrawal_and_one_notice(office: World) -> None:
    office.say(f"retirer {CODE}", AWA)
    office.say(f"retirer {CODE}", AWA)
    assert office.one("SELECT count(*) FROM referral_events WHERE move = 'revoke'") == 1
    assert sum("ne plus la contacter" in text for text in office.sms.texts(HOLDER)) == 1
