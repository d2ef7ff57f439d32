"""Where nobody can answer a text, it says where to answer instead; where texts are not joined, each part goes by itself."""

from dataclasses import replace

import pytest

from bot.domain.capabilities import Capabilities
from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage
from bot.domain.segments import measure
from tests.pipeline.world import AWA, CASEWORKER, World

WHERE = "WhatsApp +221330000001"


@pytest.fixture
def deaf(world: World) -> World:
    """A service whose SMS sender is a name."""
    world.sms.capabilities = Capabilities(two_way=False, replies_can_stop=False)
    return world


def test_what_is_said_ends_with_where_to_answer_once(deaf: World) -> None:
    deaf.say("bonjour")
    texts = deaf.sms.texts(AWA)
    assert texts
    assert "\n".join(texts).count(WHERE) == 1
    assert WHERE in texts[-1]


def test_a_notice_to_a_partner_says_so_as_well(deaf: World) -> None:
    deaf.refer()
    (notice,) = deaf.sms.texts(CASEWORKER)
    assert notice.count(WHERE) == 1


def test_who_can_answer_reads_no_such_line(world: World) -> None:
    world.refer()
    assert not [text for text in world.sms.texts(AWA) + world.sms.texts(CASEWORKER) if WHERE in text]


def test_parts_of_a_long_text_are_messages_of_one_segment_in_their_order(world: World) -> None:
    world.sms.capabilities = replace(world.sms.capabilities, joined=False)
    world.say("bonjour")
    while world.states().count("due"):
        world.pass_(seconds=3)
        world.dispatch()
    texts = world.sms.texts(AWA)
    assert len(texts) > 1
    assert [text.split(" ")[0] for text in texts] == [f"{number}/{len(texts)}" for number in range(1, len(texts) + 1)]
    assert all(measure(text).segments == 1 for text in texts)


def test_a_part_that_arrived_is_not_sent_again_because_the_next_one_failed(world: World) -> None:
    world.sms.capabilities = replace(world.sms.capabilities, joined=False)
    sent: list[str] = []

    def fail_second_once(message: OutboundMessage, _: str) -> None:
        sent.append(message.text)
        if len(sent) == 2:
            raise SendError("busy", retryable=True)

    world.sms.before = fail_second_once
    world.say("bonjour")
    for _ in range(20):
        world.pass_(seconds=30)
        world.dispatch()
    texts = world.sms.texts(AWA)
    assert len(set(texts)) == len(texts)
    assert [text[0] for text in texts] == [str(number) for number in range(1, len(texts) + 1)]
