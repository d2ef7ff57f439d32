"""Entities of one message, free of Rasa: find, resolve, keep."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wolof import Token, fold, fold_text

from components import values
from components.gazetteer import Gazetteer, shared
from components.lexicon import Dictionary, read_dictionary
from components.names import ENTITIES
from components.periods import sure_periods
from components.relatives import sure_relatives
from components.tagger import Tagged, Tagger, features, known_as, tags_of

_SNAPPED = ("place", "country", "actor", "trade")
_SHORTEST_SURE = {"country": 4, "actor": 3, "trade": 5}
# Names that are also everyday words once folded: `der` is skin, `gis` to see, `fees` full, `pari` a bet.
_WORDS = frozenset(fold_text(word) for word in ("der", "giz", "faise", "pari", "brigade", "enda", "arabie", "éthiopie"))
# Trades that are as often something else: a neighbour, a field, a place one goes to. Only their context decides.
_OPEN_TRADES = frozenset(
    fold_text(word)
    for word in (
        "froid", "commerçant", "jakarta", "saafeer",
        "jàngale", "jàngalekat", "gardien", "porteur", "banque", "finance", "santé", "cuisiner", "cuisine", "transport", "bâtiment",
        "médecin", "usine", "commerce", "restaurant", "ménage", "livraison", "tabax", "infirmier", "infirmière", "sage-femme", "réparateur",
        "pêcheur", "pêche", "gestion", "sécurité", "vente", "transformation", "acteur", "secrétaire", "solaire", "panneaux solaires",
        "tracteur", "poids lourd", "permis poids lourd", "engins", "poulailler", "mbindaan", "domestique", "ouvrier", "journalier", "karo",
        "tourisme", "artisan", "enseignant", "tresses", "tresse", "mineur d'or", "kosam", "lait caillé", "laveur", "accessoires téléphone",
    )
)  # fmt: skip
_EVERYDAY = _WORDS | _OPEN_TRADES


@dataclass
class Extractor:
    """Word lists, gazetteer and tagger together."""

    dictionary: Dictionary
    gazetteer: Gazetteer
    tagger: Tagger = field(default_factory=Tagger)

    def __post_init__(self) -> None:
        """Views of the dictionary that are needed for every message."""
        entries = self.dictionary.entries.items()
        self._units = {name: str(found["unit"]) for name, found in entries if "unit" in found}
        self._months = {name: int(str(found["month"])) for name, found in entries if "month" in found}

    @classmethod
    def fit(
        cls, examples: Sequence[tuple[str, Sequence[Token], Sequence[tuple[str, int, int]]]], lexicon: Path, places: Path
    ) -> "Extractor":
        """From (text, tokens, spans) of marked sentences, the word lists and the gazetteer (may be absent)."""
        extractor = cls(read_dictionary(lexicon), Gazetteer.read(places))
        rows = [
            (features(tokens, known_as(tokens, extractor.dictionary, extractor.gazetteer)), tags_of(tokens, spans))
            for _, tokens, spans in examples
        ]
        extractor.tagger = Tagger.fit(rows)
        return extractor

    def find(self, text: str, tokens: Sequence[Token]) -> list[dict[str, Any]]:
        """Entities by position: name, `value` as written, `start`, `end` (characters) and what they come to."""
        found = [_entity("case_code", text, start, end, text[start:end].upper()) for start, end in values.case_codes(text)]
        taken = [(entity["start"], entity["end"]) for entity in found]
        for span in self._spans(tokens):
            start, end = tokens[span.first].start, tokens[span.last - 1].end
            start += self._article(span, tokens)
            if span.entity in ENTITIES and span.entity != "case_code" and not any(start < b and end > a for a, b in taken):
                found.append(self._resolved(span.entity, text, start, end))
        return sorted(found, key=lambda entity: int(entity["start"]))

    def _spans(self, tokens: Sequence[Token]) -> list[Tagged]:
        spans = self.tagger.tag(features(tokens, known_as(tokens, self.dictionary, self.gazetteer)))
        spans = [self._snap(span, tokens) for span in spans]
        periods = sure_periods(tokens, self.dictionary.entries)
        counted = {at for span in periods for at in range(span.first, span.last)}
        # half a period is no period: `semaines` of `3 semaines`
        spans = [span for span in spans if span.entity != "date_period" or counted.isdisjoint(range(span.first, span.last))]
        spans = _replaced(spans, sure_relatives(tokens, self.dictionary))
        return _merged(sorted([*spans, *self._sure(tokens, spans, periods)], key=lambda span: span.first))

    def _sure(self, tokens: Sequence[Token], spans: Sequence[Tagged], periods: Sequence[Tagged]) -> list[Tagged]:
        """Names that mean one thing only are entities whatever the context: countries, institutions, trades, dates."""
        taken = {at for span in spans for at in range(span.first, span.last)}
        found: list[Tagged] = []
        for hit in self.dictionary.hits(tokens):
            entity = hit.entity.removeprefix("joined_")
            name = " ".join(token.folded for token in tokens[hit.first : hit.last])
            if len(name) >= _SHORTEST_SURE.get(entity, len(name) + 1) and name not in _EVERYDAY:
                found.append(Tagged(entity, hit.first, hit.last))
        return [span for span in [*found, *periods] if taken.isdisjoint(range(span.first, span.last))]

    def _article(self, span: Tagged, tokens: Sequence[Token]) -> int:
        """1 when the first word has swallowed its article (`loim`, `lalgerie`), else 0."""
        first = tokens[span.first].text
        if span.entity not in _SNAPPED or len(first) < 4 or first[0].lower() not in "ldn":
            return 0
        rest = [fold(first[1:]), *(token.folded for token in tokens[span.first + 1 : span.last])]
        whole = " ".join(token.folded for token in tokens[span.first : span.last])
        return int(not self._is_name(span.entity, whole) and self._is_name(span.entity, " ".join(rest)))

    def _snap(self, span: Tagged, tokens: Sequence[Token]) -> Tagged:
        """Half a name found is the whole name meant: `Saint` of `Saint-Louis`."""
        if span.entity not in _SNAPPED:
            return span
        words = [token.folded for token in tokens]
        for length in range(5, span.last - span.first, -1):
            for first in range(max(0, span.last - length), span.first + 1):
                name = " ".join(words[first : first + length])
                if first + length <= len(words) and first + length >= span.last and self._is_name(span.entity, name):
                    return Tagged(span.entity, first, first + length)
        return span

    def _is_name(self, entity: str, name: str) -> bool:
        if entity == "place":
            return self.gazetteer.exact(name) is not None
        return entity in self.dictionary.entries.get(name, {})

    def _resolved(self, entity: str, text: str, start: int, end: int) -> dict[str, Any]:
        value = text[start:end]
        found = _entity(entity, text, start, end, None)
        if entity == "place":
            places = self.gazetteer.resolve(fold_text(value))
            found["candidates"] = [place.path for place in places]
            found["canonical"] = shared(places)
        elif entity == "amount":
            found["canonical"] = values.amount(value)
        elif entity == "age":
            found["canonical"] = values.age(value)
        elif entity == "date_period":
            found["canonical"] = values.period(value, self._units, self._months)
        elif entity == "person_relation":
            found["canonical"] = self._relation(value)
        else:
            found["canonical"] = self.dictionary.canonical(entity, fold_text(value))
        return found

    def _relation(self, value: str) -> str | None:
        words = fold_text(value).split()
        for length in range(len(words), 0, -1):
            for first in range(len(words) - length + 1):
                who = self.dictionary.canonical("relative", " ".join(words[first : first + length]))
                if who:
                    return who
        return None

    def save(self, folder: Path) -> None:
        """Write everything into an existing folder."""
        self.tagger.save(folder)
        lists = {"dictionary": self.dictionary.as_json(), "gazetteer": self.gazetteer.as_json()}
        (folder / "lists.json").write_text(json.dumps(lists, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "Extractor":
        """Read what `save` wrote."""
        lists = json.loads((folder / "lists.json").read_text(encoding="utf-8"))
        return cls(Dictionary.from_json(lists["dictionary"]), Gazetteer.from_json(lists["gazetteer"]), Tagger.open(folder))


def _entity(name: str, text: str, start: int, end: int, canonical: Any) -> dict[str, Any]:
    return {"entity": name, "value": text[start:end], "start": start, "end": end, "canonical": canonical}


def _replaced(spans: Sequence[Tagged], sure: Sequence[Tagged]) -> list[Tagged]:
    """`sure` in the place of what overlaps it with the same entity, unless something else stands there."""
    others = {at for span in spans for at in range(span.first, span.last) if span.entity != "person_relation"}
    kept = [span for span in sure if others.isdisjoint(range(span.first, span.last))]
    taken = {at for span in kept for at in range(span.first, span.last)}
    return [*(span for span in spans if taken.isdisjoint(range(span.first, span.last))), *kept]


def _merged(spans: Sequence[Tagged]) -> list[Tagged]:
    kept: list[Tagged] = []
    for span in spans:
        if kept and span.first < kept[-1].last:
            continue
        kept.append(span)
    return kept
