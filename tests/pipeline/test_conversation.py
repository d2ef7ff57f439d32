"""Whole turns: what is heard, what is answered, and what is left when a turn fails."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.domain.addresses import Address
from bot.domain.messages import InboundMessage
from bot.domain.understanding import Guess, Understanding
from bot.pipeline import conversation, inbox
from bot.storage import contacts
from bot.storage.database import Database
from tests.conftest import Clock
from tests.pipeline.world import AWA, MODOU, World, codes

UNHANDLED = "SELECT count(*) FROM messages WHERE inbound AND handled_at IS NULL"


def test_a_text_is_answered_once_and_dispatch_is_woken(world: World) -> None:
    heard = world.say("bonjour")
    assert "\n1 " in heard
    assert ("dispatch", "outbox") in world.queue.wakes
    world.advance()
    assert not world.dispatch()
    assert len(world.sms.taken) == 1


def test_messages_of_one_person_are_answered_in_order_in_one_go(world: World) -> None:
    for text in ("inscription", "oui", "1"):
        world.receive(text)
    world.advance()
    assert world.rows("SELECT version FROM contacts") == [(3,)]
    assert world.one("SELECT node FROM sessions") == "place"


def test_known_words_need_no_understanding_and_everything_else_is_asked_about_once(world: World) -> None:
    world.say("bonjour")
    world.say("je cherche du boulot vers Touba")
    world.say("", kind="voice")
    assert world.meanings.asked == ["je cherche du boulot vers Touba"]


def test_a_meaning_leads_to_its_flow_and_is_kept_sealed(world: World) -> None:
    world.meanings.known["comment ça se passe pour entrer chez vous"] = Understanding((Guess("start_intake", 0.95),), (), "fr", None, "nlu")
    assert "Vos droits" in world.say("comment ça se passe pour entrer chez vous")
    assert world.one("SELECT flow FROM sessions") == "register"
    assert b"start_intake" not in bytes(world.one("SELECT understanding FROM messages WHERE inbound"))


def test_the_language_that_is_written_is_kept_and_answered_in(world: World) -> None:
    assert world.say("nanga def") != world.say("bonjour", MODOU)
    assert ("wo",) in world.rows("SELECT language FROM contacts")


def test_a_text_that_comes_while_others_are_understood_is_understood_too(world: World) -> None:
    def also(text: str) -> None:
        if text == "euh je ne sais pas":
            inbox.receive(world.rt, InboundMessage("sms", "late", Address("sms", AWA), "", "text", "j'ai envie de mourir"))
            inbox.receive(world.rt, InboundMessage("sms", "later", Address("sms", AWA), "", "text", "menu"))

    world.meanings.meanwhile = also
    world.say("euh je ne sais pas")
    assert world.meanings.asked == ["euh je ne sais pas", "j'ai envie de mourir"]
    assert world.rows("SELECT urgency FROM referrals") == [("emergency",)]
    assert world.one(UNHANDLED) == 0
    handled = [at for (at,) in world.rows("SELECT provider_id FROM messages WHERE inbound ORDER BY handled_at, seq")]
    assert handled[1:] == ["late", "later"]


def in_one_lane(world: World) -> tuple[str, str, int]:
    """Two people of one lane, known already, and the lane."""
    with world.rt.database.writing() as tx:
        reached = [
            (f"+2217711140{number:02}", contacts.find_or_create(tx, Address("sms", f"+2217711140{number:02}"), 2)) for number in range(3)
        ]
    lanes = [found.lane for _, found in reached]
    lane = max(lanes, key=lanes.count)
    first, second, *_ = (phone for phone, found in reached if found.lane == lane)
    return first, second, lane


@pytest.mark.parametrize(("woken", "left"), [(True, 1), (False, 0)])
def test_a_quiet_lane_is_looked_at_again_only_where_newcomers_wake_nobody(world: World, *, woken: bool, left: int) -> None:
    first, second, lane = in_one_lane(world)

    def meanwhile(_: str) -> None:
        world.meanings.meanwhile = None
        world.receive("menu", second)

    world.meanings.meanwhile = meanwhile
    world.receive("euh je ne sais pas", first)
    conversation.advance(world.rt, lane, world.pool, woken=woken)
    assert world.one(UNHANDLED) == left
    assert world.queue.wakes.count(("advance", str(lane))) == 2


def test_two_workers_on_one_lane_answer_each_message_once(world: World) -> None:
    alone = "\n".join(world.say("menu", MODOU) for _ in range(4))
    phones = [f"+2217711120{number:02}" for number in range(10)]
    for phone in phones * 4:
        world.receive("menu", phone)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: world.advance(), range(4)))
    world.advance()
    world.dispatch()
    assert world.one(UNHANDLED) == 0
    assert {"\n".join(world.sms.texts(phone)) for phone in phones} == {alone}
    assert world.rows("SELECT DISTINCT version FROM contacts") == [(4,)]


def test_a_lane_with_more_than_one_batch_is_emptied(world: World) -> None:
    for number in range(50):
        world.receive("menu", f"+2217711130{number:02}")
    world.advance()
    assert world.one(UNHANDLED) == 0


def broken(database: Database, clock: Clock) -> World:
    """A world in which no referral can be opened."""

    def no_code() -> str:
        raise RuntimeError("no code for +221771110001")

    return World(database, clock, no_code, lanes="1")


def test_a_turn_that_fails_leaves_nothing_of_itself(database: Database, clock: Clock) -> None:
    world = broken(database, clock)
    assert world.say("j'ai envie de mourir") == ""
    for table in ("referrals", "referral_events", "notifications", "outbox", "sessions"):
        assert world.one(f"SELECT count(*) FROM {table}") == 0
    assert world.rows("SELECT inbound, attempts, fault, handled_at FROM messages") == [(True, 1, "RuntimeError", None)]
    assert world.one("SELECT version FROM contacts") == 0


def test_one_persons_fault_keeps_nobody_else_waiting(database: Database, clock: Clock) -> None:
    world = broken(database, clock)
    others = [f"+2217711140{number:02}" for number in range(5)]
    for number, other in enumerate(others):
        world.receive("menu", other)
        if number == 2:
            world.receive("j'ai envie de mourir", AWA)
    world.advance()
    world.dispatch()
    assert sorted(message.recipient.value for message, _, _ in world.sms.taken) == others


def test_after_five_failures_a_message_is_set_aside_and_what_comes_after_it_is_answered(database: Database, clock: Clock) -> None:
    world = broken(database, clock)
    world.receive("j'ai envie de mourir")
    world.receive("menu")
    for _ in range(4):
        world.advance()
        assert world.one(UNHANDLED) == 2
    world.advance()
    assert world.rows("SELECT attempts, fault FROM messages WHERE inbound AND handled_at IS NOT NULL") == [(5, "RuntimeError")]
    world.advance()
    world.dispatch()
    assert world.one(UNHANDLED) == 0
    assert len(world.sms.texts(AWA)) == 1


def test_a_code_that_is_taken_already_is_tried_again_with_another(database: Database, clock: Clock) -> None:
    fresh = codes()
    given = iter([fresh(), "K722XA", fresh()])
    world = World(database, clock, lambda: next(given))
    world.say("j'ai envie de mourir")
    assert world.say("j'ai envie de mourir", MODOU) == ""
    world.advance()
    assert world.rows("SELECT code FROM referrals ORDER BY code") == [("K722XA",), ("K723XA",)]


def test_a_message_that_does_not_open_stops_nobody_and_gets_the_menu(world: World) -> None:
    world.receive("je m'appelle Awa")
    world.change("UPDATE messages SET content = '\\x01026b39' || decode(repeat('78', 40), 'hex')")
    world.receive("menu", MODOU)
    world.advance()
    world.dispatch()
    assert [len(world.sms.texts(phone)) for phone in (AWA, MODOU)] == [1, 1]


@pytest.mark.parametrize("state", [b"{}", b'{"version": 99}', b'{"version": 1, "flows": "x", "frames": 3}'])
def test_a_session_that_this_code_cannot_read_starts_anew(world: World, state: bytes) -> None:
    world.say("inscription")
    contact = world.one("SELECT contact_id FROM sessions")
    sealed = world.rt.database.vault.seal(state.decode(), "sessions.state", contact)
    world.change("UPDATE sessions SET state = :state", state=sealed)
    assert "\n1 " in world.say("menu")


def test_a_session_of_an_earlier_version_of_the_flows_goes_on(world: World) -> None:
    world.say("inscription")
    world.change("UPDATE sessions SET flows_version = 'before'")
    assert "18 ans" in world.say("oui")
