"""Finds entities word by word: a linear model over the word, its neighbours, and what the dictionaries say about them."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from wolof import Token, number_of, plain

from components.gazetteer import Gazetteer
from components.lexicon import Dictionary
from components.linear import fit_svm

Array = np.ndarray[Any, Any]
OUTSIDE: Final = "O"
_MONEY: Final = re.compile(r"(?:\d+k|\d*(?:f|fcfa|cfa|franc|francs|euro|euros|dirham|dirhams|mil|mille|million|millions))$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tagged:
    """Words `first` to `last` (excluded) are an entity."""

    entity: str
    first: int
    last: int


def known_as(tokens: Sequence[Token], dictionary: Dictionary, gazetteer: Gazetteer) -> list[list[str]]:
    """What the word lists say of every word: begins (B) or continues (I) which kind of thing."""
    marks: list[list[str]] = [[] for _ in tokens]
    for hit in dictionary.hits(tokens):
        for at in range(hit.first, hit.last):
            marks[at].append(("B-" if at == hit.first else "I-") + hit.entity)
    words = [token.folded for token in tokens]
    for first in range(len(words)):
        for length in range(min(5, len(words) - first), 0, -1):
            if gazetteer.exact(" ".join(words[first : first + length])) is not None:
                for at in range(first, first + length):
                    marks[at].append("B-place" if at == first else "I-place")
                break
        else:
            if len(words[first]) >= 6 and gazetteer.near(words[first]):
                marks[first].append("near-place")
    return marks


def _shape(token: Token) -> list[str]:
    text, found = token.text, []
    if any(char.isdigit() for char in text):
        digits = text.isdigit()
        found.append(f"digits{min(len(text), 5)}" if digits else "mixed-digits")
        if digits and 1950 <= int(text[:9]) <= 2060:
            found.append("year")
        if not digits and _MONEY.search(text):
            found.append("money")
    elif number_of(text) is not None:
        found.append("number")
    elif _MONEY.fullmatch(token.folded):
        found.append("money")
    if text[:1].isupper():
        found.append("capital" if not text.isupper() else "capitals")
    return found


def features(tokens: Sequence[Token], marks: Sequence[Sequence[str]]) -> list[list[str]]:
    """The features of every word of a text."""
    words = [token.folded if not token.text.isdigit() else "0" * min(len(token.text), 5) for token in tokens]
    shapes = [_shape(token) for token in tokens]
    rows = []
    for at, word in enumerate(words):
        row = ["bias", f"w={word}", f"o={plain(tokens[at].text)}", f"p={word[:3]}", f"s={word[-3:]}", f"p4={word[:4]}"]
        for step in (-2, -1, 0, 1, 2):
            there = at + step
            if not 0 <= there < len(words):
                row.append(f"{step}edge")
                continue
            row += [f"{step}k={mark}" for mark in marks[there]] + [f"{step}h={shape}" for shape in shapes[there]]
            if step:
                row.append(f"{step}w={words[there]}")
        before = words[at - 1] if at else "<"
        after = words[at + 1] if at + 1 < len(words) else ">"
        row += [f"bw={before} {word}", f"wa={word} {after}"]
        row += [f"bk={before} {mark}" for mark in marks[at]] + [f"ka={mark} {after}" for mark in marks[at]]
        rows.append(row)
    return rows


@dataclass
class Tagger:
    """Weights of every feature for every tag (`O`, `B-place`, `I-place` ...)."""

    columns: dict[str, int] = field(default_factory=dict)
    tags: tuple[str, ...] = (OUTSIDE,)
    weights: Array = field(default_factory=lambda: np.zeros((0, 1), dtype=np.float32))
    bias: Array = field(default_factory=lambda: np.zeros(1, dtype=np.float32))

    @classmethod
    def fit(cls, texts: Sequence[tuple[Sequence[list[str]], Sequence[str]]], cost: float = 0.3, min_count: int = 2) -> "Tagger":
        """From (features of every word, tag of every word) of many texts."""
        counts = Counter(name for rows, _ in texts for row in rows for name in row)
        columns = {name: at for at, name in enumerate(sorted(name for name, seen in counts.items() if seen >= min_count))}
        indices: list[int] = []
        ends: list[int] = [0]
        tags: list[str] = []
        for rows, row_tags in texts:
            for row in rows:
                indices += sorted({columns[name] for name in row if name in columns})
                ends.append(len(indices))
            tags += row_tags
        if len(set(tags)) < 2:
            return cls()
        matrix = csr_matrix((np.ones(len(indices), dtype=np.float32), indices, ends), shape=(len(ends) - 1, len(columns)))
        labels, weights, bias = fit_svm(matrix, tags, cost)
        return cls(columns, labels, weights, bias)

    def tag(self, rows: Sequence[Sequence[str]]) -> list[Tagged]:
        """The entities of one text, none overlapping."""
        tags = []
        for row in rows:
            at = [self.columns[name] for name in row if name in self.columns]
            tags.append(self.tags[int(np.argmax(self.weights[at].sum(axis=0) + self.bias))])
        return spans_of(tags)

    def save(self, folder: Path) -> None:
        """Write `tagger.json` and `tagger.npz` into an existing folder."""
        (folder / "tagger.json").write_text(
            json.dumps({"columns": list(self.columns), "tags": self.tags}, ensure_ascii=False), encoding="utf-8"
        )
        np.savez(folder / "tagger.npz", weights=self.weights.astype(np.float16), bias=self.bias)

    @classmethod
    def open(cls, folder: Path) -> "Tagger":
        """Read what `save` wrote."""
        about = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
        with np.load(folder / "tagger.npz", allow_pickle=False) as arrays:
            columns = {name: at for at, name in enumerate(about["columns"])}
            return cls(columns, tuple(about["tags"]), arrays["weights"].astype(np.float32), arrays["bias"])


def spans_of(tags: Sequence[str]) -> list[Tagged]:
    """Tags of words as entities; a continuation without a beginning begins one."""
    found: list[Tagged] = []
    for at, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        kind = tag[2:]
        if tag.startswith("I-") and found and found[-1].last == at and found[-1].entity == kind:
            found[-1] = Tagged(kind, found[-1].first, at + 1)
        else:
            found.append(Tagged(kind, at, at + 1))
    return found


def tags_of(tokens: Sequence[Token], spans: Sequence[tuple[str, int, int]]) -> list[str]:
    """Marked spans (entity, start, end in characters) as tags of words."""
    tags = [OUTSIDE] * len(tokens)
    for entity, start, end in spans:
        inside = [at for at, token in enumerate(tokens) if token.start < end and token.end > start]
        for number, at in enumerate(inside):
            tags[at] = ("I-" if number else "B-") + entity
    return tags
