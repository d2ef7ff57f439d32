"""Texts as sparse rows of weighted word and letter n-grams (TF-IDF), over folded and plain spelling side by side."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from wolof import Token, plain, tokenise

# Numbers differ from message to message; what matters is that there is one, and how long it is.
_DIGITS: Final = str.maketrans("123456789", "000000000")
_LONGEST: Final = 24


@dataclass(frozen=True)
class View:
    """One way to cut a text: `text` is "folded" or "plain", `kind` "word" or "char", n-grams of `low` to `high`."""

    text: str
    kind: str
    low: int
    high: int
    weight: float = 1.0


def spelled(tokens: Sequence[Token], how: str) -> list[str]:
    """The words of a text in one spelling, digits masked, overlong words cut."""
    words = [token.folded if how == "folded" else plain(token.text) for token in tokens]
    return [word[:_LONGEST].translate(_DIGITS) for word in words if word]


def word_grams(words: Sequence[str], low: int, high: int) -> Iterable[str]:
    """Runs of `low` to `high` words, with a mark at both ends of the text."""
    marked = ["<", *words, ">"]
    for size in range(low, high + 1):
        if size == 1:
            yield from words
        else:
            for at in range(len(marked) - size + 1):
                yield " ".join(marked[at : at + size])


def letter_grams(words: Sequence[str], low: int, high: int) -> Iterable[str]:
    """Runs of letters inside each word, blanks at its ends included."""
    for word in words:
        padded = f" {word} "
        length = len(padded)
        for size in range(low, min(high, length) + 1):
            for at in range(length - size + 1):
                yield padded[at : at + size]


def grams(tokens: Sequence[Token], view: View) -> Counter[str]:
    """How often each n-gram of a view occurs."""
    words = spelled(tokens, view.text)
    cut = word_grams if view.kind == "word" else letter_grams
    return Counter(cut(words, view.low, view.high))


class Vectoriser:
    """TF-IDF rows with sublinear term frequency; every view is normalised to length 1, then weighted."""

    def __init__(self, views: Sequence[View], min_count: int = 2) -> None:
        """`min_count`: an n-gram must occur in that many training texts to become a column."""
        self.views = tuple(views)
        self.min_count = min_count
        self.columns: list[dict[str, int]] = [{} for _ in views]
        self.idf: np.ndarray[Any, np.dtype[np.float32]] = np.zeros(0, dtype=np.float32)

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.idf)

    def fit(self, texts: Sequence[str]) -> "Vectoriser":
        """Learn columns and weights from training texts."""
        counts: list[Counter[str]] = [Counter() for _ in self.views]
        for text in texts:
            tokens = tokenise(text)
            for view, count in zip(self.views, counts, strict=True):
                count.update(grams(tokens, view).keys())
        idf: list[float] = []
        for number, count in enumerate(counts):
            kept = sorted(gram for gram, seen in count.items() if seen >= self.min_count)
            self.columns[number] = {gram: len(idf) + at for at, gram in enumerate(kept)}
            idf += [math.log((1 + len(texts)) / (1 + count[gram])) + 1 for gram in kept]
        self.idf = np.array(idf, dtype=np.float32)
        return self

    def row(self, tokens: Sequence[Token]) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
        """Columns and values of one text; both empty when nothing in it is known."""
        all_columns: list[int] = []
        all_values: list[float] = []
        for view, known in zip(self.views, self.columns, strict=True):
            columns, values = [], []
            for gram, count in grams(tokens, view).items():
                column = known.get(gram)
                if column is not None:
                    columns.append(column)
                    values.append((1 + math.log(count)) * float(self.idf[column]))
            length = math.sqrt(sum(value * value for value in values))
            scale = view.weight / length if length else 0.0
            all_columns += columns
            all_values += [value * scale for value in values]
        return np.array(all_columns, dtype=np.int32), np.array(all_values, dtype=np.float32)

    def rows(self, texts: Iterable[str]) -> csr_matrix:
        """Many texts as one sparse matrix, float32, texts by columns."""
        columns, values, ends = [], [], [0]
        for text in texts:
            column, value = self.row(tokenise(text))
            order = np.argsort(column)
            columns.append(column[order])
            values.append(value[order])
            ends.append(ends[-1] + len(column))
        data = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
        indices = np.concatenate(columns) if columns else np.zeros(0, dtype=np.int32)
        return csr_matrix((data, indices, np.array(ends)), shape=(len(ends) - 1, self.width), dtype=np.float32)
