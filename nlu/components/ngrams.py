"""Texts as sparse rows of weighted n-grams (TF-IDF): words, letters and concepts, in several spellings side by side."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix, hstack
from wolof import Token, plain, sound, tokenise

from components.concepts import Concepts

Array = np.ndarray[Any, Any]

# Numbers differ from message to message; what matters is that there is one, and how long it is.
_DIGITS: Final = str.maketrans("123456789", "000000000")
_LONGEST: Final = 24


@dataclass(frozen=True)
class View:
    """One way to cut a text.

    `text`: the spelling ("folded", "plain", "sound") or the name of a concept list; `kind`: "word" or "char" n-grams of `low` to
    `high`, or "pairs" of concepts; `weight`: its share; `min_count`: an n-gram must occur in that many training texts.
    """

    text: str
    kind: str
    low: int = 1
    high: int = 1
    weight: float = 1.0
    min_count: int = 2


def spelled(tokens: Sequence[Token], how: str) -> list[str]:
    """The words of a text in one spelling, digits masked, overlong words cut."""
    if how == "folded":
        words = [token.folded for token in tokens]
    else:
        spell = sound if how == "sound" else plain
        words = [spell(token.text) for token in tokens]
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


def concept_grams(concepts: Sequence[str]) -> Iterable[str]:
    """Every concept and every pair of concepts."""
    for at, first in enumerate(concepts):
        yield first
        for second in concepts[at + 1 :]:
            yield f"{first}+{second}"


class Vectoriser:
    """TF-IDF rows with sublinear term frequency; every view is normalised to length 1, then weighted."""

    def __init__(self, views: Sequence[View], concepts: Mapping[str, Concepts] | None = None) -> None:
        """`concepts`: the word lists that views of kind "pairs" name."""
        self.views = tuple(views)
        self.concepts = dict(concepts or {})
        self.columns: list[dict[str, int]] = [{} for _ in views]
        self.idf: Array = np.zeros(0, dtype=np.float32)

    def grams(self, tokens: Sequence[Token]) -> list[Counter[str]]:
        """How often each n-gram of each view occurs."""
        words: dict[str, list[str]] = {}
        found = []
        for view in self.views:
            if view.kind == "pairs":
                found.append(Counter(concept_grams(self.concepts[view.text].of(tokens))))
                continue
            if view.text not in words:
                words[view.text] = spelled(tokens, view.text)
            cut = word_grams if view.kind == "word" else letter_grams
            found.append(Counter(cut(words[view.text], view.low, view.high)))
        return found

    def row(self, tokens: Sequence[Token]) -> tuple[Array, Array]:
        """Columns and values of one text; both empty when nothing in it is known."""
        all_columns: list[int] = []
        all_values: list[float] = []
        for view, known, counts in zip(self.views, self.columns, self.grams(tokens), strict=True):
            pairs = [(known[gram], count) for gram, count in counts.items() if gram in known]
            if not pairs:
                continue
            columns = [column for column, _ in pairs]
            values: Array = self.idf[columns] * np.array(
                [1.0 if count == 1 else 1 + math.log(count) for _, count in pairs], dtype=np.float32
            )
            values = values * np.float32(view.weight / math.sqrt(float(values @ values)))
            all_columns += columns
            all_values.extend(values)
        return np.array(all_columns, dtype=np.int64), np.array(all_values, dtype=np.float32)


class Counts:
    """The n-gram counts of many texts, made once and used for every fold."""

    def __init__(self, vectoriser: Vectoriser, texts: Iterable[str]) -> None:
        """Count; this is the slow step (about a thousand texts a second)."""
        self._views = vectoriser.views
        self._concepts = vectoriser.concepts
        self._names: list[dict[str, int]] = [{} for _ in self._views]
        # arrays, not lists: a hundred thousand texts have tens of millions of n-grams
        columns = [array("i") for _ in self._views]
        values = [array("H") for _ in self._views]
        ends = [array("q", [0]) for _ in self._views]
        for text in texts:
            for at, counts in enumerate(vectoriser.grams(tokenise(text))):
                names = self._names[at]
                columns[at].extend(names.setdefault(gram, len(names)) for gram in counts)
                values[at].extend(counts.values())
                ends[at].append(len(columns[at]))
        self._tables = [
            csr_matrix(
                (
                    1 + np.log(np.array(values[at], dtype=np.float32)),
                    np.array(columns[at], dtype=np.int32),
                    np.array(ends[at], dtype=np.int64),
                ),
                shape=(len(ends[at]) - 1, len(self._names[at])),
            )
            for at in range(len(self._views))
        ]
        for table in self._tables:
            table.sort_indices()

    def fit(self, rows: Array) -> tuple[Vectoriser, list[Array]]:
        """A vectoriser that has seen only `rows` (indices of texts), and the kept columns of every view, for `matrix`."""
        vectoriser = Vectoriser(self._views, self._concepts)
        kept: list[Array] = []
        idf: list[Array] = []
        start = 0
        for at, (view, table) in enumerate(zip(self._views, self._tables, strict=True)):
            seen = np.bincount(table[rows].indices, minlength=table.shape[1])
            keep = np.flatnonzero(seen >= view.min_count)
            names = list(self._names[at])
            vectoriser.columns[at] = {names[column]: start + new for new, column in enumerate(keep)}
            idf.append((np.log((1 + len(rows)) / (1 + seen[keep])) + 1).astype(np.float32))
            kept.append(keep)
            start += len(keep)
        vectoriser.idf = np.concatenate(idf)
        return vectoriser, kept

    def matrix(self, vectoriser: Vectoriser, kept: list[Array], rows: Array) -> csr_matrix:
        """The rows of some texts as `vectoriser` would make them: texts by columns, float32."""
        parts, start = [], 0
        for view, table, keep in zip(self._views, self._tables, kept, strict=True):
            part = table[rows][:, keep].multiply(vectoriser.idf[start : start + len(keep)][None, :]).tocsr()
            lengths = np.sqrt(np.asarray(part.multiply(part).sum(axis=1)).ravel())
            scale = np.divide(view.weight, lengths, out=np.zeros_like(lengths), where=lengths > 0)
            part.data *= np.repeat(scale, np.diff(part.indptr)).astype(np.float32)
            parts.append(part.astype(np.float32))
            start += len(keep)
        return hstack(parts).tocsr()
