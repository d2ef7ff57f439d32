"""What is not understood is kept for review, as a pseudonym; never what is said in danger or by who wants nothing kept."""

import pytest

from bot.domain.understanding import Guess, Understanding
from bot.pipeline import unclear
from bot.storage import unclear_texts
from bot.storage.database import Database
from bot.worker import timetable
from tests.pipeline.world import AWA, World

LOST = "Kanaari laa tudd, dama am benn mbir bu jafe 77 123 45 67"
UNSURE = Understanding((Guess("find_offer", 0.21), Guess("out_of_scope", 0.2)), (), "wo", None, "nlu")


def kept(world: World) -> list[tuple[str, str]]:
    """(text, node) of everything that is kept."""
    with world.rt.database.reading() as tx:
        return [(text.text, text.node) for text in unclear_texts.unlabelled(tx)]


@pytest.fixture
def lost(world: World) -> World:
    """A service that does not know what to make of LOST."""
    world.meanings.known[LOST] = UNSURE
    return world


def test_a_miss_is_kept_as_a_pseudonym_with_what_the_model_thought(lost: World) -> None:
    lost.say(LOST)
    with lost.rt.database.reading() as tx:
        (text,) = unclear_texts.unlabelled(tx)
    assert text.text == "Samba laa tudd, dama am benn mbir bu jafe 0000"
    assert text.language == "wo"
    assert [guess.intent for guess in text.ranking] == ["find_offer", "out_of_scope"]
    assert text.node in ("guess", "fallback")


def test_a_miss_at_a_question_is_kept_with_the_question(lost: World) -> None:
    lost.say("menu")
    lost.meanings.known["xyz abc"] = UNSURE
    lost.say("xyz abc")
    assert [text for text, _ in kept(lost)] == ["xyz abc"]


def test_what_is_understood_is_not_kept(world: World) -> None:
    world.say("menu")
    world.say("inscription")
    assert kept(world) == []


def test_without_the_understanding_service_nothing_is_kept(world: World) -> None:
    world.say("dama am benn mbir bu jafe")
    assert kept(world) == []


@pytest.mark.parametrize("words", ["j'ai envie de mourir", "on me frappe", "danger"])
def test_in_danger_nothing_is_kept_neither_the_words_nor_what_follows(lost: World, words: str) -> None:
    lost.meanings.known[words] = Understanding((Guess("danger_violence", 0.9),), (), "fr", None, "nlu")
    lost.say(words)
    lost.say(LOST)
    lost.say(LOST)
    assert kept(lost) == []


def test_three_texts_that_are_answered_together_keep_nothing_after_a_danger_among_them(lost: World) -> None:
    for text in ("j'ai envie de mourir", LOST, LOST):
        lost.receive(text)
    lost.advance()
    assert kept(lost) == []


def test_a_month_after_a_danger_a_miss_is_kept_again(lost: World) -> None:
    lost.meanings.known["on me frappe"] = Understanding((Guess("danger_violence", 0.9),), (), "fr", None, "nlu")
    lost.say("on me frappe")
    lost.pass_(days=31)
    lost.time_out()
    lost.say(LOST)
    assert len(kept(lost)) == 1


def test_a_mere_guess_of_danger_is_not_kept_either(lost: World) -> None:
    lost.meanings.known[LOST] = Understanding((Guess("danger_violence", 0.12), Guess("find_offer", 0.1)), (), "wo", None, "nlu")
    lost.say(LOST)
    assert kept(lost) == []


def test_where_somebody_asks_about_their_own_data_nothing_is_kept(lost: World) -> None:
    lost.say("mes données")
    lost.say(LOST)
    assert kept(lost) == []


def test_of_a_person_who_stopped_us_or_withdrew_an_agreement_nothing_is_kept(lost: World) -> None:
    lost.say("stop")
    lost.say(LOST)
    assert kept(lost) == []
    lost.say("start")
    lost.change(
        "INSERT INTO consents (id, contact_id, purpose, given, flows_version, language, channel, at) "
        "SELECT gen_random_uuid(), id, 'referral', false, 'v', 'fr', 'sms', now() FROM contacts"
    )
    lost.say(LOST)
    assert kept(lost) == []
    lost.change("UPDATE consents SET given = true")
    lost.say(LOST)
    assert len(kept(lost)) == 1


@pytest.mark.parametrize("kind", ["audio", "image"])
def test_only_texts_are_kept(lost: World, kind: str) -> None:
    lost.say(LOST, kind=kind)
    assert kept(lost) == []


def test_a_lone_number_is_not_worth_keeping(world: World) -> None:
    world.meanings.known["77 123 45 67"] = UNSURE
    world.say("77 123 45 67")
    assert kept(world) == []


def test_a_turn_that_is_tried_again_keeps_its_text_once(lost: World) -> None:
    lost.receive(LOST, AWA, sid="IN-same")
    lost.receive(LOST, AWA, sid="IN-same")
    lost.advance()
    lost.advance()
    assert len(kept(lost)) == 1


def test_the_timetable_forgets_texts_after_thirty_days_in_batches(lost: World, database: Database) -> None:
    lost.say(LOST)
    with database.writing() as tx:
        unclear_texts.add(tx, [unclear_texts.NewUnclear("wo", "benn", "fallback", ()) for _ in range(600)])
    forget = next(job for job in timetable(lost.rt) if job.name == "forget_unclear_texts")
    forget.run(lost.rt)
    assert len(kept(lost)) == 601
    lost.pass_(days=31)
    assert unclear.forget(lost.rt) == 601
    assert kept(lost) == []
