"""Places of Senegal under all their names: what a text may mean, and with which certainty.

A place is known by its path `Region/Department/Commune`. Many names are shared: a commune often bears the name of its department
and region (then the department is meant, where people mean the town), and some names belong to places far apart: those are asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from wolof.distance import allowed, within
from wolof.spelling import fold_text

Level = Literal["region", "department", "commune"]
Find = Callable[[str], "tuple[Place, ...] | None"]
_LONGEST_NAME = 5
_SHORTEST_FUZZY = 5

# Areas of old that cover several regions (boundaries unverified): the region is asked, never guessed.
AREAS: Mapping[str, tuple[str, ...]] = {
    "Casamance": ("Ziguinchor", "Sédhiou", "Kolda"),
    "Kaasamaas": ("Ziguinchor", "Sédhiou", "Kolda"),
    "Basse Casamance": ("Ziguinchor",),
    "Moyenne Casamance": ("Sédhiou",),
    "Haute Casamance": ("Kolda",),
    "Fouta": ("Saint-Louis", "Matam"),
    "Fuuta": ("Saint-Louis", "Matam"),
    "Saloum": ("Kaolack", "Fatick", "Kaffrine"),
    "Saalum": ("Kaolack", "Fatick", "Kaffrine"),
    "Sine Saloum": ("Fatick", "Kaolack"),
    "Sine": ("Fatick",),
    "Siin": ("Fatick",),
    "Baol": ("Diourbel", "Thiès"),
    "Bawol": ("Diourbel", "Thiès"),
    "Cayor": ("Thiès", "Louga"),
    "Kajoor": ("Thiès", "Louga"),
    "Ferlo": ("Louga", "Matam"),
    "Walo": ("Saint-Louis",),
    "Waalo": ("Saint-Louis",),
    "Niayes": ("Dakar", "Thiès", "Louga", "Saint-Louis"),
}

# One place bears the name, and something else is said with it as often: the town across the river, the Koranic school.
# And words of every day (which, to enter, man, before, to go home, that, far, throat) that fold to the name of a small place:
# nobody's matter may go to another region because a sentence holds "fan" or "kër ga".
_EVERYDAY = frozenset(
    fold_text(name)
    for name in (
        "fan", "dugg", "góor", "bala", "ñibbi", "yeen", "jënd", "kese", "car", "ga", "kaay", "bel", "faas", "waajur", "sore", "ciel",
        "meeri", "golfe", "put", "mbam", "jaa", "ballu", "pet", "petit", "sem", "kanja", "ngo", "bëre",
    )
)  # fmt: skip
_NEVER_MENTIONED = frozenset(fold_text(name) for name in (*AREAS, "Daara", "Dahra", "ces", "pire", "sali")) | _EVERYDAY
_DOUBTFUL = frozenset(fold_text(name) for name in (*AREAS, "Rosso", "Roso", "Daara", "Dahra")) | _EVERYDAY


@dataclass(frozen=True, slots=True)
class Place:
    """A region, department, commune or locality."""

    region: str
    department: str = ""
    commune: str = ""

    @property
    def code(self) -> str:
        """`Region`, `Region/Department` or `Region/Department/Commune`."""
        return "/".join(part for part in (self.region, self.department, self.commune) if part)

    @property
    def name(self) -> str:
        """The name of the place itself."""
        return self.commune or self.department or self.region

    @property
    def level(self) -> Level:
        """How small it is."""
        return "commune" if self.commune else "department" if self.department else "region"

    def inside(self, other: "Place") -> bool:
        """Whether `other` contains this place or is it."""
        return f"{self.code}/".startswith(f"{other.code}/")


def place_of(code: str) -> Place:
    """The place of a code."""
    parts = [*code.split("/"), "", ""][:3]
    return Place(*parts)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text may mean. `certain`: one place, named exactly. Otherwise the candidates are asked about."""

    candidates: tuple[Place, ...] = ()
    certain: bool = False


