"""The intent and language models: learn, calibrate, keep, and give the same answer every time."""

from pathlib import Path

import numpy as np
import pytest
from components.augmentation import RULES, respelled
from components.calibration import best_sharpness, expected_calibration_error, softmax, threshold_at
from components.concepts import Concepts
from components.languages import LanguageModel
from components.linear import LinearModel
from components.model import Example, IntentModel, Settings, folds_by_hand
from components.ngrams import Counts, Vectoriser, View
from wolof import tokenise

TEXTS = {
    "job_search": ["je cherche du travail", "dama wut liggéey", "qui embauche un maçon", "fan lañu soxla nit", "boulot svp"],
    "health_care": ["je suis malade", "dama feebar", "je tousse la nuit", "fan la loppitaan bi", "docteur svp"],
    "danger_self_harm": ["je veux mourir", "dama bëgg dee", "je vais en finir", "bëggatuma dund", "plus envie de vivre"],
}
SETTINGS = Settings(respellings=("slips",), folds=2)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [
        Example(text, intent, "wo" if at in (1, 3) else "fr", f"hand{at % 2}")
        for intent, texts in TEXTS.items()
        for at, text in enumerate(texts)
    ] * 3


@pytest.fixture(scope="module")
def model(examples: list[Example], concepts: dict[str, Concepts]) -> IntentModel:
    return IntentModel.fit(examples, SETTINGS, concepts)


@pytest.mark.parametrize(
    ("text", "intent"), [("travay laay wout", "job_search"), ("feebar naa", "health_care"), ("mourir", "danger_self_harm")]
)
def test_other_spellings_of_what_was_learnt_are_understood(model: IntentModel, text: str, intent: str) -> None:
    assert model.ranking(tokenise(text))[0]["name"] == intent


def test_confidences_fall_and_sum_to_one(model: IntentModel) -> None:
    confidences = [guess["confidence"] for guess in model.ranking(tokenise("je cherche du travail"))]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("text", ["", "😀😀", "...", "مرحبا"])
def test_without_a_word_there_is_no_ranking(model: IntentModel, text: str) -> None:
    assert model.ranking(tokenise(text)) == []


def test_a_model_survives_its_archive(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = IntentModel.open(tmp_path)
    for text in ("fan la liggéey bi", "je meurs", "1 1 1"):
        kept, first = again.ranking(tokenise(text)), model.ranking(tokenise(text))
        assert [guess["name"] for guess in kept[:1]] == [guess["name"] for guess in first[:1]]


def test_training_twice_gives_the_same_model(examples: list[Example], concepts: dict[str, Concepts], model: IntentModel) -> None:
    again = IntentModel.fit(examples, SETTINGS, concepts)
    assert np.array_equal(again.linear.weights, model.linear.weights)
    assert again.sharpness == model.sharpness


def test_a_hand_is_never_split(examples: list[Example]) -> None:
    parts = folds_by_hand(examples, 4)
    hands = [{(examples[at].language, examples[at].hand) for at in part} for part in parts]
    assert sorted(at for part in parts for at in part) == list(range(len(examples)))
    assert all(not left & right for at, left in enumerate(hands) for right in hands[at + 1 :])


def test_rows_made_together_and_one_by_one_agree(concepts: dict[str, Concepts]) -> None:
    texts = [text for texts in TEXTS.values() for text in texts]
    views = [
        View("folded", "char", 2, 4, min_count=1),
        View("sound", "word", 1, 2, min_count=1),
        View("meanings", "pairs", weight=0.7, min_count=1),
    ]
    counts = Counts(Vectoriser(views, concepts), texts)
    rows = np.arange(len(texts))
    vectoriser, kept = counts.fit(rows)
    together = counts.matrix(vectoriser, kept, rows).toarray()
    for at, text in enumerate(texts):
        columns, values = vectoriser.row(tokenise(text))
        one = np.zeros(together.shape[1], dtype=np.float32)
        one[columns] = values
        assert np.allclose(one, together[at], atol=1e-5)


def test_one_intent_alone_can_be_learnt(concepts: dict[str, Concepts]) -> None:
    model = IntentModel.fit([Example("bonjour", "greet"), Example("salut", "greet")], SETTINGS, concepts)
    assert model.ranking(tokenise("bonjour"))[0]["name"] == "greet"


def test_languages_are_told_apart(examples: list[Example]) -> None:
    model = LanguageModel.fit(examples, {"english": ["the", "work", "need", "i", "please"]})
    assert model.identify(tokenise("je tousse et je suis malade la nuit"))[0] == "fr"
    assert model.identify(tokenise("dama feebar, fan la loppitaan bi nekk"))[0] == "wo"
    assert model.identify(tokenise("i need work please"))[0] == "other"
    assert model.identify(tokenise("مرحبا"))[0] == model.identify(())[0] == "other"


@pytest.mark.parametrize("rule", sorted(RULES))
def test_respelling_is_seeded(rule: str) -> None:
    text = "est-ce que je peux avoir ñaari aides pour mon travail maintenant"
    assert respelled(text, rule, 1) == respelled(text, rule, 1)
    assert respelled("", rule) == ""


def test_sharpness_fits_scores_to_truth() -> None:
    scores = np.array([[2.0, 0.0], [0.0, 2.0], [2.0, 0.0], [0.0, 2.0]])
    assert best_sharpness(scores, [0, 1, 0, 1]) > best_sharpness(scores, [0, 1, 1, 0])
    assert softmax(scores, 1.0).sum(axis=1) == pytest.approx(1)


def test_the_threshold_keeps_its_price() -> None:
    scores, positive = np.linspace(0, 1, 101), np.zeros(101, dtype=bool)
    assert (scores >= threshold_at(scores, positive, 0.05)).mean() <= 0.05


def test_perfect_confidence_has_no_calibration_error() -> None:
    assert expected_calibration_error(np.array([1.0, 1.0]), np.array([1.0, 1.0])) == 0


def test_a_linear_model_without_known_words_answers_with_its_bias() -> None:
    empty = LinearModel(Vectoriser([]), ("a", "b"), np.zeros((0, 2), dtype=np.float32), np.array([0.1, 0.2], dtype=np.float32))
    assert empty.scores(tokenise("xyz")).tolist() == pytest.approx([0.1, 0.2])
