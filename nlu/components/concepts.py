"""What the words of a message are about: `lexicon/concepts.yml` (topics) and `lexicon/meanings.yml` (one meaning a line).

A word is looked up folded and by sound, so `bezoin`, `besoin` and `bes1` need one entry. Concepts bridge what letters cannot:
a sentence learnt in Wolof helps one in French, and a word no training sentence held still says something.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from wolof import Token, fold_text, sound, tokenise

from components.lexicon import load

# The words that are names: they stand for themselves as they are typed, and are looked up no further.
NAME: Final = "name"
# Sound keys of short words are too coarse, prefixes of two letters mean nothing.
_SHORTEST_SOUND: Final = 4
_SHORTEST_PREFIX: Final = 3
_LONGEST: Final = 4
# Pairs grow with the square: a rambling message keeps its first concepts.
MOST_CONCEPTS: Final = 48


class Concepts:
    """The concepts of one word list."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        """`lists`: entries by concept; an entry is one or more words, the last may end in `*`."""
        self.lists = {name: list(entries) for name, entries in lists.items()}
        self._entries: dict[str, set[str]] = {}
        self._prefixes: dict[str, set[str]] = {}
        self._longest: dict[str, int] = {}
        self._names = frozenset(self.lists.get(NAME, ()))
        for name, entries in self.lists.items():
            for entry in entries if name != NAME else ():
                self._add(name, entry)

    def _add(self, name: str, entry: str) -> None:
        folded = fold_text(entry).split()
        if entry.endswith("*") and len(folded) == 1 and len(folded[0]) >= _SHORTEST_PREFIX:
            self._prefixes.setdefault(folded[0], set()).add(name)
        self._put(folded, name)
        if not entry.endswith("*"):
            keys = [sound(token.text) for token in tokenise(entry)]
            if all(len(key) >= _SHORTEST_SOUND - 1 for key in keys):
                self._put([f"~{key}" for key in keys], name)

    def _put(self, words: list[str], name: str) -> None:
        if words and len(words) <= _LONGEST:
            self._entries.setdefault(" ".join(words), set()).add(name)
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def of(self, tokens: Sequence[Token]) -> list[str]:
        """The concepts of a text, sorted, each once, at most `MOST_CONCEPTS`."""
        folded = [token.folded for token in tokens]
        sounds = [f"~{sound(token.text)}" for token in tokens]
        found: dict[str, None] = {}
        for at, word in enumerate(folded):
            if tokens[at].text.lower() in self._names:
                found[NAME] = None
                continue
            for words in (folded, sounds):
                found.update(dict.fromkeys(sorted(self._longest_at(words, at))))
            for length in range(_SHORTEST_PREFIX, len(word)):
                found.update(dict.fromkeys(sorted(self._prefixes.get(word[:length], ()))))
            if len(found) >= MOST_CONCEPTS:
                break
        return sorted(list(found)[:MOST_CONCEPTS])

    def _longest_at(self, words: Sequence[str], at: int) -> Iterable[str]:
        for length in range(min(self._longest.get(words[at], 0), len(words) - at), 0, -1):
            names = self._entries.get(" ".join(words[at : at + length]))
            if names:
                return names
        return ()

    def as_json(self) -> dict[str, Any]:
        """For the model archive."""
        return self.lists


def word_lists(folder: Path) -> dict[str, Concepts]:
    """The topics and the meanings of `lexicon/`, both of which know the names of people."""
    names = {NAME: load(folder, "names")}
    return {name: Concepts(load(folder, name) | names) for name in ("concepts", "meanings")}
