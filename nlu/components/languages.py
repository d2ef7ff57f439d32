"""The language model itself, free of Rasa."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from wolof import Token, plain

from components.calibration import best_sharpness, softmax
from components.linear import LinearModel, fit_linear
from components.model import Example, folds_by_hand
from components.names import LANGUAGES, OTHER_LANGUAGE
from components.ngrams import Counts, Vectoriser, View

VIEWS: Final = (View("plain", "char", 1, 4), View("plain", "word", 1, 2), View("folded", "word", weight=0.5))
_LATIN: Final = re.compile(r"[a-zñ]")
# Most words must be foreign and at least two, so that `the` in a Wolof message (tea) changes nothing.
_FOREIGN_SHARE: Final = 0.6
_CROP: Final = 7


@dataclass
class LanguageModel:
    """A linear model over fr, wo and mixed, and word lists of other languages."""

    linear: LinearModel
    foreign: frozenset[str]
    sharpness: float = 3.0

    @classmethod
    def fit(cls, examples: Sequence[Example], foreign: Mapping[str, Sequence[str]]) -> "LanguageModel":
        """From sentences and the language of each; short crops teach it what few words look like."""
        words = frozenset(plain(word) for words in foreign.values() for word in words)
        sharpness = 3.0
        parts = folds_by_hand(examples, 3)
        if len(parts) > 1 and len({example.language for example in examples}) > 1:
            held = set(parts[0])
            linear = _fit([example for at, example in enumerate(examples) if at not in held])
            inside = [examples[at] for at in parts[0] if examples[at].language in linear.labels]
            scores = linear.scores_of([example.text for example in inside])
            sharpness = best_sharpness(scores, [linear.labels.index(example.language) for example in inside])
        return cls(_fit(examples), words, sharpness)

    def identify(self, text: str, tokens: Sequence[Token]) -> tuple[str, float]:
        """The language and how sure that is (0 to 1); `other` for scripts and words of other languages."""
        words = [plain(token.text) for token in tokens]
        latin = sum(bool(_LATIN.search(word)) for word in words)
        letters = sum(word.isalpha() for word in words)
        if not words or latin * 2 < letters or latin == 0:
            return OTHER_LANGUAGE, 0.5 if latin == letters else 0.95
        probabilities = softmax(self.linear.scores(tokens), self.sharpness)
        best = int(probabilities.argmax())
        language, confidence = self.linear.labels[best], float(probabilities[best])
        strange = sum(word in self.foreign for word in words)
        if len(words) >= 3 and strange >= _FOREIGN_SHARE * len(words):
            return OTHER_LANGUAGE, strange / len(words)
        return language, confidence

    def save(self, folder: Path) -> None:
        """Write everything into an existing folder."""
        self.linear.save(folder)
        (folder / "language.json").write_text(json.dumps({"foreign": sorted(self.foreign), "sharpness": self.sharpness}), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "LanguageModel":
        """Read what `save` wrote."""
        about = json.loads((folder / "language.json").read_text(encoding="utf-8"))
        return cls(LinearModel.open(folder), frozenset(about["foreign"]), about["sharpness"])


def _fit(examples: Sequence[Example]) -> LinearModel:
    texts, labels, weights = [], [], []
    for example in examples:
        texts.append(example.text)
        labels.append(example.language)
        weights.append(1.0)
        words = example.text.split()
        if example.language != "mixed" and len(words) > _CROP:
            # a crop of a mixed sentence may hold one language only, so only the others are cropped
            for start in range(0, len(words) - 3, _CROP):
                texts.append(" ".join(words[start : start + 4]))
                labels.append(example.language)
                weights.append(0.3)
    counts = {language: labels.count(language) for language in LANGUAGES}
    largest = max(counts.values())
    balance = [weight * min(3.0, largest / counts[label]) for weight, label in zip(weights, labels, strict=True)]
    linear, _ = fit_linear(Counts(Vectoriser(VIEWS), texts), np.arange(len(texts)), labels, 0.3, balance)
    return linear
