"""The language model itself, free of Rasa: n-grams and single words, judged together."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from wolof import Token, plain, tokenise

from components.calibration import softmax
from components.linear import LinearModel, fit_linear
from components.model import Example, folds_by_hand
from components.names import LANGUAGES, OTHER_LANGUAGE
from components.ngrams import Counts, Vectoriser, View
from components.tongues import Tongues

Array = np.ndarray[Any, Any]

VIEWS: Final = (View("plain", "char", 1, 4), View("plain", "word", 1, 2), View("folded", "word", weight=0.5))
_LATIN: Final = re.compile(r"[a-zñ]")
# Most words must be foreign and at least three, so that `the` in a Wolof message (tea) changes nothing.
_FOREIGN_SHARE: Final = 0.6
_CROP: Final = 7
_FOLDS: Final = 4


@dataclass
class LanguageModel:
    """Fr, wo or mixed by a linear model over two witnesses (`grams`, `tongues`); others by word lists."""

    grams: LinearModel
    tongues: Tongues
    weights: Array
    bias: Array
    foreign: frozenset[str]

    @classmethod
    def fit(cls, examples: Sequence[Example], foreign: Mapping[str, Sequence[str]]) -> "LanguageModel":
        """From sentences and their languages; the judge learns from witnesses that have not seen the hand they speak of.

        Without sentences of all languages, or with one hand only, the n-grams decide alone.
        """
        words = frozenset(plain(word) for listed in foreign.values() for word in listed)
        model = cls(_fit_grams(examples), _fit_tongues(examples), *_grams_alone(), words)
        parts = folds_by_hand(examples, _FOLDS)
        if len(parts) > 1 and {example.language for example in examples} == set(LANGUAGES):
            model.weights, model.bias = _judge(examples, parts)
        return model

    def identify(self, tokens: Sequence[Token]) -> tuple[str, float]:
        """The language and how sure that is (0 to 1); `other` for scripts and words of other languages."""
        words = [plain(token.text) for token in tokens]
        latin = sum(bool(_LATIN.search(word)) for word in words)
        letters = sum(word.isalpha() for word in words)
        if latin == 0 or latin * 2 < letters:
            return OTHER_LANGUAGE, 0.95 if letters else 0.5
        strange = sum(word in self.foreign for word in words)
        if len(words) >= 3 and strange >= _FOREIGN_SHARE * len(words):
            return OTHER_LANGUAGE, strange / len(words)
        probabilities = softmax(_evidence(self.grams, self.tongues, tokens) @ self.weights + self.bias, 1.0)
        best = int(probabilities.argmax())
        return LANGUAGES[best], float(probabilities[best])

    def save(self, folder: Path) -> None:
        """Write everything into an existing folder."""
        self.grams.save(folder)
        self.tongues.save(folder / "tongues")
        about = {"foreign": sorted(self.foreign), "weights": self.weights.tolist(), "bias": self.bias.tolist()}
        (folder / "language.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "LanguageModel":
        """Read what `save` wrote."""
        about = json.loads((folder / "language.json").read_text(encoding="utf-8"))
        tongues = Tongues.open(folder / "tongues")
        return cls(LinearModel.open(folder), tongues, np.array(about["weights"]), np.array(about["bias"]), frozenset(about["foreign"]))


def _evidence(grams: LinearModel, tongues: Tongues, tokens: Sequence[Token]) -> Array:
    scores = dict(zip(grams.labels, grams.scores(tokens), strict=True))
    summary = tongues.summary(tokens)
    french, wolof = summary[0], summary[1]
    both = [french * wolof, min(french, wolof), min(summary[4], summary[5])]
    return np.array([*(float(scores.get(language, -1.0)) for language in LANGUAGES), *summary, *both])


def _grams_alone() -> tuple[Array, Array]:
    weights = np.zeros((len(LANGUAGES) + 17, len(LANGUAGES)))
    weights[: len(LANGUAGES)] = 3 * np.eye(len(LANGUAGES))
    return weights, np.zeros(len(LANGUAGES))


def _judge(examples: Sequence[Example], parts: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    rows, truth = [], []
    for part in parts:
        held = set(part)
        others = [example for at, example in enumerate(examples) if at not in held]
        grams, tongues = _fit_grams(others), _fit_tongues(others)
        rows += [_evidence(grams, tongues, tokenise(examples[at].text)) for at in part]
        truth += [LANGUAGES.index(examples[at].language) for at in part]
    evidence = np.stack(rows)
    mean, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
    judge = LogisticRegression(class_weight="balanced", max_iter=500).fit((evidence - mean) / spread, truth)
    weights = judge.coef_.T / spread[:, None]
    return weights, judge.intercept_ - mean @ weights


def _fit_tongues(examples: Sequence[Example]) -> Tongues:
    return Tongues.fit((example.text, example.language) for example in examples)


def _fit_grams(examples: Sequence[Example]) -> LinearModel:
    texts, labels, weights = [], [], []
    for example in examples:
        texts.append(example.text)
        labels.append(example.language)
        weights.append(1.0)
        words = example.text.split()
        if example.language != "mixed" and len(words) > _CROP:
            # short crops teach what few words look like; a crop of a mixed sentence may hold one language only
            for start in range(0, len(words) - 3, _CROP):
                texts.append(" ".join(words[start : start + 4]))
                labels.append(example.language)
                weights.append(0.3)
    counts: dict[str, int] = {language: labels.count(language) for language in LANGUAGES if language in labels}
    balance = [weight * min(3.0, max(counts.values()) / counts[label]) for weight, label in zip(weights, labels, strict=True)]
    return fit_linear(Counts(Vectoriser(VIEWS), texts), np.arange(len(texts)), labels, 0.3, balance)[0]
