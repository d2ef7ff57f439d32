"""What the conversations of flows/tests/ leave untried: nothing, in any language."""

import pytest

from bot.content.load import load_content
from bot.content.reading import Faults
from bot.domain.understanding import DANGER
from bot.flowtools.coverage import Ledger
from bot.flowtools.playing import play
from bot.flowtools.scripts import Script, read_scripts
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)
SCRIPTS = read_scripts(sorted((PROJECT / "flows" / "tests").glob("*.yml")), PROJECT, CONTENT, Faults())
LANGUAGES = CONTENT.catalogues.languages
DANGERS = sorted(intent for intent in CONTENT.intents if intent.startswith(DANGER))


def began_with(intent: str, language: str) -> list[Script]:
    """Conversations whose first text is an ordinary one that was given this meaning."""
    return [
        script
        for script in SCRIPTS
        if script.language == language and script.steps[0].intent == intent and not CONTENT.is_known_word(script.steps[0].text)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_node_and_every_way_is_tried(language: str) -> None:
    ledger = Ledger()
    for script in SCRIPTS:
        play(script, CONTENT, ledger)
    report = ledger.report(CONTENT, language)
    assert not report.nodes.missing
    assert not report.ways.missing


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", sorted(CONTENT.intents - {"affirm", "deny"}))
def test_every_meaning_begins_a_conversation_that_is_expected_to_tell_something(intent: str, language: str) -> None:
    scripts = began_with(intent, language)
    assert any(step.verb in ("expect", "referral") for script in scripts for step in script.steps)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", DANGERS)
def test_every_danger_is_told_in_five_indirect_ways(intent: str, language: str) -> None:
    indirect = {script.steps[0].text for script in began_with(intent, language) if script.file.endswith("indirect.yml")}
    assert len(indirect) == 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", DANGERS)
def test_some_indirect_ways_are_heard_without_the_understanding_service(intent: str, language: str) -> None:
    alone = [
        script for script in SCRIPTS if script.file.endswith("indirect.yml") and script.language == language and not script.steps[0].intent
    ]
    assert any(CONTENT.danger_in(script.steps[0].text) == intent for script in alone)


@pytest.mark.parametrize("text", ["passport bi borom kër ga jël na ko", "sène biro fan la nek", "sama goro nee na duma dugg këram"])
def test_a_word_of_every_day_is_no_place(text: str) -> None:
    assert not CONTENT.read_place(text, "wo").certain


def test_a_place_is_still_heard_beside_such_a_word() -> None:
    assert CONTENT.read_place("Kolda laa dëkk, ci kër ga", "wo").options[0][0].startswith("Kolda")
