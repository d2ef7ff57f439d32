"""Test conversations with the real understanding service: what it reads otherwise is told, and conversations go where that leads."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.flows import flows
from bot.content.load import load_content
from bot.content.reading import Faults
from bot.domain.understanding import Entity, Guess, Understanding
from bot.flowtools.hearing import NotHeard, compare, hear, texts_of
from bot.flowtools.playing import play
from bot.flowtools.scripts import Script, read_scripts
from bot.settings import PROJECT
from tests.understanding.rig import Service, serving

SCRIPT = """
tests:
  - name: Un travail
    language: fr
    channel: sms
    steps:
      - say: "il me faut un boulot vite"
        intent: job_search
        entities: {place: Touba}
      - expect: "travail"
  - name: Rien de clair
    language: fr
    channel: sms
    steps:
      - say: "bla bla"
        intent: job_search
        confidence: 0.2
      - expect: "Vous voulez dire"
"""
JOB = Understanding((Guess("job_search", 0.8),), source="nlu")
HEALTH = Understanding((Guess("health_care", 0.7),), (Entity("place", "Mbacké", 0, 0),), source="nlu")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "talks.yml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


@pytest.fixture
def scripts(written: Path) -> list[Script]:
    faults = Faults()
    found = read_scripts([written], PROJECT, load_content(PROJECT), faults)
    assert not faults.found
    return found


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as service:
        yield service


def test_the_service_is_asked_once_for_every_text_that_it_would_hear(scripts: list[Script]) -> None:
    assert texts_of(scripts * 2, load_content(PROJECT)) == ["il me faut un boulot vite"]


def test_what_is_read_as_meant_is_no_difference(scripts: list[Script]) -> None:
    found = compare(scripts, load_content(PROJECT), {"il me faut un boulot vite": JOB})
    assert (found.compared, found.same, found.differences) == (1, 1, ())


def test_another_meaning_and_too_little_confidence_are_told_apart(scripts: list[Script]) -> None:
    content = load_content(PROJECT)
    (other,) = compare(scripts, content, {"il me faut un boulot vite": HEALTH}).differences
    assert (other.kind, other.given, other.found, other.share) == ("other", "job_search", "health_care", 0.7)
    weak = Understanding((Guess("job_search", 0.3),), source="nlu")
    (unsure,) = compare(scripts, content, {"il me faut un boulot vite": weak}).differences
    assert (unsure.kind, unsure.found) == ("unsure", "job_search")


def test_a_named_thing_counts_only_where_it_stands_in_the_text(scripts: list[Script], tmp_path: Path) -> None:
    path = tmp_path / "named.yml"
    path.write_text(SCRIPT.replace("boulot vite", "boulot vite à TOUBA"), encoding="utf-8")
    content, faults = load_content(PROJECT), Faults()
    named = read_scripts([path], PROJECT, content, faults)
    (missing,) = compare(named, content, {"il me faut un boulot vite à TOUBA": JOB}).differences
    assert (missing.kind, missing.given, missing.found) == ("entity", "place", "-")
    assert compare(scripts, content, {"il me faut un boulot vite": JOB}).differences == ()


def test_a_conversation_goes_where_the_service_leads_it(scripts: list[Script]) -> None:
    content = load_content(PROJECT)
    as_given, as_heard = play(scripts[0], content), play(scripts[0], content, heard={"il me faut un boulot vite": HEALTH})
    assert as_given.passed
    assert as_heard.replies != as_given.replies
    assert "health_care 0.70" in [line.text for line in as_heard.lines if line.who == "note"]


def test_a_text_that_nobody_could_understand_stays_so(scripts: list[Script]) -> None:
    content = load_content(PROJECT)
    assert play(scripts[1], content, heard={"bla bla": HEALTH}).replies == play(scripts[1], content).replies


def test_a_silent_service_is_no_comparison() -> None:
    with pytest.raises(NotHeard):
        hear(["bonjour à vous"], lambda _: Understanding())
    assert hear(["123"], lambda _: Understanding())


def ask(written: Path, *more: str) -> Result:
    return CliRunner().invoke(flows, ["test", str(written), "--nlu", "real", "--lang", "fr", *more])


def test_the_command_lists_what_differs_and_ends_with_one(written: Path, service: Service) -> None:
    service.answers({"intent_ranking": [{"name": "health_care", "confidence": 0.8}], "entities": []})
    result = ask(written, "--nlu-url", service.url)
    assert result.exit_code == 1
    assert "prévu job_search, compris health_care (0.80)" in result.output
    assert "1 lus autrement" in result.output
    assert service.texts == ["il me faut un boulot vite"]


def test_the_command_is_content_when_everything_is_read_as_meant(written: Path, service: Service) -> None:
    service.answers({"intent_ranking": [{"name": "job_search", "confidence": 0.8}], "entities": []})
    result = ask(written, "--nlu-url", service.url, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output[result.output.index("{") :])
    assert told["nlu"] == {"compared": 1, "same": 1, "differences": []}


def test_where_no_service_answers_the_command_says_so(written: Path) -> None:
    result = ask(written, "--nlu-url", "http://127.0.0.1:9")
    assert result.exit_code == 2
    assert "No understanding service answers" in result.output


def test_without_an_address_the_trained_service_is_started_and_ended(written: Path) -> None:
    result = ask(written)
    assert result.exit_code in (0, 1), result.output
    assert "1 textes avec un sens prévu" in result.output
