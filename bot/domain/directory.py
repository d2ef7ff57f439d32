"""Who serves which need where. Everything here is a pure function of the directory and the day; who takes a referral: `routing`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from bot.domain.addresses import Address
from bot.domain.calendar import Calendar, Hours
from bot.domain.cover import LACKS
from bot.domain.ladder import NO_LADDER, Ladder
from bot.domain.places import Place, place_of
from bot.domain.regions import Country, Region

Need = Literal[
    "job", "training", "business", "business_trouble", "health", "listening", "papers", "housing_food", "school", "legal",
    "family_tracing", "family_debt", "protection", "migration", "other", "complaint", "data_request", "file",
]  # fmt: skip
NEEDS: tuple[Need, ...] = get_args(Need)

Why = Literal["secretariat", "on_call", "serves_here", "serves_everywhere", "reception", "coordinator"]
WHYS: tuple[Why, ...] = get_args(Why)
# Reasons that come after the first routing, and what is said beside any of them.
LATER_WHYS = ("refused", "transferred", "not_seen", "not_contacted", *LACKS, "passed_over")

# Matters that no partner may judge in its own case, and that only the secretariat can act on: it alone opens what people send.
SECRETARIAT: tuple[Need, ...] = ("complaint", "data_request", "file")

EVERYWHERE = "*"
# A check older than this is stale (the framework's own aim: offers with a check younger than 90 days).
FRESH = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class WayIn:
    """How a person gets there: `visit`, `phone`, `web`, `email` or `through` another partner. `value` is published by its owner."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Means:
    """Where a partner is told about referrals besides its members, and in which language."""

    address: Address
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that serves needs in places.

    `regions` holds region names, `*` for all fourteen, nothing where it is not established. `serves` are the needs it helps
    with, `takes` those among them for which it takes referrals (the others are only shown to staff). `verified`: a source
    confirms the organisation and its main service; unverified partners are loaded and never told. `checked` is the day its
    sources were last read. `load_limit` is the number of open referrals it can carry, None when not agreed.
    `means` are e-mail addresses and systems of the partner's own; telephones belong to members, who said yes themselves. Only
    `demo_phones` did not: they are telephones of the sandbox, and there are none unless the service runs with it.
    """

    id: str
    name: str
    acronym: str
    meaning: str
    kind: str
    role: str
    regions: tuple[str, ...]
    serves: tuple[Need, ...]
    takes: tuple[Need, ...]
    conditions: str
    ways_in: tuple[WayIn, ...]
    source: tuple[str, ...]
    checked: date
    owner: str
    verified: bool
    on: bool
    languages: tuple[str, ...] = ()
    hours: Hours | None = None
    load_limit: int | None = None
    means: tuple[Means, ...] = ()
    demo_phones: tuple[Means, ...] = ()
    note: str = ""

    @property
    def usable(self) -> bool:
        """Whether people may hear of it."""
        return self.verified and self.on

    def in_region(self, name: str) -> bool:
        """Whether it works in the region of that name."""
        return EVERYWHERE in self.regions or name in self.regions


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing a person can get. `text` is what they read, French, at most 300 letters; the other texts are for staff.

    `places` are codes of regions or departments, `*` for everywhere. `valid_until` is the last day it may be told.
    `open_to_all` is False for what only some people can get, such as those who came from one country.
    """

    id: str
    partner: str
    needs: tuple[Need, ...]
    places: tuple[str, ...]
    title: str
    text: str
    who: str
    papers: str
    cost: str
    how_to_enrol: str
    who_decides: str
    source: tuple[str, ...]
    checked: date
    verified: bool
    on: bool
    open_to_all: bool = True
    valid_until: date | None = None

    def may_be_told(self, today: date) -> bool:
        """Verified, switched on and not over."""
        return self.verified and self.on and (self.valid_until is None or today <= self.valid_until)

    def nearness(self, place: Place | None) -> int | None:
        """3 commune, 2 department, 1 region, 0 everywhere; None when it is not for that place."""
        scopes = (EVERYWHERE,) if place is None else self.places
        fitting = [
            0 if code == EVERYWHERE else code.count("/") + 1
            for code in scopes
            if (code in self.places if code == EVERYWHERE else place is not None and place.inside(place_of(code)))
        ]
        return max(fitting, default=None)


@dataclass(frozen=True, slots=True)
class Directory:
    """The partners and what each serves where. `home` is the region whose framework runs this service."""

    partners: Mapping[str, Partner]
    offer_list: tuple[Offer, ...]
    country: Country
    calendar: Calendar
    home: str
    ladder: Ladder = NO_LADDER

    def offers(self, need: str, place: Place | None, today: date) -> tuple[Offer, ...]:
        """What may be told today about help for this need there, nearest scope first.

        Within a scope, what everyone can get comes first, then what is made for few needs. Without a place: what holds everywhere.
        """
        found = [
            ((-near, not offer.open_to_all, len(offer.needs), offer.id), offer)
            for offer in self.offer_list
            if need in offer.needs
            and offer.may_be_told(today)
            and self._partner_is_usable(offer.partner)
            and (near := offer.nearness(place)) is not None
        ]
        return tuple(offer for _, offer in sorted(found, key=lambda entry: entry[0]))

    def in_check(self, need: str, place: Place | None, today: date) -> tuple[Offer, ...]:
        """What was told for this need there until its last day, and has to be confirmed by its owner before it is told again."""
        return tuple(
            offer
            for offer in self.offer_list
            if need in offer.needs
            and offer.verified
            and offer.on
            and _is_over(offer, today)
            and self._partner_is_usable(offer.partner)
            and offer.nearness(place) is not None
        )

    def expired(self, today: date) -> tuple[Offer, ...]:
        """The offers that would be told if their last day were not over, whose owners have to say whether they go on."""
        return tuple(
            offer
            for offer in self.offer_list
            if offer.verified and offer.on and _is_over(offer, today) and self._partner_is_usable(offer.partner)
        )

    def who_serves(self, need: str, place: Place | None) -> tuple[Partner, ...]:
        """Usable partners for the need in the region of the place, regional ones first."""
        region = self.region_of(place)
        found = [p for p in self.partners.values() if p.usable and need in p.serves and p.in_region(region.name)]
        return tuple(sorted(found, key=lambda p: (EVERYWHERE in p.regions, p.id)))

    def region_of(self, place: Place | None) -> Region:
        """The region of a place; the home region when no place is known."""
        named = self.country.region_named(place.region) if place else None
        return named or self.country.regions[self.home]

    def hours_of(self, partner_id: str) -> Hours:
        """When somebody reads what is sent to a partner: its own hours, else those of the region that runs the service."""
        partner = self.partners.get(partner_id)
        return partner.hours if partner and partner.hours else self.country.regions[self.home].hours

    def _usable(self, partner_id: str) -> Partner | None:
        partner = self.partners.get(partner_id)
        return partner if partner and partner.usable else None

    def _partner_is_usable(self, partner_id: str) -> bool:
        return self._usable(partner_id) is not None

    def stale(self, today: date) -> tuple[Partner | Offer, ...]:
        """What is switched on although its check is too old, or its last day is over; oldest first."""
        entries: list[Partner | Offer] = [*self.partners.values(), *self.offer_list]
        old = [entry for entry in entries if entry.on and (today - entry.checked > FRESH or _is_over(entry, today))]
        return tuple(sorted(old, key=lambda entry: (entry.checked, entry.id)))


def _is_over(entry: Partner | Offer, today: date) -> bool:
    return isinstance(entry, Offer) and entry.valid_until is not None and entry.valid_until < today
