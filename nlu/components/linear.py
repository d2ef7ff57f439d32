"""Linear models over sparse rows: fitted with scikit-learn, kept and applied as plain numpy arrays."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC
from wolof import Token, tokenise

from components.concepts import Concepts
from components.ngrams import Counts, Vectoriser, View

Array = np.ndarray[Any, Any]

# Where the machine stops. A hundred times finer gives the same answers on unseen hands to the last one and takes twice as long.
_TOLERANCE = 0.01
# Of an occurrence, for what was never seen.
_SMOOTHING = 0.1


@dataclass
class LinearModel:
    """Scores of every label for a text: `row · weights + bias`; weights are columns by labels, float32."""

    vectoriser: Vectoriser
    labels: tuple[str, ...]
    weights: Array
    bias: Array

    def scores(self, tokens: Sequence[Token]) -> Array:
        """One score per label."""
        columns, values = self.vectoriser.row(tokens)
        return values @ self.weights[columns] + self.bias if len(columns) else self.bias.copy()

    def scores_of(self, texts: Sequence[str]) -> Array:
        """Texts by labels."""
        return np.stack([self.scores(tokenise(text)) for text in texts]) if texts else np.zeros((0, len(self.labels)))

    def save(self, folder: Path) -> None:
        """Write `model.json` and `model.npz` into an existing folder."""
        about = {
            "labels": self.labels,
            "views": [asdict(view) for view in self.vectoriser.views],
            "concepts": {name: concepts.as_json() for name, concepts in self.vectoriser.concepts.items()},
            "columns": [list(known) for known in self.vectoriser.columns],
        }
        (folder / "model.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "model.npz", idf=self.vectoriser.idf, weights=self.weights.astype(np.float16), bias=self.bias)

    @classmethod
    def open(cls, folder: Path) -> "LinearModel":
        """Read what `save` wrote."""
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        concepts = {name: Concepts(lists) for name, lists in about["concepts"].items()}
        vectoriser = Vectoriser([View(**view) for view in about["views"]], concepts)
        start = 0
        for number, known in enumerate(about["columns"]):
            vectoriser.columns[number] = {gram: start + at for at, gram in enumerate(known)}
            start += len(known)
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            vectoriser.idf = arrays["idf"]
            return cls(vectoriser, tuple(about["labels"]), arrays["weights"].astype(np.float32), arrays["bias"])


def fit_svm(
    rows: csr_matrix, labels: Sequence[str], cost: float, weights: Sequence[float] | None = None
) -> tuple[tuple[str, ...], Array, Array]:
    """One-against-the-rest linear support vector machines: (label names, columns by labels, bias)."""
    names = sorted(set(labels))
    if len(names) == 1:
        return tuple(names), np.zeros((rows.shape[1], 1), dtype=np.float32), np.zeros(1, dtype=np.float32)
    machine = LinearSVC(C=cost, tol=_TOLERANCE, random_state=0, max_iter=2000)
    machine.fit(rows, list(labels), sample_weight=weights)
    coefficients, bias = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
    return tuple(machine.classes_), np.ascontiguousarray(coefficients.T.astype(np.float32)), bias.astype(np.float32)


def complement_bayes(rows: csr_matrix, labels: Sequence[str], names: Sequence[str]) -> Array:
    """Weights (columns by `names`) of a complement naive Bayes classifier, scaled so that scores of `rows` spread by 1.

    Rennie and others, "Tackling the Poor Assumptions of Naive Bayes Text Classifiers" (2003).
    """
    at = {name: column for column, name in enumerate(names)}
    columns = np.array([at[label] for label in labels])
    members = csr_matrix((np.ones(len(columns), dtype=np.float32), (columns, np.arange(len(columns)))), shape=(len(names), len(columns)))
    seen = np.asarray((members @ rows).todense())
    others = seen.sum(axis=0)[None, :] - seen + _SMOOTHING * rows.data.mean()
    logs = -np.log(others / others.sum(axis=1, keepdims=True))
    logs -= logs.mean(axis=0, keepdims=True)
    logs /= np.maximum(np.abs(logs).sum(axis=1, keepdims=True), 1e-12)
    spread = float((rows @ logs.T).std())
    return np.ascontiguousarray((logs.T / max(spread, 1e-12)).astype(np.float32))


def fit_linear(
    counts: Counts, rows: Array, labels: Sequence[str], cost: float, weights: Sequence[float] | None = None, bayes: float = 0.0
) -> tuple[LinearModel, list[Array]]:
    """A model that has seen only `rows` of the counted texts (`labels` and `weights` are theirs), and its kept columns.

    `bayes`: the share of naive Bayes in the scores; both being linear, they come to one model.
    """
    vectoriser, kept = counts.fit(rows)
    matrix = counts.matrix(vectoriser, kept, rows)
    names, coefficients, bias = fit_svm(matrix, labels, cost, weights)
    if bayes and len(names) > 1:
        coefficients += np.float32(bayes) * complement_bayes(matrix, labels, names)
    return LinearModel(vectoriser, names, coefficients, bias), kept
