"""What a person typed formats nothing in our sentences on WhatsApp, and is left as it is on SMS."""

import pytest

from bot.domain.addresses import ChannelType
from bot.domain.contacts import Contact
from bot.engine import conversation
from bot.engine.events import MessageSaid
from bot.engine.turn import Given, Heard
from tests.engine.world import NOON, SmallAssets, flow_set

FLOW = """
flow: hello
version: 1
about: "Saluer"
kind: conversation
triggers:
  - keyword: {any: [salut]}
nodes:
  - name: hello
    say: "Bonjour {{ contact.first_name }}, bienvenue."
"""


@pytest.mark.parametrize(
    ("channel", "name", "said"),
    [
        ("whatsapp", "*Awa*", "Bonjour Awa, bienvenue."),
        ("whatsapp", "_Awa Ndiaye", "Bonjour Awa Ndiaye, bienvenue."),
        ("whatsapp", "Awa", "Bonjour Awa, bienvenue."),
        ("sms", "*Awa*", "Bonjour *Awa*, bienvenue."),
    ],
)
def test_marks_in_a_name_are_letters(channel: ChannelType, name: str, said: str) -> None:
    contact = Contact(channel, "fr", language_fixed=True, fields={"first_name": name})
    turn = conversation.start(SmallAssets(flow_set(FLOW)), contact, Heard("salut"), Given(NOON, lambda: "KX7M4P"))
    assert [event.text for event in turn.events if isinstance(event, MessageSaid)] == [said]
