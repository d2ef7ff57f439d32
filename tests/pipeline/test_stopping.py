"""Who wants nothing gets nothing, in whatever way they say it, until they start again or are in danger."""

import pytest

from bot.domain.addresses import Address, ChannelType
from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage
from bot.pipeline import timers
from tests.pipeline.world import AWA, CASEWORKER, MODOU, World

STOPPED = "SELECT count(*) FROM contacts WHERE stopped_at IS NOT NULL"


@pytest.mark.parametrize(
    ("word", "channel", "answered"),
    [
        ("STOP", "sms", False),
        ("stop", "sms", False),
        ("STOP", "whatsapp", True),
        ("arrêt", "sms", True),
        ("Arrêtez !", "whatsapp", True),
        ("bàyyil", "sms", True),
        ("Baayil", "whatsapp", True),
        # The carrier stops these by itself and answers in its own words.
        ("QUIT", "sms", False),
        ("unsubscribe", "sms", False),
        ("Cancel", "sms", False),
    ],
)
def test_a_word_for_stop_stops_and_is_confirmed_where_the_carrier_does_not(
    world: World,
    word: str,
    channel: ChannelType,
    answered: bool,  # noqa: FBT001 - a table
) -> None:
    world.say("bonjour", channel=channel)
    assert bool(world.say(word, channel=channel)) is answered
    assert world.one(STOPPED) == 1
    assert world.say("menu", channel=channel) == ""
    assert world.say("je cherche un travail", channel=channel) == ""


@pytest.mark.parametrize(("word", "stopped"), [("STOP", 1), ("Plus de promotions", 1), ("START", 0), ("Oui, recommencer", 0)])
def test_the_providers_own_opt_out_counts_whatever_the_words_and_is_never_answered(world: World, word: str, stopped: int) -> None:
    world.say("bonjour", channel="whatsapp")
    if not stopped:
        world.say("stop", channel="whatsapp")
    assert world.say(word, channel="whatsapp", opt_out="stop" if stopped else "start") == ""
    assert world.one(STOPPED) == stopped


def test_the_providers_help_is_not_answered_twice(world: World) -> None:
    assert world.say("HELP", opt_out="help") == ""
    assert world.one(STOPPED) == 0


def test_after_start_everything_is_as_before(world: World) -> None:
    world.say("arrêt")
    assert world.say("reprendre") != ""
    assert world.say("menu") != ""
    assert world.one(STOPPED) == 0


def test_the_session_ends_with_the_stop(world: World) -> None:
    world.say("inscription")
    world.say("stop")
    assert world.one("SELECT count(*) FROM sessions") == 0
    world.pass_(days=30)
    before = len(world.sms.taken)
    world.time_out()
    world.dispatch()
    assert len(world.sms.taken) == before


@pytest.mark.parametrize("words", ["j'ai envie de mourir", "je veux mourir", "dama bëgg xaru"])
def test_somebody_in_danger_is_answered_although_they_stopped_and_so_is_what_they_say_next(world: World, words: str) -> None:
    world.say("stop")
    assert "1515" in world.say(words)
    assert "1515" in world.say("oui")
    assert world.one("SELECT urgency FROM referrals") == "emergency"
    assert world.one(STOPPED) == 1
    assert world.say("menu") == ""


def test_what_waits_to_be_sent_is_cancelled(world: World) -> None:
    world.receive("bonjour", channel="whatsapp")
    world.advance()
    world.receive("stop", channel="whatsapp")
    world.advance()
    world.dispatch()
    assert world.states() == ["cancelled", "sent"]
    assert len(world.whatsapp.taken) == 1


def test_an_answer_to_what_came_just_before_the_stop_is_not_sent(world: World) -> None:
    world.receive("bonjour", channel="whatsapp")
    world.receive("stop", channel="whatsapp")
    world.advance()
    world.dispatch()
    (confirmation,) = world.whatsapp.texts(AWA)
    assert "START" in confirmation


def test_what_was_on_its_way_when_they_stopped_is_not_tried_again(world: World) -> None:
    def stops(message: OutboundMessage, reference: str) -> None:
        world.sms.before = None
        world.receive("arrêt")
        world.advance()

    world.sms.before = stops
    world.sms.outcomes.append(SendError("20429", retryable=True))
    world.say("bonjour")
    world.pass_(hours=1)
    world.dispatch()
    assert world.states() == ["cancelled", "sent"]
    assert len(world.sms.texts(AWA)) == 1


def test_a_doubt_about_something_sent_before_the_stop_does_not_send_it_again(world: World) -> None:
    world.sms.outcomes.append(SendError("no_answer", retryable=True, ambiguous=True))
    world.say("bonjour")
    world.say("arrêt")
    world.pass_(minutes=2)
    timers.settle_doubts(world.rt, world.pool)
    world.dispatch()
    assert world.states() == ["cancelled", "sent"]


@pytest.mark.parametrize("code", ["21610", "63014"])
def test_a_provider_that_says_they_want_nothing_is_believed(world: World, code: str) -> None:
    world.receive("bonjour")
    world.receive("bonjour", MODOU)
    world.advance()
    world.sms.outcomes.append(SendError(code, retryable=False, stop=True))
    world.dispatch()
    assert sorted(world.states()) == ["failed", "sent"]
    assert world.one(STOPPED) == 1


def test_stop_stops_every_address_of_a_person(world: World) -> None:
    world.receive("bonjour", AWA, "whatsapp", also_known_as=Address("whatsapp", "SN.123"))
    world.advance()
    world.receive("stop", "SN.123", "whatsapp")
    world.advance()
    world.dispatch()
    assert world.whatsapp.texts(AWA) == []


def test_a_stopped_person_hears_nothing_of_their_referral(world: World) -> None:
    code = world.refer()
    world.say("stop")
    before = len(world.sms.texts(AWA))
    assert code in world.say(f"ok {code}", CASEWORKER)
    assert len(world.sms.texts(AWA)) == before
