"""The intent model itself, free of Rasa: fit, calibrate, rank, keep."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from wolof import Token, tokenise

from components.augmentation import respelled
from components.calibration import best_sharpness, softmax, threshold_at
from components.concepts import Concepts
from components.linear import LinearModel, fit_linear
from components.names import DANGER_INTENTS, OUT_OF_SCOPE
from components.ngrams import Counts, Vectoriser, View
from components.sentences import Encoder, SentenceModel, load_encoder, vectors_of

Array = np.ndarray[Any, Any]

_MOST_LIFT: Final = 0.25


@dataclass(frozen=True)
class Example:
    """A training text, its intent, and whose it is."""

    text: str
    intent: str
    language: str = ""
    hand: str = ""


@dataclass(frozen=True)
class Settings:
    """What `config.yml` may set."""

    views: tuple[dict[str, Any], ...] = (
        {"text": "folded", "kind": "char", "low": 2, "high": 5},
        {"text": "folded", "kind": "word", "low": 1, "high": 2},
        {"text": "sound", "kind": "char", "low": 2, "high": 4},
        {"text": "sound", "kind": "word", "low": 1, "high": 2},
        {"text": "concepts", "kind": "pairs", "weight": 0.7, "min_count": 3},
        {"text": "meanings", "kind": "pairs", "weight": 0.7, "min_count": 3},
    )
    cost: float = 0.2
    bayes: float = 0.05
    sentence_encoder: bool = False
    second_opinion: float = 0.05
    folds: int = 4
    respellings: tuple[str, ...] = ("everyday", "shorthand", "voweless", "slips", "sparse", "sparse")
    danger_false_alarms: float = 0.034
    out_of_scope_recall: float = 0.81

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Settings":
        """Known keys of a pipeline entry; others belong to Rasa."""
        known: dict[str, Any] = {key: config[key] for key in cls.__dataclass_fields__ if key in config}
        for key in ("views", "respellings"):
            if key in known:
                known[key] = tuple(known[key])
        return cls(**known)

    def as_config(self) -> dict[str, Any]:
        """The settings as a pipeline entry."""
        return {**asdict(self), "views": [dict(view) for view in self.views], "respellings": list(self.respellings)}


@dataclass
class IntentModel:
    """Scores and calibration of all intents."""

    linear: LinearModel
    sentences: SentenceModel | None = None
    encoder: Encoder | None = None
    second_opinion: float = 0.0
    sharpness: float = 5.0
    danger_threshold: float = 0.5
    figures: dict[str, float] = field(default_factory=dict)

    @classmethod
    def fit(
        cls, examples: Sequence[Example], settings: Settings, concepts: Mapping[str, Concepts], encoder: Encoder | None = None
    ) -> "IntentModel":
        """Train on everything; calibration comes from models that have not seen the hand they score.

        `encoder` replaces the installed one where the settings want one; without that it is not used.
        """
        encoder = (encoder or load_encoder()) if settings.sentence_encoder else None
        corpus = Corpus.of(examples, settings, concepts, encoder)
        calibration = _calibrate(corpus, settings)
        everything = np.arange(len(examples))
        linear, _ = corpus.fit(everything, settings)
        if OUT_OF_SCOPE in linear.labels:
            linear.bias[linear.labels.index(OUT_OF_SCOPE)] += calibration.out_of_scope_lift
        sentences = corpus.fit_sentences(everything)
        sharpness, threshold, figures = calibration.sharpness, calibration.danger_threshold, calibration.figures
        return cls(linear, sentences, encoder, settings.second_opinion, sharpness, threshold, figures)

    def scores(self, tokens: Sequence[Token]) -> Array:
        """One score per label of `linear`: its own, and the second opinion by its share."""
        scores = self.linear.scores(tokens)
        if self.sentences is not None and self.encoder is not None and self.second_opinion:
            # both learnt from the same examples: their labels are the same, in the same order
            scores = scores + self.second_opinion * self.sentences.log_probabilities(vectors_of([tokens], self.encoder))[0]
        return scores

    def ranking(self, tokens: Sequence[Token]) -> list[dict[str, Any]]:
        """Intents by falling probability; empty when the text holds nothing known."""
        if not any(token.folded for token in tokens):
            return []
        probabilities = softmax(self.scores(tokens), self.sharpness)
        order = np.argsort(-probabilities, kind="stable")
        return [{"name": self.linear.labels[at], "confidence": round(float(probabilities[at]), 6)} for at in order]

    def save(self, folder: Path) -> None:
        """Write everything into an existing folder."""
        self.linear.save(folder)
        if self.sentences is not None:
            self.sentences.save(folder)
        about = {
            "second_opinion": self.second_opinion,
            "sharpness": self.sharpness,
            "danger_threshold": self.danger_threshold,
            "figures": self.figures,
        }
        (folder / "calibration.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None) -> "IntentModel":
        """Read what `save` wrote. The encoder (`encoder`, or the installed one) is loaded only if the model was trained with it.

        Raises EncoderMissing.
        """
        sentences = SentenceModel.open(folder)
        if sentences is not None:
            encoder = encoder or load_encoder()
        about = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
        return cls(LinearModel.open(folder), sentences, encoder if sentences else None, **about)


def folds_by_hand(examples: Sequence[Example], folds: int) -> list[list[int]]:
    """Indices of the examples in each fold; a hand is never split, and the folds are about equally large."""
    sizes: dict[str, list[int]] = {}
    for at, example in enumerate(examples):
        sizes.setdefault(f"{example.language}/{example.hand}", []).append(at)
    parts: list[list[int]] = [[] for _ in range(min(folds, len(sizes)))]
    for hand in sorted(sizes, key=lambda name: (-len(sizes[name]), name)):
        min(parts, key=len).extend(sizes[hand])
    return parts


@dataclass
class Corpus:
    """Counted training texts: the examples first, then their respellings (`source` says of which example)."""

    examples: Sequence[Example]
    counts: Counts
    source: Array
    vectors: Array | None = None

    @classmethod
    def of(
        cls, examples: Sequence[Example], settings: Settings, concepts: Mapping[str, Concepts], encoder: Encoder | None = None
    ) -> "Corpus":
        """Respell and count, and encode the examples where there is an encoder."""
        texts = [example.text for example in examples]
        source = list(range(len(examples)))
        for number, rule in enumerate(settings.respellings):
            for at, example in enumerate(examples):
                other = respelled(example.text, rule, number)
                if other != example.text:
                    texts.append(other)
                    source.append(at)
        vectoriser = Vectoriser([View(**view) for view in settings.views], concepts)
        vectors = vectors_of([tokenise(example.text) for example in examples], encoder) if encoder else None
        return cls(examples, Counts(vectoriser, texts), np.array(source), vectors)

    def fit(self, rows: Array, settings: Settings) -> tuple[LinearModel, list[Array]]:
        """A model of those examples and their respellings, and its kept columns."""
        inside = np.zeros(len(self.examples), dtype=bool)
        inside[rows] = True
        everything = np.flatnonzero(inside[self.source])
        labels = [self.examples[at].intent for at in self.source[everything]]
        return fit_linear(self.counts, everything, labels, settings.cost, bayes=settings.bayes)

    def fit_sentences(self, rows: Array) -> SentenceModel | None:
        """The second opinion of those examples, None without an encoder; it learns from them as they were written."""
        if self.vectors is None:
            return None
        return SentenceModel.fit(self.vectors[rows], [self.examples[at].intent for at in rows])


def unseen_scores(corpus: Corpus, settings: Settings) -> tuple[Array, list[str]]:
    """Scores (examples by intents) from models that have not seen the hand they score, and the intents in order."""
    examples = corpus.examples
    names = sorted({example.intent for example in examples})
    scores = np.full((len(examples), len(names)), -3.0, dtype=np.float32)
    for part in folds_by_hand(examples, settings.folds):
        others = np.setdiff1d(np.arange(len(examples)), part)
        linear, kept = corpus.fit(others, settings)
        found = corpus.counts.matrix(linear.vectoriser, kept, np.array(part)) @ linear.weights + linear.bias
        sentences = corpus.fit_sentences(others)
        if sentences is not None and corpus.vectors is not None:
            found = found + settings.second_opinion * sentences.log_probabilities(corpus.vectors[part])
        scores[np.ix_(part, [names.index(label) for label in linear.labels])] = found
    return scores, names


@dataclass(frozen=True)
class Calibration:
    """What was measured on hands that the models had not seen."""

    sharpness: float = 5.0
    danger_threshold: float = 0.5
    out_of_scope_lift: float = 0.0
    figures: dict[str, float] = field(default_factory=dict)


def _calibrate(corpus: Corpus, settings: Settings) -> Calibration:
    examples = corpus.examples
    if len(folds_by_hand(examples, settings.folds)) < 2:
        return Calibration()
    scores, names = unseen_scores(corpus, settings)
    truth = np.array([names.index(example.intent) for example in examples])
    lift = _lift(scores, truth, names, settings.out_of_scope_recall)
    sharpness = best_sharpness(scores, truth.tolist())
    probabilities = softmax(scores, sharpness)
    dangerous = np.array([name in DANGER_INTENTS for name in names])
    danger = probabilities[:, dangerous].sum(axis=1)
    threshold = threshold_at(danger, dangerous[truth], settings.danger_false_alarms)
    figures = {
        "accuracy": float((probabilities.argmax(axis=1) == truth).mean()),
        "danger_recall": float((danger[dangerous[truth]] >= threshold).mean()) if dangerous[truth].any() else 0.0,
        "out_of_scope_lift": lift,
    }
    return Calibration(sharpness, threshold, lift, figures)


def _lift(scores: Array, truth: Array, names: Sequence[str], recall: float) -> float:
    """Raises the scores of `out_of_scope` in place, by the least of 0 to 0.25 that reaches the recall; returns by how much.

    Taking a foreign matter for a need sends somebody to an office for nothing; the reverse only asks back.
    """
    if OUT_OF_SCOPE not in names:
        return 0.0
    column = names.index(OUT_OF_SCOPE)
    mine = truth == column
    others = np.delete(scores[mine], column, axis=1).max(axis=1)
    lacking = np.quantile(others - scores[mine, column], recall) if mine.any() else 0.0
    lift = float(np.clip(lacking, 0.0, _MOST_LIFT))
    scores[:, column] += lift
    return lift
