"""The word lists of `lexicon/*.yml` as one dictionary of folded word sequences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from wolof import Token, fold_text

LONGEST_ENTRY = 6


def load(folder: Path, name: str) -> Any:
    """One word list. Everything in it is text: `NO` is Norway, not a lie."""
    return yaml.load((folder / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  plain text only


@dataclass(frozen=True, slots=True)
class Hit:
    """A dictionary entry in a text: words `first` to `last` (excluded), its entity and canonical form."""

    first: int
    last: int
    entity: str
    canonical: str | None


@dataclass
class Dictionary:
    """Folded word sequences, each with the entities it can be."""

    entries: dict[str, dict[str, str | None]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def add(self, entity: str, name: str, canonical: str | None) -> None:
        """One more name; the first canonical form of a name stays."""
        words = name.split()
        if not words or len(words) > LONGEST_ENTRY:
            return
        self.entries.setdefault(" ".join(words), {}).setdefault(entity, canonical)
        self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))

    def hits(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """The longest entry at every word, all its entities."""
        words = [token.folded for token in tokens]
        for at, word in enumerate(words):
            for length in range(min(self.longest.get(word, 0), len(words) - at), 0, -1):
                found = self.entries.get(" ".join(words[at : at + length]))
                if found:
                    yield from (Hit(at, at + length, entity, canonical) for entity, canonical in found.items())
                    break

    def canonical(self, entity: str, name: str) -> str | None:
        """The canonical form of a folded name."""
        return self.entries.get(name, {}).get(entity)

    def as_json(self) -> dict[str, dict[str, str | None]]:
        """For the model archive."""
        return self.entries

    @classmethod
    def from_json(cls, data: Mapping[str, Mapping[str, str | None]]) -> "Dictionary":
        """What `as_json` wrote."""
        dictionary = cls()
        for name, entities in data.items():
            for entity, canonical in entities.items():
                dictionary.add(entity, name, canonical)
        return dictionary


def read_dictionary(folder: Path) -> Dictionary:
    """Countries, actors, relations, trades and words of time. Raises OSError or yaml.YAMLError when a list is absent or broken."""
    dictionary = Dictionary()
    for entity, name in (("country", "countries"), ("actor", "actors")):
        for canonical, variants in load(folder, name).items():
            for variant in variants:
                _add_name(dictionary, entity, variant, canonical)
    relations = load(folder, "relations")
    _add_all(dictionary, "relative", relations["who"])
    _add_all(dictionary, "possessive", {None: relations["possessive"]})
    _add_all(dictionary, "trade", {variants[0]: variants for variants in load(folder, "trades")})
    periods = load(folder, "periods")
    _add_all(dictionary, "unit", periods["units"])
    _add_all(dictionary, "month", periods["months"])
    _add_all(dictionary, "moment", {None: [*periods["weekdays"], *periods["named"], *periods["feasts"]]})
    _add_all(dictionary, "around", {None: [*periods["around"]["french"], *periods["around"]["wolof"]]})
    return dictionary


def _add_all(dictionary: Dictionary, entity: str, lists: Mapping[str | None, Sequence[str]]) -> None:
    for canonical, words in lists.items():
        for word in words:
            dictionary.add(entity, fold_text(word), canonical)


def _add_name(dictionary: Dictionary, entity: str, name: str, canonical: str) -> None:
    dictionary.add(entity, fold_text(name), canonical)
    if fold_text(name)[:1] in "aeiou" and len(name) > 2:
        for article in "ld":  # `loim`, `lalgerie`, `dagadez`: typed without the apostrophe
            dictionary.add(f"joined_{entity}", fold_text(article + name), canonical)
