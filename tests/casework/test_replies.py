"""A caseworker answers by text: what happens to the referral, what the person hears, and what each mistake is answered with."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.casework.withdrawing import withdraw
from bot.domain.segments import render_for_sms
from bot.storage import referrals
from bot.storage.history import SERVICE
from tests.casework.cast import CODE, COLLEAGUE, COORDINATOR, FORMER, HOLDER, OTHER, STRANGER, cast, refer, with_cast
from tests.pipeline.world import AWA, MODOU, World

SECOND = "K7M4PZ"


@pytest.fixture
def office(world: World) -> World:
    """Everybody has a phone, and one referral is offered to one partner that got it from another."""
    world.say("bonjour", AWA)
    with world.rt.database.writing() as tx:
        refer(tx)
    return with_cast(world, "fr")


def reply(key: str) -> str:
    """How an answer begins."""
    return render_for_sms(cast().word_for("replies", key, "fr").replace("{{ referral.code }}", CODE), "fr").partition("{{")[0]


def state(world: World, code: str = CODE) -> tuple[str, str]:
    ((found, partner),) = world.rows("SELECT state, partner FROM referrals WHERE code = :code", code=code)
    return str(found), str(partner)


def heard(world: World, phone: str = AWA) -> int:
    world.dispatch()
    return len(world.sms.texts(phone))


@pytest.mark.parametrize("text", [f"ok {CODE}", f"non {CODE} 1", "liste", f"transf {CODE} bambey", f"pas joint {CODE}", "aide"])
def test_neither_the_answer_nor_any_notice_holds_personal_data(world: World, text: str) -> None:
    for answer in ("inscription", "oui", "1", "Touba", "1", "1", "1", "1", "1", "1", "Modou"):
        world.say(answer)
    code = str(world.one("SELECT code FROM referrals"))
    world.change("UPDATE referrals SET partner = 'baos_diourbel'")
    with_cast(world, "fr")
    answer = world.say(text.replace(CODE, code), HOLDER)
    notices = [str(text) for (text,) in world.rows("SELECT text FROM notifications")]
    for said in (answer, *notices):
        for personal in ("Modou", AWA[4:], "Touba"):
            assert personal not in said


def test_the_person_hears_in_their_own_language(world: World) -> None:
    world.say("nanga def")
    with world.rt.database.writing() as tx:
        refer(tx)
    with_cast(world, "fr")
    before = heard(world)
    world.say(f"ok {CODE}", HOLDER)
    (told,) = world.sms.texts(AWA)[before:]
    assert CODE in told
    assert "acceptée" not in told


@pytest.mark.parametrize("text", ["ok {}", "non {} 1", "transf {} bambey", "pas joint {}", "appele {}", "note {} lundi"])
def test_a_command_sent_twice_moves_and_tells_once_and_is_answered_alike(office: World, text: str) -> None:
    first = office.say(text.format(CODE), HOLDER)
    after, moves, told = state(office), office.one("SELECT count(*) FROM referral_events"), heard(office)
    assert office.say(text.format(CODE), HOLDER) == first
    assert (state(office), office.one("SELECT count(*) FROM referral_events"), heard(office)) == (after, moves, told)


def test_each_kind_of_wrong_code_gets_its_own_answer_that_says_what_to_do(office: World) -> None:
    asked = {
        "unknown_code": office.say("ok K7999Z", HOLDER),
        "someone_else": office.say(f"ok {CODE}", OTHER),
        "moved_on": office.say(f"ok {CODE}", FORMER),
        "not_registered": office.say(f"ok {CODE}", STRANGER),
    }
    with office.rt.database.writing() as tx:
        row = referrals.lock_by_code(tx, CODE)
        assert row is not None
        referrals.hand(tx, row, "transfer", SERVICE, partner="caosp", why="because", reason="not_seen")
    asked["expired"] = office.say(f"ok {CODE}", HOLDER)
    office.change("UPDATE referrals SET state = 'closed', outcome = 'served'")
    asked["was_closed"] = office.say(f"ok {CODE}", OTHER)
    office.change("UPDATE referrals SET state = 'revoked'")
    asked["was_revoked"] = office.say(f"ok {CODE}", OTHER)
    for key, answer in asked.items():
        assert answer.startswith(reply(key)), key
    assert len(set(asked.values())) == len(asked)


def test_an_answer_after_the_deadline_is_taken_and_asks_for_a_call_today(office: World) -> None:
    office.change("UPDATE referrals SET due_at = :due", due=office.clock().replace(year=2020))
    assert office.say(f"ok {CODE}", HOLDER).startswith(reply("late_accept"))
    assert state(office)[0] == "accepted"


def test_without_a_code_the_only_open_one_is_meant(office: World) -> None:
    assert CODE in office.say("ok", HOLDER)
    assert state(office)[0] == "accepted"
    assert office.say("ok", HOLDER) == office.say(f"ok {CODE}", HOLDER)


def test_without_a_code_and_with_several_open_the_code_is_asked_for_and_completes_the_command(office: World) -> None:
    with office.rt.database.writing() as tx:
        refer(tx, code=SECOND, phone=MODOU)
    assert office.say("non 2", HOLDER).startswith(reply("which_code"))
    assert {state(office, code)[0] for code in (CODE, SECOND)} == {"offered"}
    office.say(SECOND.lower(), HOLDER)
    assert [state(office, code)[1] == "baos_diourbel" for code in (CODE, SECOND)] == [True, False]


@pytest.mark.parametrize(
    ("text", "question", "answer", "move", "reason"),
    [
        (f"non {CODE}", "which_reason", "2", "decline", "out_of_scope"),
        (f"non {CODE}", "which_reason", "complet", "decline", "no_capacity"),
        (f"fait {CODE}", "which_outcome", "4", "close", "referred_on"),
        (f"fait {CODE} 17", "which_outcome", "1", "close", "served"),
    ],
)
def test_a_missing_reason_is_asked_for_and_a_number_answers(
    office: World, text: str, question: str, answer: str, move: str, reason: str
) -> None:
    if move == "close":
        office.say(f"ok {CODE}", HOLDER)
    asked = office.say(text, HOLDER)
    assert asked.startswith(reply(question))
    assert "1 " in asked
    office.say(answer, HOLDER)
    found = [str(one) for (one,) in office.rows("SELECT reason FROM referral_events WHERE move = :move", move=move)]
    assert found == [reason]


def test_a_number_the_day_after_answers_nothing(office: World) -> None:
    office.say(f"non {CODE}", HOLDER)
    office.pass_(hours=25)
    assert office.say("2", HOLDER).startswith(reply("help"))
    assert state(office) == ("offered", "baos_diourbel")


def test_a_refusal_leads_to_the_next_partner_with_a_reason_a_notice_and_a_word_to_the_person(office: World) -> None:
    before = heard(office)
    office.say(f"non {CODE} 1", HOLDER)
    ((found, partner, why),) = office.rows("SELECT state, partner, reason FROM referrals")
    assert (found, partner != "baos_diourbel") == ("offered", True)
    assert "n'a pas pu prendre" in why
    assert office.one("SELECT count(*) FROM notifications WHERE partner = :partner", partner=partner) == 1
    assert heard(office) == before + 1


def test_refusals_end_at_the_coordinator_and_the_person_is_told_honestly(office: World) -> None:
    phones = {"baos_diourbel": HOLDER, "anpej": FORMER, "caosp": OTHER, "ard_diourbel": COORDINATOR}
    held: list[str] = []
    while state(office)[0] == "offered" and len(held) < 20:
        held.append(state(office)[1])
        office.change("UPDATE referrals SET state = 'declined'") if held[-1] not in phones else None
        office.say(f"non {CODE} 1", phones.get(held[-1], HOLDER))
    assert held[-1] == "ard_diourbel"
    assert len(held) == len(set(held))
    assert state(office) == ("declined", "ard_diourbel")
    assert "aucun service" in office.sms.texts(AWA)[-1]
    assert CODE in office.say("liste", COORDINATOR)
    assert office.say(f"ok {CODE}", COORDINATOR).startswith(reply("done_accept"))


@pytest.mark.parametrize("word", ["ok", "liste", "fait"])
def test_with_none_open_that_is_the_answer(office: World, word: str) -> None:
    assert office.say(word, OTHER).startswith(reply("none_open"))


def test_the_list_shows_what_is_open_and_nothing_else_and_stays_short(office: World) -> None:
    codes = [f"K7M4P{sign}" for sign in "23456789ABC"]
    with office.rt.database.writing() as tx:
        for number, code in enumerate(codes):
            refer(tx, "closed" if code == codes[0] else "offered", code=code, phone=f"+2217711150{number:02}")
    listed = office.say("liste", HOLDER)
    assert CODE in listed
    assert codes[0] not in listed
    assert len(listed.splitlines()) == 10


@pytest.mark.parametrize("text", ["bonjour", "", "K7222A", "je ne sais pas quoi faire ici", "pas encore fait"])
def test_anything_else_is_answered_with_what_can_be_written(office: World, text: str) -> None:
    assert office.say(text, HOLDER).startswith(reply("help"))
    assert state(office) == ("offered", "baos_diourbel")


def test_a_photo_is_answered_with_help(office: World) -> None:
    assert office.say("", HOLDER, kind="image").startswith(reply("help"))


def test_a_wolof_caseworker_is_answered_in_wolof(office: World) -> None:
    with_cast(office, "wo")
    office.say("aide", HOLDER)
    assert office.sms.taken[-1][0].text == cast().reply("help", "wo") != cast().reply("help", "fr")


def test_two_caseworkers_who_answer_at_once_are_one_winner(office: World) -> None:
    office.receive(f"ok {CODE}", HOLDER)
    office.receive(f"non {CODE} 1", COLLEAGUE)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: office.advance(), range(2)))
    office.advance()
    moves = [str(move) for (move,) in office.rows("SELECT move FROM referral_events WHERE by LIKE 'partner:baos%' ORDER BY seq")]
    assert moves in (["accept", "decline"], ["decline"])
    assert state(office)[0] == "offered"


def test_a_registered_number_on_another_channel_is_anybody(office: World) -> None:
    assert "\n1 " in office.say("menu", HOLDER, channel="whatsapp")


def test_the_persons_own_code_with_a_yes_is_their_own_matter(office: World) -> None:
    assert not office.say(f"ok {CODE}", AWA).startswith(reply("not_registered"))
    assert state(office) == ("offered", "baos_diourbel")


def test_who_took_it_and_lost_it_since_hears_that_the_person_withdrew(office: World) -> None:
    office.say(f"ok {CODE}", HOLDER)
    office.say(f"transf {CODE} caosp", COORDINATOR)
    assert office.say(f"ok {CODE}", HOLDER).startswith(reply("moved_on"))
    with office.rt.database.writing() as tx:
        (row,) = referrals.by_codes(tx, [CODE])
        withdraw(office.rt.content, tx, row)
    assert office.say(f"ok {CODE}", HOLDER).startswith(reply("was_revoked"))
