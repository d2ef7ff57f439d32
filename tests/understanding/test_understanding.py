"""The understanding service helps when it can and costs little when it cannot; danger words never depend on it."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from bot.domain.understanding import NOTHING, Entity, Guess, Understanding
from bot.understanding import LONGEST, PhraseLayer, RasaUnderstander, clean
from tests.understanding.rig import Service, free_port, serving

INTENTS = frozenset({"job_search", "greet", "danger_self_harm", "danger_violence"})
TIMEOUT = 0.4
DANGER = Understanding(danger="danger_self_harm", source="phrases")


class Ticks:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def understander(url: str, clock: Any = time.monotonic, token: str = "") -> RasaUnderstander:
    phrases = PhraseLayer(lambda text: "danger_self_harm" if "mourir" in text else None)
    return RasaUnderstander(url, token, TIMEOUT, phrases, INTENTS, clock)


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


def test_a_text_comes_back_with_its_meaning(service: Service) -> None:
    understood = understander(service.url).parse("dama bëgg liggéey ci Touba")
    assert understood.ranking == (Guess("job_search", 0.8), Guess("greet", 0.1))
    assert understood.entities == (Entity("place", "Touba", 3, 8, "SN-DB/mbacke/touba"),)
    assert (understood.language, understood.danger, understood.source) == ("wo", None, "nlu")


def test_the_service_sees_the_text_and_its_token_and_nothing_else(service: Service) -> None:
    understander(service.url, token="secret").parse("bonjour")
    assert (service.paths, service.texts) == (["/model/parse?token=secret"], ["bonjour"])


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("/restart", "restart"),
        ("/ /restart", "restart"),
        ('  //ask_human{"city":"x"}', 'ask_human{"city":"x"}'),
        ("bon\x00jour\x1b[31m\r\nà tous", "bon jour [31m  à tous"),
        ("e\u0301cole", "école"),
        ("a\u202eb\u200dc", "a b c"),
        ("x" * 5000, "x" * LONGEST),
        ("\ud800bonjour", "bonjour"),
    ],
)
def test_a_text_is_cleaned_before_it_is_shown(service: Service, written: str, seen: str) -> None:
    assert clean(written) == seen
    understander(service.url).parse(written)
    assert service.texts == [seen]


@pytest.mark.parametrize("text", ["", "   ", "👍👍", "12", "!?", "///", "مرحبا كيف حالك", "你好", "Привет"])
def test_what_has_no_latin_letter_is_not_asked_about(service: Service, text: str) -> None:
    assert understander(service.url).parse(text) == NOTHING
    assert service.texts == []


def test_intents_that_nobody_knows_are_dropped(service: Service) -> None:
    service.answers({"intent_ranking": [{"name": "nlu_fallback", "confidence": 0.9}, {"name": "greet", "confidence": 0.05}]})
    assert understander(service.url).parse("bonjour").ranking == (Guess("greet", 0.05),)


def test_danger_words_win_over_what_the_service_says(service: Service) -> None:
    understood = understander(service.url).parse("je veux mourir de rire")
    assert (understood.intent, understood.confidence, understood.source) == ("danger_self_harm", 1.0, "nlu")
    service.answers({"intent_ranking": [], "danger": {"intent": "danger_violence"}})
    assert understander(service.url).parse("je veux mourir").danger == "danger_self_harm"


@pytest.mark.parametrize(
    ("said", "danger"),
    [
        ({"intent": "danger_violence"}, "danger_violence"),
        ({"intent": "greet"}, None),
        ({"intent": "danger_other"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_danger_of_the_service_counts_when_it_is_one(service: Service, said: object, danger: str | None) -> None:
    service.answers({"intent_ranking": [], "danger": said})
    assert understander(service.url).parse("il me frappe").danger == danger


def hangs(request: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def closes(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True


@pytest.mark.parametrize("trouble", ["slow", "hanging", "dripping", "closing", "refused", "500", "404"])
def test_trouble_costs_no_more_than_the_budget_and_danger_words_still_count(service: Service, trouble: str) -> None:
    service.delay = 3.0 if trouble == "slow" else 0.0
    service.drip = 0.05 if trouble == "dripping" else 0.0
    service.behave = {"hanging": hangs, "closing": closes}.get(trouble)
    service.status = int(trouble) if trouble.isdigit() else 200
    url = f"http://127.0.0.1:{free_port()}" if trouble == "refused" else service.url
    asked = understander(url)
    for text, expected in (("bonjour", NOTHING), ("je veux mourir", DANGER)):
        begin = time.monotonic()
        assert asked.parse(text) == expected
        assert time.monotonic() - begin < TIMEOUT + 0.6


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"3",
        b'"text"',
        b'{"intent_ranking": null}',
        b'{"intent_ranking": 3}',
        b'{"intent_ranking": ["greet"]}',
        b'{"intent_ranking": [{"name": "greet"}]}',
        b'{"intent_ranking": [{"name": "greet", "confidence": "much"}]}',
        b'{"intent_ranking": [{"name": ["greet"], "confidence": 1}]}',
        b'{"entities": [{"value": "x"}]}',
        b'{"entities": [{"entity": "place", "value": "x", "start": "a"}]}',
        b'{"danger": "yes"}',
    ],
)
def test_garbage_is_nothing_and_danger_words_still_count(service: Service, body: bytes) -> None:
    service.body = body
    asked = understander(service.url)
    assert asked.parse("bonjour") == NOTHING
    assert asked.parse("je veux mourir") == DANGER


def test_after_five_failures_it_is_left_alone_for_five_seconds_and_then_asked_again(service: Service) -> None:
    clock = Ticks()
    asked = understander(service.url, clock)
    service.status = 500
    for _ in range(8):
        asked.parse("bonjour")
    assert len(service.texts) == 5
    service.status = 200
    clock.now += 4.9
    assert asked.parse("bonjour") == NOTHING
    assert asked.parse("je veux mourir") == DANGER
    clock.now += 0.2
    assert asked.parse("bonjour").intent == "job_search"
    assert len(service.texts) == 6


def test_a_failure_now_and_then_opens_no_breaker(service: Service) -> None:
    asked = understander(service.url)
    for number in range(20):
        service.status = 200 if number % 4 == 3 else 500
        asked.parse("bonjour")
    assert len(service.texts) == 20


def test_a_refused_connection_is_not_tried_for_every_message() -> None:
    clock, port = Ticks(), free_port()
    asked = understander(f"http://127.0.0.1:{port}", clock)
    assert asked.parse("bonjour") == NOTHING
    begin = time.monotonic()
    for _ in range(1000):
        assert asked.parse("je veux mourir") == DANGER
    assert time.monotonic() - begin < 1.0


@pytest.mark.parametrize(("source", "named"), [("model", False), ("phrases", True)])
def test_it_is_known_whether_a_danger_stands_in_the_words(service: Service, source: str, *, named: bool) -> None:
    service.answers({"intent_ranking": [], "danger": {"intent": "danger_violence", "source": source}})
    assert understander(service.url).parse("on me frappe").named is named