@dataclass(frozen=True, slots=True)
class PlaceIndex:
    """Folded names with the places that bear them."""

    names: Mapping[str, tuple[Place, ...]]
    places: Mapping[str, Place]
    starts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, code: str) -> Place | None:
        """The place of a code."""
        return self.places.get(code)

    def resolve(self, text: str) -> Resolution:
        """The places that a text means, as a whole or inside running words; the longest name wins."""
        words = fold_text(text[:300]).split()
        for find, certain in ((self.names.get, True), (self._near, False)):
            candidates = self._scan(words, find)
            if candidates:
                return Resolution(candidates, certain and len(candidates) == 1 and not self._doubtful(words, candidates))
        return Resolution()

    def mentions(self, words: Sequence[str]) -> list[tuple[int, int, frozenset[str]]]:
        """Every name of a place in folded running words: `words[start:end]` and the regions it may lie in.

        The longest name wins; areas of old, and words of every day that are names as well, are passed over.
        """
        found: list[tuple[int, int, frozenset[str]]] = []
        at = 0
        while at < len(words):
            longest = range(min(_LONGEST_NAME, len(words) - at), 0, -1)
            named = ((at + length, " ".join(words[at : at + length])) for length in longest)
            end = next((end for end, name in named if name in self.names and name not in _NEVER_MENTIONED), at)
            if end > at:
                found.append((at, end, frozenset(place.region for place in self.names[" ".join(words[at:end])])))
            at = max(end, at + 1)
        return found

    def _scan(self, words: Sequence[str], find: Find) -> tuple[Place, ...]:
        for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
            spans = [
                (start, places) for start in range(len(words) - length + 1) if (places := find(" ".join(words[start : start + length])))
            ]
            # Beside a name that is only a name, a word of every day is that word.
            spans = [(start, places) for start, places in spans if words[start] not in _EVERYDAY] or spans
            if spans:
                covered = {at for start, _ in spans for at in range(start, start + length)}
                rest = [word for at, word in enumerate(words) if at not in covered]
                return self._told_apart(_narrow([place for _, places in spans for place in places]), rest)
        return ()

    def _told_apart(self, candidates: tuple[Place, ...], rest: Sequence[str]) -> tuple[Place, ...]:
        """Those that lie in a place named beside them, as in `Médina Gounass, Vélingara`; all of them when none does."""
        around = self._scan(rest, self.names.get) if len(candidates) > 1 else ()
        return tuple(place for place in candidates if any(place.inside(other) for other in around)) or candidates

    def _doubtful(self, words: Sequence[str], candidates: tuple[Place, ...]) -> bool:
        said = f" {' '.join(words)} "
        return any(f" {name} " in said and self.names.get(name) == candidates for name in _DOUBTFUL)

    def _near(self, name: str) -> tuple[Place, ...] | None:
        limit = allowed(name)
        if len(name) < _SHORTEST_FUZZY or limit == 0:
            return None
        near = [(edits, known) for known in self.starts.get(name[0], ()) if (edits := within(name, known, limit)) is not None]
        if not near:
            return None
        fewest = min(edits for edits, _ in near)
        return tuple(place for edits, known in near if edits == fewest for place in self.names[known])


def build_index(rows: Iterable[tuple[str, str, str, Sequence[str]]]) -> PlaceIndex:
    """An index from (region, department, commune, other names) rows."""
    names: dict[str, list[Place]] = {}
    places: dict[str, Place] = {}
    for region, department, commune, others in rows:
        place = Place(region, department, commune)
        places[place.code] = place
        for spelling in (place.name, *others):
            bearers = names.setdefault(fold_text(spelling), [])
            if place not in bearers:
                bearers.append(place)
    for area, regions in AREAS.items():
        names.setdefault(fold_text(area), [places[region] for region in regions if region in places])
    names.pop("", None)
    starts: dict[str, list[str]] = {}
    for known in names:
        if len(known) >= _SHORTEST_FUZZY:
            starts.setdefault(known[0], []).append(known)
    return PlaceIndex(
        {name: tuple(bearers) for name, bearers in names.items()}, places, {letter: tuple(known) for letter, known in starts.items()}
    )


def _narrow(found: Sequence[Place]) -> tuple[Place, ...]:
    """One place where only one can be meant.

    `Bambey, région de Diourbel` is Bambey. Region, department and commune of one name are the department, where people mean the
    town. Several in one department (Guinaw Rail Nord and Sud) are that department, for everything here is decided by department.
    """
    places = list(dict.fromkeys(found))
    inner = [place for place in places if any(place.inside(other) and place.name != other.name for other in places)]
    kept: list[Place] = []
    for place in sorted(inner or places, key=lambda place: place.code.count("/")):
        holder = next((at for at, known in enumerate(kept) if place.inside(known)), None)
        if holder is None:
            kept.append(place)
        elif place.level == "department":
            kept[holder] = place
    departments = {(place.region, place.department) for place in kept}
    if len(kept) > 1 and len(departments) == 1:
        return (Place(*departments.pop()),)
    return tuple(kept)
