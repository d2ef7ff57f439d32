"""The intent model itself, free of Rasa: fit, calibrate, rank, keep."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from wolof import Token

from components.calibration import best_sharpness, softmax, threshold_at
from components.linear import LinearModel, fit_svm
from components.names import DANGER_INTENTS
from components.ngrams import Vectoriser, View

Array = np.ndarray[Any, Any]


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
        {"text": "plain", "kind": "char", "low": 1, "high": 5},
        {"text": "plain", "kind": "word", "low": 1, "high": 2},
    )
    cost: float = 0.5
    folds: int = 4
    danger_false_alarms: float = 0.02

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Settings":
        """Known keys of a pipeline entry; others belong to Rasa."""
        known = {key: config[key] for key in cls.__dataclass_fields__ if key in config}
        return cls(**{**known, "views": tuple(known.get("views", cls.views))})

    def as_config(self) -> dict[str, Any]:
        """The settings as a pipeline entry."""
        return {**asdict(self), "views": [dict(view) for view in self.views]}


@dataclass
class IntentModel:
    """Scores and calibration of all intents."""

    linear: LinearModel
    sharpness: float = 5.0
    danger_threshold: float = 0.5
    figures: dict[str, float] = field(default_factory=dict)

    @classmethod
    def fit(cls, examples: Sequence[Example], settings: Settings) -> "IntentModel":
        """Train on everything; calibration comes from models that have not seen the hand they score."""
        sharpness, threshold, figures = _calibrate(examples, settings)
        return cls(_fit(examples, settings), sharpness, threshold, figures)

    def ranking(self, tokens: Sequence[Token]) -> list[dict[str, Any]]:
        """Intents by falling probability; empty when the text holds nothing known."""
        if not any(token.folded for token in tokens):
            return []
        probabilities = softmax(self.linear.scores(tokens), self.sharpness)
        order = np.argsort(-probabilities, kind="stable")
        return [{"name": self.linear.labels[at], "confidence": round(float(probabilities[at]), 6)} for at in order]

    def save(self, folder: Path) -> None:
        """Write everything into an existing folder."""
        self.linear.save(folder)
        about = {"sharpness": self.sharpness, "danger_threshold": self.danger_threshold, "figures": self.figures}
        (folder / "calibration.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "IntentModel":
        """Read what `save` wrote."""
        about = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
        return cls(LinearModel.open(folder), about["sharpness"], about["danger_threshold"], about["figures"])


def _fit(examples: Sequence[Example], settings: Settings) -> LinearModel:
    texts = [example.text for example in examples]
    vectoriser = Vectoriser([View(**view) for view in settings.views]).fit(texts)
    labels, weights, bias = fit_svm(vectoriser.rows(texts), [example.intent for example in examples], settings.cost)
    return LinearModel(vectoriser, labels, weights, bias)


def folds_by_hand(examples: Sequence[Example], folds: int) -> list[list[int]]:
    """Indices of the examples in each fold; a hand is never split, and the folds are about equally large."""
    sizes: dict[str, list[int]] = {}
    for at, example in enumerate(examples):
        sizes.setdefault(f"{example.language}/{example.hand}", []).append(at)
    parts: list[list[int]] = [[] for _ in range(min(folds, len(sizes)))]
    for hand in sorted(sizes, key=lambda name: (-len(sizes[name]), name)):
        min(parts, key=len).extend(sizes[hand])
    return parts


def _calibrate(examples: Sequence[Example], settings: Settings) -> tuple[float, float, dict[str, float]]:
    parts = folds_by_hand(examples, settings.folds)
    if len(parts) < 2:
        return 5.0, 0.5, {}
    names = sorted({example.intent for example in examples})
    scores = np.full((len(examples), len(names)), -3.0, dtype=np.float32)
    for part in parts:
        held = set(part)
        model = _fit([example for at, example in enumerate(examples) if at not in held], settings)
        columns = [names.index(label) for label in model.labels]
        scores[np.ix_(part, columns)] = model.scores_of([examples[at].text for at in part])
    truth = np.array([names.index(example.intent) for example in examples])
    sharpness = best_sharpness(scores, truth.tolist())
    probabilities = softmax(scores, sharpness)
    dangerous = np.array([name in DANGER_INTENTS for name in names])
    danger = probabilities[:, dangerous].sum(axis=1)
    threshold = threshold_at(danger, dangerous[truth], settings.danger_false_alarms)
    figures = {
        "accuracy": float((probabilities.argmax(axis=1) == truth).mean()),
        "danger_recall": float((danger[dangerous[truth]] >= threshold).mean()) if dangerous[truth].any() else 0.0,
    }
    return sharpness, threshold, figures
