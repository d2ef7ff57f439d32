"""A referral goes to a place or a service that a caseworker names: exactly one holds it, both stand in its history."""

import pytest

from bot.casework.details import PATH
from bot.casework.people import readers
from bot.domain.segments import render_for_sms
from tests.casework.cast import CODE, COORDINATOR, FORMER, HOLDER, OTHER, cast, refer, with_cast
from tests.pipeline.world import AWA, World


@pytest.fixture
def office(world: World) -> World:
    """One referral that was accepted."""
    world.say("bonjour", AWA)
    with world.rt.database.writing() as tx:
        refer(tx)
    with_cast(world, "fr")
    world.say(f"ok {CODE}", HOLDER)
    return world


def reply(key: str) -> str:
    return render_for_sms(cast().word_for("replies", key, "fr").replace("{{ referral.code }}", CODE), "fr").partition("{{")[0]


def held(world: World) -> tuple[str, str]:
    ((state, partner),) = world.rows("SELECT state, partner FROM referrals")
    return str(state), str(partner)


@pytest.mark.parametrize("text", ["TRANSF {} Bambey", "transférer {} à Bambey", "{} transf bambey", "yóbbu {} Bambey", "transf bambey"])
def test_a_place_finds_who_takes_the_need_there(office: World, text: str) -> None:
    assert office.say(text.format(CODE), HOLDER).startswith(reply("done_transfer"))
    state, partner = held(office)
    assert (state, partner != "baos_diourbel") == ("offered", True)
    assert office.one("SELECT place FROM referrals") == "Diourbel/Bambey"


@pytest.mark.parametrize("text", ["TRANSF {} CAOSP", "transf {} au CAOSP s'il vous plait"])
def test_a_service_is_taken_at_its_name(office: World, text: str) -> None:
    office.say(text.format(CODE), HOLDER)
    assert held(office) == ("offered", "caosp")
    assert CODE in office.sms.texts(OTHER)[-1]


def test_both_holders_stand_in_the_history_and_the_deadline_that_the_person_was_told_stays(office: World) -> None:
    due = office.one("SELECT due_at FROM referrals")
    office.pass_(days=2)
    before = len(office.sms.texts(AWA))
    office.say(f"transf {CODE} caosp", HOLDER)
    assert office.one("SELECT due_at FROM referrals") == due
    history = office.rows("SELECT move, by, partner, reason FROM referral_events ORDER BY seq")
    assert history[-1] == ("transfer", "partner:baos_diourbel", "caosp", "transferred")
    assert [partner for _, _, partner, _ in history] == ["anpej", "baos_diourbel", "baos_diourbel", "caosp"]
    office.pass_(days=3)
    office.dispatch()
    assert CODE in office.sms.texts(AWA)[before]


def test_a_place_nobody_knows_moves_nothing_and_the_answer_says_what_to_write(office: World) -> None:
    for text in (f"transf {CODE} Atlantide", f"transf {CODE} qwertz"):
        assert office.say(text, HOLDER).startswith(reply("unknown_place"))
    assert held(office) == ("accepted", "baos_diourbel")


def test_a_service_that_nobody_can_tell_gets_nothing_and_no_other_instead(office: World) -> None:
    with office.rt.database.writing() as tx:
        silent = next(partner for partner in cast().directory.partners.values() if partner.usable and not readers(cast(), tx, partner.id))
    assert office.say(f"transf {CODE} {silent.name}", HOLDER).startswith(reply("unknown_place"))
    assert held(office) == ("accepted", "baos_diourbel")


def test_without_a_goal_it_is_asked_for_and_a_bare_place_answers(office: World) -> None:
    assert office.say(f"transf {CODE}", HOLDER).startswith(reply("which_place"))
    assert office.say("Bambey", HOLDER).startswith(reply("done_transfer"))


def test_to_oneself_is_no_transfer(office: World) -> None:
    name = cast().directory.partners["baos_diourbel"].name
    assert office.say(f"transf {CODE} {name}", HOLDER).startswith(reply("same_holder"))
    assert held(office) == ("accepted", "baos_diourbel")


def test_the_coordinator_may_place_what_a_silent_partner_holds_and_that_partner_hears_it(office: World) -> None:
    before = len(office.sms.texts(HOLDER))
    office.say(f"transf {CODE} caosp", COORDINATOR)
    assert held(office) == ("offered", "caosp")
    assert "autre service" in office.sms.texts(HOLDER)[before]
    assert office.one("SELECT by FROM referral_events ORDER BY seq DESC LIMIT 1") == "coordinator:ard_diourbel"


def test_what_comes_back_is_announced_again(office: World) -> None:
    first = len(office.sms.texts(FORMER))
    office.say(f"transf {CODE} anpej", HOLDER)
    office.pass_(minutes=5)
    office.say(f"transf {CODE} caosp", FORMER)
    office.pass_(minutes=5)
    office.say(f"transf {CODE} anpej", OTHER)
    announced = [text for text in office.sms.texts(FORMER)[first:] if text.startswith("Nouvelle demande")]
    assert len(announced) == 2


def test_a_link_that_was_asked_for_opens_nothing_after_the_transfer(office: World) -> None:
    answer = office.say(f"details {CODE}", HOLDER)
    assert PATH in answer
    office.say(f"transf {CODE} caosp", HOLDER)
    assert office.one("SELECT count(*) FROM detail_links") == 0
