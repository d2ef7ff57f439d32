"""Texts that were not understood, kept as pseudonyms for review, and those among them that say nearly the same."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wolof.spelling import fold_text

from bot.domain.understanding import Guess

# Of all words of two texts, so many are in both: `dama bëgg xaalis` and `dama bëgg xaalis leegi`.
NEAR = 0.5
# A development sentence so near would measure memory instead of understanding (the same limits as `dellusi nlu check`).
SAME, SAME_FROM_WORDS = 0.8, 4


@dataclass(frozen=True, slots=True)
class UnclearText:
    """One kept text. `at` is its day; `label` is the intent that a person gave it."""

    id: UUID
    language: str
    text: str
    node: str
    ranking: tuple[Guess, ...]
    at: datetime
    label: str | None = None
    labelled_by: str | None = None
    labelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts of one language that resemble the first of them."""

    texts: tuple[UnclearText, ...]

    @property
    def newest(self) -> datetime:
        """The day of the newest."""
        return max(text.at for text in self.texts)

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """What the model thought of them, confidences averaged, best first."""
        sums: dict[str, float] = defaultdict(float)
        for text in self.texts:
            for guess in text.ranking:
                sums[guess.intent] += guess.confidence
        means = (Guess(intent, total / len(self.texts)) for intent, total in sums.items())
        return tuple(sorted(means, key=lambda guess: (-guess.confidence, guess.intent)))


def clusters(texts: Sequence[UnclearText]) -> list[Cluster]:
    """The texts by likeness of their folded words, the largest group first, then the newest."""
    groups: list[tuple[str, frozenset[str], list[UnclearText]]] = []
    for text in texts:
        bag = words_of(text.text)
        near = (group for group in groups if group[0] == text.language and alike(group[1], bag) >= NEAR)
        best = max(near, key=lambda group: alike(group[1], bag), default=None)
        if best is None:
            groups.append((text.language, bag, [text]))
        else:
            best[2].append(text)
    found = [Cluster(tuple(members)) for _, _, members in groups]
    return sorted(found, key=lambda cluster: (-len(cluster.texts), -cluster.newest.timestamp()))


def words_of(text: str) -> frozenset[str]:
    """The folded words of a text."""
    return frozenset(fold_text(text).split())


def alike(first: frozenset[str], second: frozenset[str]) -> float:
    """The share of common words, between 0 and 1."""
    together = len(first | second)
    return len(first & second) / together if together else 0.0


def says_the_same(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two texts are one for measuring: the same words, or nearly the same where there are enough of them."""
    return (first == second and bool(first)) or (min(len(first), len(second)) >= SAME_FROM_WORDS and alike(first, second) >= SAME)
