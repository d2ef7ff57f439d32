"""An offer whose last day is over is not told; that it is being checked is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.content import Content
from bot.content.load import load_content
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)
NOW = datetime(2026, 12, 2, 12, tzinfo=UTC)
WORDS = {"fr": "nous vérifions", "wo": "nu ngi seet"}


def only(last_day: date) -> Content:
    """The content with one offer for training everywhere, told until that day."""
    offer = next(one for one in CONTENT.directory.offer_list if "training" in one.needs and one.verified and one.on)
    kept = replace(offer, places=("*",), valid_until=last_day)
    return replace(CONTENT, directory=replace(CONTENT.directory, offer_list=(kept,)))


@pytest.mark.parametrize("language", WORDS)
def test_until_its_last_day_an_offer_is_told(language: str) -> None:
    (told,) = only(NOW.date()).offers("training", "Kolda", NOW, language)
    assert WORDS[language] not in told


@pytest.mark.parametrize("language", WORDS)
def test_the_day_after_the_person_hears_that_it_is_being_checked(language: str) -> None:
    (told,) = only(NOW.date() - timedelta(days=1)).offers("training", "Kolda", NOW, language)
    assert WORDS[language] in told


def test_an_offer_that_is_over_is_nothing_for_other_needs() -> None:
    assert only(NOW.date() - timedelta(days=1)).offers("health", "Kolda", NOW, "fr") == ()
