"""Places of Senegal: regions, departments, communes and localities under all their names."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from wolof import allowed, fold_text, within

# Areas of old that cover several regions: they are places, and which one is meant has to be asked.
AREAS: Final = (
    "Casamance",
    "Kaasamaas",
    "Fouta",
    "Fuuta",
    "Saloum",
    "Saalum",
    "Sine Saloum",
    "Sine",
    "Baol",
    "Bawol",
    "Cayor",
    "Kajoor",
    "Ndiambour",
    "Ferlo",
    "Djolof",
    "Jolof",
    "Walo",
    "Niayes",
    "Ñaay",
)
_SHORTEST_FUZZY: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """One row: a commune has all three names, a department no commune, a region only its own."""

    region: str
    department: str = ""
    commune: str = ""

    @property
    def path(self) -> str:
        """`Region`, `Region/Department` or `Region/Department/Commune`: the canonical form of a place."""
        return "/".join(part for part in (self.region, self.department, self.commune) if part)

    @property
    def name(self) -> str:
        """The name of the place itself."""
        return self.commune or self.department or self.region

    def inside(self, other: "Place") -> bool:
        """Whether `other` contains this place or is this place."""
        return (self.path + "/").startswith(other.path + "/")


@dataclass
class Gazetteer:
    """Folded names of one to five words, each with the places that bear it."""

    names: dict[str, list[Place]] = field(default_factory=dict)
    _starts: dict[str, list[str]] | None = None

    @classmethod
    def read(cls, path: Path) -> "Gazetteer":
        """From `places.csv` (region, department, commune, variants separated by `|`); empty when the file is absent."""
        if not path.exists():
            return cls()
        with path.open(encoding="utf-8", newline="") as file:
            return cls.of(csv.DictReader(file))

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str | None]]) -> "Gazetteer":
        """From rows with the columns of `places.csv`."""
        gazetteer = cls({fold_text(area): [] for area in AREAS})
        for row in rows:
            place = Place(*((row.get(column) or "").strip() for column in ("region", "department", "commune")))
            for name in _spellings(place.name, row.get("variants") or ""):
                bearers = gazetteer.names.setdefault(fold_text(name), [])
                if place not in bearers:
                    bearers.append(place)
        gazetteer.names.pop("", None)
        return gazetteer

    def exact(self, name: str) -> list[Place] | None:
        """The places with that folded name: None when it is no place, empty for an area without boundaries."""
        return self.names.get(name)

    def near(self, name: str) -> str | None:
        """The one known name within the allowed edits of a folded name, None when there is none or a tie."""
        return _nearest(name, tuple(self._same_start(name)))

    def _same_start(self, name: str) -> Iterator[str]:
        if len(name) < _SHORTEST_FUZZY:
            return
        for known in self._by_start().get(name[0], ()):
            if abs(len(known) - len(name)) <= 2:
                yield known

    def _by_start(self) -> dict[str, list[str]]:
        if self._starts is None:
            starts: dict[str, list[str]] = {}
            for known in self.names:
                if len(known) >= _SHORTEST_FUZZY:
                    starts.setdefault(known[0], []).append(known)
            self._starts = starts
        return self._starts

    def resolve(self, name: str) -> list[Place]:
        """The places a folded name may mean, nested ones of the same name taken for one; several when it must be asked."""
        found = self.names.get(name)
        if found is None:
            near = self.near(name)
            found = self.names[near] if near else []
        return unnested(found)

    def as_json(self) -> dict[str, Any]:
        """For the model archive."""
        return {name: [place.path for place in places] for name, places in self.names.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, list[str]]) -> "Gazetteer":
        """What `as_json` wrote."""
        return cls({name: [Place(*path.split("/")) for path in paths] for name, paths in data.items()})


def unnested(places: list[Place]) -> list[Place]:
    """One place for a chain such as region, department and commune of Kolda: its department, where people mean the town."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda one: one.path.count("/")):
        holder = next((at for at, known in enumerate(kept) if place.inside(known)), None)
        if holder is None:
            kept.append(place)
        elif place.department and not place.commune and not kept[holder].department:
            kept[holder] = place
    return kept


def shared(places: list[Place]) -> str | None:
    """The path of the one place, or of the department all of them lie in; None when it must be asked."""
    if len(places) == 1:
        return places[0].path
    departments = {(place.region, place.department) for place in places}
    region, department = next(iter(departments), ("", ""))
    return Place(region, department).path if len(departments) == 1 and department else None


def _spellings(name: str, variants: str) -> Iterator[str]:
    yield name
    for variant in variants.split("|"):
        if variant.strip():
            yield variant.strip()


@lru_cache(maxsize=20_000)
def _nearest(name: str, candidates: tuple[str, ...]) -> str | None:
    limit = allowed(name)
    best: tuple[int, str] | None = None
    tied = False
    for candidate in candidates:
        distance = within(name, candidate, limit if best is None else best[0])
        if distance is None:
            continue
        if best is None or distance < best[0]:
            best, tied = (distance, candidate), False
        elif distance == best[0] and candidate != best[1]:
            tied = True
    return None if best is None or tied else best[1]
