"""Phrases over folded words: danger words, keywords, commands.

A phrase is a line of words separated by blanks; every word is folded, so one line stands for all spellings:

    veux|veut mourir      alternatives
    prend* ... vie        `*` any ending; `...` at most three words between (none counts too)

Phrases match anywhere in a text, on whole words. A phrase of a group is silenced when an `unless` phrase of the same
group overlaps it ("mourir de rire").
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from wolof.spelling import fold
from wolof.tokens import Token, tokenise

GAP: Final = "..."
LONGEST_GAP: Final = 3
MOST_GAPS: Final = 3


class PhraseError(ValueError):
    """A phrase that cannot be read; the message names it."""


class Match(NamedTuple):
    """Where a phrase was found: its group, its line, and the first and last word (indices, last excluded)."""

    group: str
    phrase: str
    first: int
    last: int


class Slot(NamedTuple):
    """What one word may be: any of `words`, or anything that begins with one of `prefixes`."""

    words: frozenset[str]
    prefixes: tuple[str, ...]

    def accepts(self, word: str) -> bool:
        """Whether a folded word fits here."""
        return word in self.words or (bool(self.prefixes) and word.startswith(self.prefixes))


class Phrase:
    """One compiled line."""

    def __init__(self, line: str) -> None:
        """Raises PhraseError for an empty line, more than three gaps, or a gap at either end."""
        self.line = line
        self.slots: list[Slot | None] = [None if word == GAP else _slot(word, line) for word in line.split()]
        if not self.slots or self.slots[0] is None or self.slots[-1] is None or self.slots.count(None) > MOST_GAPS:
            raise PhraseError(f"cannot read the phrase {line!r}")

    def end(self, words: Sequence[str], at: int) -> int | None:
        """The index after the last word when the phrase starts at word `at`, else None."""
        return _end(self.slots, 0, words, at)


def _slot(word: str, line: str) -> Slot:
    exact, prefixes = set(), []
    for choice in word.split("|"):
        folded = fold(choice)
        if not folded:
            raise PhraseError(f"no letters in {word!r} of {line!r}")
        if choice.endswith("*"):
            # Folding may touch the end of a word (mute e); of a beginning only what is certain is kept.
            prefixes.append(folded)
        else:
            exact.add(folded)
    return Slot(frozenset(exact), tuple(prefixes))


def _end(slots: Sequence[Slot | None], slot: int, words: Sequence[str], at: int) -> int | None:
    while slot < len(slots):
        wanted = slots[slot]
        if wanted is None:
            ends = (_end(slots, slot + 1, words, at + skipped) for skipped in range(LONGEST_GAP + 1))
            return next((end for end in ends if end is not None), None)
        if at >= len(words) or not wanted.accepts(words[at]):
            return None
        slot, at = slot + 1, at + 1
    return at


class Phrases:
    """Groups of phrases, looked for together in one pass over a text."""

    def __init__(self, groups: Mapping[str, Iterable[str]], unless: Mapping[str, Iterable[str]] | None = None) -> None:
        """`groups`: lines by group name; `unless`: lines that silence their group. Raises PhraseError."""
        self._by_word: dict[str, list[tuple[str, Phrase]]] = {}
        self._by_prefix: list[tuple[str, Phrase]] = []
        self._unless = {group: [Phrase(line) for line in lines] for group, lines in (unless or {}).items()}
        for group, lines in groups.items():
            for line in lines:
                self._add(group, Phrase(line))

    def _add(self, group: str, phrase: Phrase) -> None:
        first = phrase.slots[0]
        assert first is not None
        for word in first.words:
            self._by_word.setdefault(word, []).append((group, phrase))
        if first.prefixes:
            self._by_prefix.append((group, phrase))

    def find(self, text: str) -> list[Match]:
        """All matches in `text`, in order; see `find_in`."""
        return self.find_in(tokenise(text))

    def find_in(self, tokens: Sequence[Token]) -> list[Match]:
        """All matches in tokenised text, in order of their first word. Never raises, bounded time."""
        words = [token.folded for token in tokens]
        found: list[Match] = []
        for at, word in enumerate(words):
            for group, phrase in self._by_word.get(word, ()):
                self._try(group, phrase, words, at, found)
            for group, phrase in self._by_prefix:
                first = phrase.slots[0]
                if first is not None and word not in first.words and word.startswith(first.prefixes):
                    self._try(group, phrase, words, at, found)
        return [match for match in found if not self._silenced(match, words)]

    def _try(self, group: str, phrase: Phrase, words: Sequence[str], at: int, found: list[Match]) -> None:
        end = phrase.end(words, at)
        if end is not None:
            found.append(Match(group, phrase.line, at, end))

    def _silenced(self, match: Match, words: Sequence[str]) -> bool:
        for phrase in self._unless.get(match.group, ()):
            for at in range(max(0, match.first - 6), match.last):
                end = phrase.end(words, at)
                if end is not None and end > match.first:
                    return True
        return False
