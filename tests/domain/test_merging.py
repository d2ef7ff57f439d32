"""Fewer, fuller messages, as long as that costs no more and stays readable."""

import pytest

from bot.domain.addresses import ChannelType
from bot.domain.merging import Bubble, as_sms, merge
from bot.domain.messages import Choice
from bot.domain.segments import measure

CHOICES = (Choice("yes", "Oui"), Choice("no", "Non"))
CHANNELS: tuple[ChannelType, ...] = ("sms", "whatsapp")


def texts(channel: ChannelType, *said: str) -> list[str]:
    return [bubble.text for bubble in merge([Bubble(text, "flow.node.say") for text in said], channel, "fr")]


@pytest.mark.parametrize("channel", CHANNELS)
def test_short_texts_of_one_turn_go_out_together(channel: ChannelType) -> None:
    assert texts(channel, "Merci.", "Que cherchez-vous ?") == ["Merci.\nQue cherchez-vous ?"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_said_is_nothing_sent(channel: ChannelType) -> None:
    assert merge([], channel, "fr") == []


def test_choices_end_a_message_and_what_follows_is_another() -> None:
    said = [Bubble("Bonjour.", "a"), Bubble("Que cherchez-vous ?", "b", CHOICES), Bubble("Encore.", "c")]
    assert merge(said, "whatsapp", "fr") == [Bubble("Bonjour.\nQue cherchez-vous ?", "b", CHOICES), Bubble("Encore.", "c")]


def test_on_sms_joining_never_costs_a_segment_more() -> None:
    cheap, dear = "a" * 160, "ع" * 60
    assert texts("sms", cheap, dear) == [cheap, dear]
    assert texts("sms", "a" * 150, "b" * 150) == ["a" * 150 + "\n" + "b" * 150]


def test_on_sms_no_message_becomes_a_page() -> None:
    merged = texts("sms", *["x" * 150] * 8)
    assert len(merged) == 4
    assert all(measure(text).segments <= 2 for text in merged)


def test_on_sms_the_numbered_choices_count_too() -> None:
    question = Bubble("q" * 140, "b", (Choice("yes", "Oui, " + "o" * 60), Choice("no", "Non")))
    merged = merge([Bubble("x" * 150, "a"), question], "sms", "fr")
    assert merged == [Bubble("x" * 150, "a"), question]
    assert measure(as_sms(question, "fr")).segments == 2


def test_on_sms_the_letters_count_as_they_are_sent() -> None:
    """A wolof ë costs nothing once it is written è: joining is judged on that."""
    assert len(merge([Bubble("ë" * 100, "a"), Bubble("ë" * 100, "b")], "sms", "wo")) == 1


def test_on_whatsapp_a_bubble_stays_below_a_thousand_letters() -> None:
    assert [len(text) for text in texts("whatsapp", "x" * 600, "y" * 399, "z" * 10)] == [1000, 10]
    assert [len(text) for text in texts("whatsapp", "x" * 600, "y" * 400)] == [600, 400]


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_is_lost_or_changes_its_order(channel: ChannelType) -> None:
    said = [f"{number} " + "mot " * (number * 13 % 70) for number in range(12)]
    assert "\n".join(texts(channel, *said)) == "\n".join(said)
