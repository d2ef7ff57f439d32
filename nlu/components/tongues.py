"""Which language a single word belongs to: French words count up, Wolof words down."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from wolof import Token, plain, tokenise

from components.linear import LinearModel, fit_linear
from components.ngrams import Counts, Vectoriser, View

Array = np.ndarray[Any, Any]

_VIEWS: Final = (View("plain", "char", 1, 4, min_count=3),)
# A word seen three times speaks for itself as much as its letters do.
_TRUST: Final = 3
_MOST: Final = 5.0
_LETTERS: Final = 1.5


@dataclass
class Tongues:
    """Odds of known words, and a letter model for all others."""

    odds: dict[str, tuple[float, int]]
    letters: LinearModel
    _kept: dict[str, float] = field(default_factory=dict)

    @classmethod
    def fit(cls, texts: Iterable[tuple[str, str]]) -> "Tongues":
        """From (text, language) pairs; only `fr` and `wo` teach. Both must occur."""
        counts: dict[str, Counter[str]] = {"fr": Counter(), "wo": Counter()}
        for text, language in texts:
            if language in counts:
                counts[language].update(plain(token.text) for token in tokenise(text))
        totals = {language: max(sum(found.values()), 1) for language, found in counts.items()}
        odds = {}
        for word in sorted(set(counts["fr"]) | set(counts["wo"])):
            french, wolof = ((counts[name][word] + 0.3) / totals[name] for name in ("fr", "wo"))
            value = max(-_MOST, min(_MOST, math.log(french / wolof)))
            odds[word] = (round(value, 3), counts["fr"][word] + counts["wo"][word])
        return cls(odds, _letter_model(odds))

    def score(self, token: Token) -> float:
        """Above 0 for French, below 0 for Wolof, about -5 to 5."""
        word = plain(token.text)
        if word not in self._kept:
            if len(self._kept) > 20_000:
                self._kept.clear()
            value, seen = self.odds.get(word, (0.0, 0))
            trust = seen / (seen + _TRUST)
            scores = dict(zip(self.letters.labels, self.letters.scores([token]), strict=True))
            letters = float(scores.get("fr", 0.0) - scores.get("wo", 0.0))
            self._kept[word] = trust * value + (1 - trust) * letters * _LETTERS
        return self._kept[word]

    def summary(self, tokens: Sequence[Token]) -> list[float]:
        """What the words of a text say together: shares, sums and longest runs of both languages (14 numbers)."""
        scores = np.array([self.score(token) for token in tokens if not token.text.isdigit()])
        if not len(scores):
            return [0.0] * 14
        french, wolof, count = scores > 1, scores < -1, len(scores)
        runs = _longest_run(french), _longest_run(wolof)
        sums = float(np.clip(scores, 0, None).sum()), float(np.clip(-scores, 0, None).sum())
        return [
            float(french.mean()), float(wolof.mean()), float(french.any()), float(wolof.any()),
            min(int(french.sum()), 5) / 5, min(int(wolof.sum()), 5) / 5,
            runs[0] / count, runs[1] / count, min(runs[0], 4) / 4, min(runs[1], 4) / 4,
            sums[0] / count, sums[1] / count, min(sums) / count, math.log(count) / 3,
        ]  # fmt: skip

    def save(self, folder: Path) -> None:
        """Write into a new folder."""
        folder.mkdir()
        self.letters.save(folder)
        (folder / "odds.json").write_text(json.dumps(self.odds, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "Tongues":
        """Read what `save` wrote."""
        odds = json.loads((folder / "odds.json").read_text(encoding="utf-8"))
        return cls({word: (value, seen) for word, (value, seen) in odds.items()}, LinearModel.open(folder))


def _letter_model(odds: dict[str, tuple[float, int]]) -> LinearModel:
    words = [word for word, (value, _) in odds.items() if not word.isdigit() and abs(value) > 1]
    labels = ["fr" if odds[word][0] > 0 else "wo" for word in words]
    weights = [min(5.0, 1 + math.log(1 + odds[word][1])) for word in words]
    return fit_linear(Counts(Vectoriser(_VIEWS), words), np.arange(len(words)), labels, 0.3, weights)[0]


def _longest_run(marks: Array) -> int:
    best = run = 0
    for mark in marks:
        run = run + 1 if mark else 0
        best = max(best, run)
    return best
