"""A caseworker answers by text: every command in every state, in French and Wolof, forgiving about everything but the code."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from bot.casework.replies import COMMANDS, Command, read_command
from bot.domain.referrals import MOVES, Move, State
from tests.pipeline.world import AWA, CASEWORKER, MODOU, OTHER_CASEWORKER, WOLOF_CASEWORKER, World, shipped

MOVED: dict[Command, Move] = {"accept": "accept", "see": "see", "decline": "decline", "contact": "contact", "close": "close"}
WORDS = {"accept": "OK", "see": "VU", "decline": "NON", "contact": "APPELE", "close": "FAIT"}
STATES: tuple[State, ...] = (
    "new",
    "offered",
    "seen",
    "accepted",
    "contacted",
    "in_service",
    "closed",
    "declined",
    "revoked",
    "unreachable",
)


def reply(key: str) -> str:
    return shipped().reply(key, "fr").partition("{{")[0][:25].strip()


def state(world: World, code: str) -> str:
    return str(world.one("SELECT state FROM referrals WHERE code = :code", code=code))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("OK K7222A", "accept"),
        ("ok k7 222a svp", "accept"),
        ("k7222a ok", "accept"),
        ("J'accepte", "accept"),
        ("Oui, je prends K7222A", "accept"),
        ("nangu naa", "accept"),
        ("waaw", "accept"),
        ("VU", "see"),
        ("bien reçu", "see"),
        ("gis naa K7222A", "see"),
        ("jot naa ko", "see"),
        ("non", "decline"),
        ("je refuse", "decline"),
        ("Déedéet K7222A", "decline"),
        ("bañ naa", "decline"),
        ("APPELÉ K7222A", "contact"),
        ("appele k7222a", "contact"),
        ("appel fait K7222A", "contact"),
        ("woo naa ko", "contact"),
        ("wax naa ak moom", "contact"),
        ("FAIT", "close"),
        ("terminé !", "close"),
        ("jeex na", "close"),
        ("sotti na", "close"),
        ("LISTE", "list"),
        ("mes demandes", "list"),
        ("lim bi", "list"),
        ("AIDE", "help"),
        ("ndimbal", "help"),
        ("K7222A", None),
        ("", None),
        ("👍", None),
        ("je ne comprends rien à ce message", None),
    ],
)
def test_a_command_is_read_in_either_language_and_any_spelling(text: str, command: Command | None) -> None:
    assert read_command(shipped(), text) == command


def test_every_word_of_the_content_means_its_command() -> None:
    for command in COMMANDS:
        for word in shipped().caseworker_words[command]:
            assert read_command(shipped(), word) == command, word
            assert read_command(shipped(), f"{word.upper()} K7222A") == command, word


@pytest.mark.parametrize(("command", "before"), list(product(MOVED, STATES)))
def test_every_command_in_every_state_moves_as_the_rules_say_or_says_why_not(world: World, command: Command, before: State) -> None:
    code = world.refer()
    world.change("UPDATE referrals SET state = :before", before=before)
    heard_before = len(world.sms.texts(AWA))
    answer = world.say(f"{WORDS[command]} {code}", CASEWORKER)
    sources, target = MOVES[MOVED[command]]
    assert code in answer
    if before == target:
        assert state(world, code) == before
    elif before in sources:
        # A refusal is an event like the others, and at once leads to the next partner.
        assert state(world, code) == ("offered" if command == "decline" else target)
        moved = "SELECT move, by, door FROM referral_events WHERE by <> 'service' ORDER BY seq DESC LIMIT 1"
        assert world.rows(moved) == [(MOVED[command], "partner:baos_diourbel", "text")]
    else:
        assert state(world, code) == before
        assert answer.startswith(f"Demande {code}")
    told = before in sources and before != target and command in ("accept", "decline", "close")
    assert len(world.sms.texts(AWA)) == heard_before + told


@pytest.mark.parametrize("word", ["ok", "non", "liste"])
def test_the_answer_and_what_the_person_hears_hold_no_personal_data(world: World, word: str) -> None:
    world.say("inscription")
    for answer in ("oui", "1", "Touba", "1", "1", "1", "1", "1", "1", "Modou"):
        world.say(answer)
    code = str(world.one("SELECT code FROM referrals"))
    heard = world.say(f"{word} {code}", CASEWORKER)
    notices = world.sms.texts(CASEWORKER)
    assert any(code in notice for notice in notices)
    for text in (heard, *notices, *(text for (text,) in world.rows("SELECT text FROM notifications"))):
        assert "Modou" not in text
        assert AWA[4:] not in text
        assert "Touba" not in text


def test_the_person_hears_in_their_own_language(world: World) -> None:
    world.say("nanga def")
    code = world.refer(words="dama bëgg xaru")
    before = len(world.sms.texts(AWA))
    world.say(f"ok {code}", CASEWORKER)
    (told,) = world.sms.texts(AWA)[before:]
    assert code in told
    assert "acceptée" not in told


def test_a_repeated_command_is_answered_and_told_once(world: World) -> None:
    code = world.refer()
    before = len(world.sms.texts(AWA))
    first, second = world.say(f"ok {code}", CASEWORKER), world.say(f"ok {code}", CASEWORKER)
    assert first == second
    assert len(world.sms.texts(AWA)) == before + 1
    assert world.one("SELECT count(*) FROM referral_events WHERE move = 'accept'") == 1


def test_a_code_that_is_somebody_elses_and_one_that_is_nobodys_get_the_same_answer(world: World) -> None:
    code = world.refer()
    assert world.say(f"ok {code}", OTHER_CASEWORKER) == world.say("ok K7999Z", OTHER_CASEWORKER)
    assert world.sms.texts(OTHER_CASEWORKER)[0].startswith(reply("unknown_code"))
    assert state(world, code) == "offered"


def test_without_a_code_the_only_open_one_is_meant(world: World) -> None:
    code = world.refer()
    assert code in world.say("ok", CASEWORKER)
    assert state(world, code) == "accepted"


def test_without_a_code_and_with_several_open_the_code_is_asked_for(world: World) -> None:
    codes = [world.refer(AWA), world.refer(MODOU)]
    assert world.say("ok", CASEWORKER).startswith(reply("which_code"))
    assert {state(world, code) for code in codes} == {"offered"}


def test_a_refusal_leads_to_the_next_partner_with_a_reason_and_a_notice(world: World) -> None:
    code = world.refer(AWA)
    notices = len(world.rows("SELECT 1 FROM notifications"))
    world.say(f"non {code}", CASEWORKER)
    [(partner, reason)] = world.rows("SELECT partner, reason FROM referrals")
    assert partner != "baos_diourbel"
    assert state(world, code) == "offered"
    assert "n'a pas pu prendre" in reason
    assert len(world.rows("SELECT 1 FROM notifications")) > notices


def test_refusals_end_at_the_coordinator_and_nobody_is_asked_twice(world: World) -> None:
    code = world.refer(AWA)
    held = []
    for _ in range(12):
        held.append(world.rows("SELECT partner FROM referrals")[0][0])
        world.say(f"non {code}", CASEWORKER)
        if state(world, code) == "declined":
            break
    assert len(held) == len(set(held))
    assert state(world, code) == "declined"


@pytest.mark.parametrize("word", ["ok", "liste", "fait"])
def test_with_none_open_that_is_the_answer(world: World, word: str) -> None:
    assert world.say(word, CASEWORKER).startswith(reply("none_open"))


def test_the_list_shows_what_is_open_and_nothing_else(world: World) -> None:
    codes = [world.refer(f"+2217711150{number:02}") for number in range(3)]
    world.change("UPDATE referrals SET state = 'closed' WHERE code = :code", code=codes[0])
    listed = world.say("liste", CASEWORKER)
    assert [code in listed for code in codes] == [False, True, True]


def test_a_long_list_stays_short_enough_to_read(world: World) -> None:
    for number in range(12):
        world.refer(f"+2217711160{number:02}")
    assert len(world.say("liste", CASEWORKER).splitlines()) <= 10


@pytest.mark.parametrize("text", ["bonjour", "", "K7222A", "je ne sais pas quoi faire ici"])
def test_anything_else_is_answered_with_what_can_be_written(world: World, text: str) -> None:
    world.refer()
    assert world.say(text, CASEWORKER).startswith(reply("help"))


def test_a_caseworkers_photo_is_answered_with_help(world: World) -> None:
    assert world.say("", CASEWORKER, kind="image").startswith(reply("help"))


def test_a_wolof_partner_is_answered_in_wolof(world: World) -> None:
    assert world.say("aide", WOLOF_CASEWORKER) == world.sms.render(world.sms.taken[-1][0])
    assert shipped().reply("help", "wo") != shipped().reply("help", "fr")
    assert world.sms.taken[-1][0].text == shipped().reply("help", "wo")


def test_two_caseworkers_who_accept_at_once_move_it_once(world: World) -> None:
    code = world.refer()
    world.receive(f"ok {code}", CASEWORKER)
    world.receive(f"ok {code}", CASEWORKER)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: world.advance(), range(2)))
    world.advance()
    assert world.one("SELECT count(*) FROM referral_events WHERE move = 'accept'") == 1
    assert state(world, code) == "accepted"


def test_a_caseworkers_number_on_another_channel_is_anybody(world: World) -> None:
    assert "\n1 " in world.say("menu", CASEWORKER, channel="whatsapp")
