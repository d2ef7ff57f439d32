"""Who takes a referral, and why: the same answer for the same directory, the same staffing and the same moment; never nobody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from bot.domain.directory import EVERYWHERE, SECRETARIAT, Directory, Partner, Why
from bot.domain.places import Place
from bot.domain.referrals import DEADLINES, Urgency
from bot.domain.regions import Region

# Why a partner that helps with the need there does not get the referral: it is unverified or switched off, takes no referrals for
# this need, carries as many as it can, everyone there is away, or nobody there has answered our first text yet.
Obstacle = Literal["not_usable", "not_taking", "full", "absent", "untold"]
OBSTACLES: tuple[Obstacle, ...] = get_args(Obstacle)
# These are of today, not of the directory: the caseworker who gets the referral instead reads of them.
PASSING: tuple[Obstacle, ...] = ("full", "absent", "untold")


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who can take something now. `loads` are open referrals by partner id; `absent` are partners where everybody is away and nobody
    stands in, with the day on which somebody is back; `told` are those with a caseworker who may be told, None for all."""

    loads: Mapping[str, int] = field(default_factory=dict)
    absent: Mapping[str, date] = field(default_factory=dict)
    told: frozenset[str] | None = None


ALL_HANDS = Staffing()


@dataclass(frozen=True, slots=True)
class Case:
    """What a routing depends on besides the directory. `place` None is the home region; `language` is an ISO 639 code."""

    need: str
    place: Place | None
    urgency: Urgency
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner that can take the referral. `opens` is when somebody is there to read it (None: hours unknown), `late` whether more
    than half of the time to the deadline is over by then, `foreign` whether it does not speak the person's language."""

    partner: Partner
    why: Why
    opens: datetime | None = None
    late: bool = False
    foreign: bool = False
    load: int = 0


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A partner that helps with the need there and does not get the referral. `until` is the day it is back, where it is away."""

    partner: Partner
    obstacle: Obstacle
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """Who takes a referral: the first of `candidates`, which is never empty. `passed` are those that would have helped as well."""

    region: Region
    candidates: tuple[Candidate, ...]
    passed: tuple[PassedOver, ...] = ()

    @property
    def partner(self) -> Partner:
        """Who takes it."""
        return self.candidates[0].partner

    @property
    def why(self) -> Why:
        """For which reason."""
        return self.candidates[0].why

    @property
    def alternatives(self) -> tuple[Partner, ...]:
        """Who comes next, best first."""
        return tuple(candidate.partner for candidate in self.candidates[1:])

    @property
    def looks_at(self) -> datetime | None:
        """When somebody is there to read it, None when no opening is known."""
        return self.candidates[0].opens

    def values(self, need: str) -> dict[str, str]:
        """What fills the sentence of the reason. `passed` names who would have come first and cannot today."""
        passed = [one.partner.name for one in self.passed if one.obstacle in PASSING]
        return {"partner": self.partner.name, "need": need, "region": self.region.name, "passed": ", ".join(passed)}


def route(directory: Directory, case: Case, staffing: Staffing = ALL_HANDS) -> Routing:
    """Who takes a referral, and who next.

    An emergency goes to whoever is on call. Else to a partner of the region that takes this need and has room: a regional one before
    one for the whole country, one that speaks the language before others, one that opens in time before one that does not, the least
    loaded first; where it is urgent, opening in time comes before everything. Then the region's reception office; then the region's
    coordinator, or the one of the region that runs this service where nobody there can be told.
    """
    region = directory.region_of(case.place)
    found: dict[str, Candidate] = {}
    for partner, why in _ranked(directory, region, case, staffing):
        found.setdefault(partner.id, _candidate(directory, region, case, staffing, partner, why))
    passed = () if case.need in SECRETARIAT else tuple(_passed(directory, region, case, staffing, found))
    return Routing(region, tuple(found.values()), passed)


def able(partner: Partner, staffing: Staffing) -> bool:
    """Whether somebody there can be told now."""
    return partner.usable and partner.id not in staffing.absent and (staffing.told is None or partner.id in staffing.told)


def _ranked(directory: Directory, region: Region, case: Case, staffing: Staffing) -> Iterator[tuple[Partner, Why]]:
    if case.need in SECRETARIAT:
        yield _coordinator(directory, region, staffing), "secretariat"
        return
    on_call = directory.partners.get(region.on_call)
    if case.urgency == "emergency" and on_call and able(on_call, staffing):
        yield on_call, "on_call"
    taking = [partner for partner in directory.who_serves(case.need, Place(region.name)) if _obstacle(partner, case, staffing) is None]
    for partner in sorted(taking, key=lambda partner: _order(directory, region, case, staffing, partner)):
        yield partner, "serves_everywhere" if EVERYWHERE in partner.regions else "serves_here"
    reception = directory.partners.get(region.reception)
    if reception and able(reception, staffing):
        yield reception, "reception"
    yield _coordinator(directory, region, staffing), "coordinator"


def _coordinator(directory: Directory, region: Region, staffing: Staffing) -> Partner:
    """The region's own while somebody there can be told, else the home region's, else the region's all the same: never nobody."""
    own, home = directory.partners[region.coordinator], directory.partners[directory.country.regions[directory.home].coordinator]
    return home if not able(own, staffing) and able(home, staffing) else own


def _order(
    directory: Directory, region: Region, case: Case, staffing: Staffing, partner: Partner
) -> tuple[bool, bool, bool, bool, int, str]:
    one = _candidate(directory, region, case, staffing, partner, "serves_here")
    rushed = case.urgency != "normal"
    return (one.late and rushed, EVERYWHERE in partner.regions, one.foreign, one.late, one.load, partner.id)


def _candidate(directory: Directory, region: Region, case: Case, staffing: Staffing, partner: Partner, why: Why) -> Candidate:
    opens = directory.calendar.next_opening(partner.hours or region.hours, case.at)
    late = opens is not None and opens - case.at > DEADLINES[case.urgency] / 2
    foreign = bool(partner.languages) and case.language not in partner.languages
    return Candidate(partner, why, opens, late, foreign, staffing.loads.get(partner.id, 0))


def _obstacle(partner: Partner, case: Case, staffing: Staffing) -> Obstacle | None:
    if not partner.usable:
        return "not_usable"
    if case.need not in partner.takes:
        return "not_taking"
    if partner.id in staffing.absent:
        return "absent"
    if not able(partner, staffing):
        return "untold"
    full = partner.load_limit is not None and staffing.loads.get(partner.id, 0) >= partner.load_limit
    return "full" if full else None


def _passed(directory: Directory, region: Region, case: Case, staffing: Staffing, found: Mapping[str, Candidate]) -> Iterator[PassedOver]:
    """Partners for the need in the region that are not among the candidates, by id."""
    for partner in sorted(directory.partners.values(), key=lambda one: one.id):
        if case.need not in partner.serves or not partner.in_region(region.name) or partner.id in found:
            continue
        obstacle = _obstacle(partner, case, staffing)
        if obstacle is not None:
            yield PassedOver(partner, obstacle, staffing.absent.get(partner.id) if obstacle == "absent" else None)
