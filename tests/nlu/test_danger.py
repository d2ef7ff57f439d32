"""Danger comes first."""

import pytest
from components.danger import honoured, judge, phrases_of
from components.lexicon import load
from components.names import DANGER_INTENTS
from components.paths import LEXICON
from wolof import Phrases, tokenise


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return phrases_of(load(LEXICON, "danger"))


def ranking(**confidences: float) -> list[dict[str, object]]:
    return [{"name": name, "confidence": value} for name, value in sorted(confidences.items(), key=lambda item: -item[1])]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("je veux mourir", "danger_self_harm"),
        ("jveux en finir avec la vie", "danger_self_harm"),
        ("dama bëgg dee", "danger_self_harm"),
        ("beugatouma doundou", "danger_self_harm"),
        ("mon frère a parlé de suicide", "danger_self_harm"),
        ("mon mari me frappe", "danger_violence"),
        ("il l'a violée", "danger_violence"),
        ("dafa may door", "danger_violence"),
        ("on m'a vendu en Libye", "danger_trafficking"),
        ("ils demandent une rançon", "danger_trafficking"),
        ("dañu ma jaay", "danger_trafficking"),
        ("un enfant seul dort à la gare", "danger_minor"),
        ("talibé bi ñu ko door", "danger_minor"),
        ("elle saigne beaucoup", "danger_medical"),
        ("il ne respire plus", "danger_medical"),
        ("xëm na", "danger_medical"),
    ],
)
def test_phrases_alone_raise_the_alarm(phrases: Phrases, text: str, intent: str) -> None:
    assert intent in {match.group for match in phrases.find(text)}


@pytest.mark.parametrize(
    "text",
    ["je suis mort de rire", "je meurs de faim", "frapper à la porte", "quand est la tabaski", "prise de sang", "avc plaisir", "jàmm la"],
)
def test_what_is_said_lightly_does_not(phrases: Phrases, text: str) -> None:
    assert phrases.find(text) == []


def test_the_file_speaks_of_every_danger() -> None:
    assert set(load(LEXICON, "danger")) == set(DANGER_INTENTS)


def test_suspicion_above_the_threshold_is_danger(phrases: Phrases) -> None:
    tokens = tokenise("rien de tel")
    assert judge(ranking(greet=0.5, danger_minor=0.3, danger_violence=0.2), tokens, phrases, 0.5)["intent"] == "danger_minor"
    assert judge(ranking(greet=0.6, danger_minor=0.4), tokens, phrases, 0.5) == {"intent": None, "score": 0.4, "source": "none"}


def test_a_phrase_counts_unless_the_model_is_sure_of_something_else(phrases: Phrases) -> None:
    tokens = tokenise("je veux mourir")
    assert judge(ranking(greet=0.8, danger_self_harm=0.2), tokens, phrases, 0.9)["source"] == "phrases"
    assert judge(ranking(greet=0.99, danger_self_harm=0.01), tokens, phrases, 0.9)["intent"] is None


def test_the_danger_found_stands_first_and_the_first_is_the_surest() -> None:
    ranked = honoured(ranking(greet=0.5, danger_minor=0.3, danger_medical=0.2), {"intent": "danger_minor", "score": 0.5, "source": "model"})
    assert ranked[0] == {"name": "danger_minor", "confidence": 0.5}
    assert [guess["name"] for guess in ranked[1:]] == ["greet", "danger_medical"]


def test_danger_below_the_threshold_does_not_stand_first() -> None:
    ranked = honoured(ranking(danger_minor=0.4, greet=0.35, deny=0.25), {"intent": None, "score": 0.4, "source": "none"})
    assert [guess["name"] for guess in ranked] == ["greet", "danger_minor", "deny"]
