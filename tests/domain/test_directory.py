"""Who helps where, and who takes a referral: the same answer for the same day, and never nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Calendar, Hours
from bot.domain.directory import EVERYWHERE, NEEDS, SECRETARIAT, Directory, Need, Offer, Partner
from bot.domain.places import Place
from bot.domain.regions import Country, Hotline, Region

TODAY = date(2026, 12, 2)
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
OFFICE = Hours({day: ((time(8), time(17)),) for day in range(5)})
LOUGA, DIOURBEL = Place("Louga"), Place("Diourbel")
MBACKE, TOUBA = Place("Diourbel", "Mbacké"), Place("Diourbel", "Mbacké", "Touba Mosquée")


def partner(name: str, *takes: Need, regions: tuple[str, ...] = ("Diourbel",)) -> Partner:
    return Partner(
        id=name, name=name.upper(), acronym="", meaning="", kind="state", role="", regions=regions, serves=takes, takes=takes,
        conditions="", ways_in=(), source=("source",), checked=TODAY, owner="", verified=True, on=True,
    )  # fmt: skip


def offer(name: str, *places: str, needs: tuple[Need, ...] = ("training",)) -> Offer:
    return Offer(
        id=name, partner="school", needs=needs, places=places, title=name, text=name, who="", papers="", cost="", how_to_enrol="",
        who_decides="", source=("source",), checked=TODAY, verified=True, on=True,
    )  # fmt: skip


def region(name: str) -> Region:
    return Region(name.lower(), name, name, f"reception_{name.lower()}", "secretariat", f"reception_{name.lower()}", ("wo",), OFFICE)


RECEPTIONS = tuple(partner(f"reception_{name.lower()}", "other", regions=(name,)) for name in ("Diourbel", "Louga"))
SCHOOL = partner("school", "training")
AGENCY = partner("agency", "training", "job", regions=(EVERYWHERE,))


def directory(*partners: Partner, offers: tuple[Offer, ...] = ()) -> Directory:
    everybody = (*RECEPTIONS, partner("secretariat", regions=(EVERYWHERE,)), *partners)
    country = Country({"diourbel": region("Diourbel"), "louga": region("Louga")}, {})
    return Directory({one.id: one for one in everybody}, offers, country, Calendar({}, (2026, 2027)), "diourbel")


def test_a_partner_of_the_region_comes_before_one_for_everywhere() -> None:
    routing = directory(AGENCY, SCHOOL).route("training", TOUBA, "normal", "fr", NOON)
    assert (routing.partner.id, routing.why) == ("school", "serves_here")
    assert [one.id for one in routing.alternatives] == ["agency", "reception_diourbel", "secretariat"]


def test_a_need_that_nobody_takes_goes_to_the_reception_of_the_region() -> None:
    routing = directory(AGENCY, SCHOOL).route("papers", LOUGA, "normal", "fr", NOON)
    assert (routing.partner.id, routing.why) == ("reception_louga", "reception")
    assert routing.values == {"partner": "RECEPTION_LOUGA", "need": "papers", "region": "Louga"}


def test_the_coordinator_is_told_when_the_reception_is_closed() -> None:
    closed = replace(RECEPTIONS[1], on=False)
    routing = directory(closed).route("papers", LOUGA, "normal", "fr", NOON)
    assert (routing.partner.id, routing.why) == ("secretariat", "coordinator")


def test_an_emergency_goes_to_whoever_is_on_call() -> None:
    routing = directory(SCHOOL).route("training", MBACKE, "emergency", "fr", NOON)
    assert (routing.partner.id, routing.why) == ("reception_diourbel", "on_call")
    assert [one.id for one in routing.alternatives] == ["school", "secretariat"]


@pytest.mark.parametrize("need", SECRETARIAT)
def test_a_complaint_or_a_wish_about_data_goes_to_the_secretariat_and_to_no_partner(need: Need) -> None:
    keen = replace(SCHOOL, serves=NEEDS, takes=NEEDS)
    for urgency in ("normal", "emergency"):
        routing = directory(keen).route(need, MBACKE, urgency, "fr", NOON)
        assert (routing.partner.id, routing.why) == ("secretariat", "secretariat")


def test_an_unknown_place_is_the_home_region() -> None:
    for place in (None, Place("Atlantis")):
        assert directory(SCHOOL).route("other", place, "normal", "fr", NOON).partner.id == "reception_diourbel"


@pytest.mark.parametrize("change", [{"on": False}, {"verified": False}, {"takes": ()}, {"regions": ("Louga",)}, {"load_limit": 3}])
def test_a_partner_that_is_off_unverified_elsewhere_or_full_takes_nothing(change: dict[str, object]) -> None:
    changed = replace(SCHOOL, **change)  # type: ignore[arg-type]
    routing = directory(changed).route("training", MBACKE, "normal", "fr", NOON, loads={"school": 3})
    assert routing.partner.id == "reception_diourbel"


def test_a_partner_that_speaks_the_language_comes_first_and_the_other_next() -> None:
    french, wolof = replace(SCHOOL, id="a", languages=("fr",)), replace(SCHOOL, id="b", languages=("fr", "wo"))
    routing = directory(french, wolof).route("training", MBACKE, "normal", "wo", NOON)
    assert (routing.partner.id, routing.alternatives[0].id) == ("b", "a")


def test_a_routing_says_when_somebody_will_look() -> None:
    saturday = datetime(2026, 12, 5, 9, tzinfo=UTC)
    routing = directory(SCHOOL).route("training", MBACKE, "normal", "fr", saturday)
    assert routing.looks_at == datetime(2026, 12, 7, 8, tzinfo=UTC)


@given(st.sampled_from(NEEDS), st.sampled_from([None, LOUGA, DIOURBEL, TOUBA]), st.sampled_from(["normal", "urgent", "emergency"]))
def test_routing_is_never_nobody_and_always_the_same(need: Need, place: Place | None, urgency: str) -> None:
    routed = [directory(*order).route(need, place, urgency, "wo", NOON) for order in ((AGENCY, SCHOOL), (SCHOOL, AGENCY))]  # type: ignore[arg-type]
    assert routed[0] == routed[1]
    assert routed[0].partner not in routed[0].alternatives


def test_offers_come_nearest_first_then_those_for_everyone_then_the_most_special() -> None:
    offers = (
        offer("everywhere", EVERYWHERE),
        offer("country", EVERYWHERE, needs=("training", "job")),
        replace(offer("a_few", EVERYWHERE), open_to_all=False),
        offer("region", "Diourbel"),
        offer("department", "Diourbel/Mbacké", "Louga"),
        offer("elsewhere", "Louga"),
    )
    told = directory(SCHOOL, offers=offers).offers("training", TOUBA, TODAY)
    assert [one.id for one in told] == ["department", "region", "everywhere", "country", "a_few"]


def test_without_a_place_only_what_holds_everywhere_is_told() -> None:
    told = directory(SCHOOL, offers=(offer("here", "Diourbel"), offer("all", EVERYWHERE))).offers("training", None, TODAY)
    assert [one.id for one in told] == ["all"]


@pytest.mark.parametrize("change", [{"on": False}, {"verified": False}, {"valid_until": date(2026, 12, 1)}, {"needs": ("job",)}])
def test_what_is_off_unverified_over_or_for_another_need_is_not_told(change: dict[str, object]) -> None:
    changed = replace(offer("it", EVERYWHERE), **change)  # type: ignore[arg-type]
    assert directory(SCHOOL, offers=(changed,)).offers("training", MBACKE, TODAY) == ()


def test_an_offer_is_told_on_its_last_day() -> None:
    last = replace(offer("it", EVERYWHERE), valid_until=TODAY)
    assert directory(SCHOOL, offers=(last,)).offers("training", MBACKE, TODAY) == (last,)


def test_an_offer_of_a_partner_that_is_off_is_not_told() -> None:
    assert directory(replace(SCHOOL, on=False), offers=(offer("it", EVERYWHERE),)).offers("training", MBACKE, TODAY) == ()


def test_entries_are_stale_after_ninety_days_or_when_they_are_over() -> None:
    over = replace(offer("over", EVERYWHERE), valid_until=date(2026, 12, 1))
    old, quiet = replace(SCHOOL, checked=date(2026, 9, 2)), replace(AGENCY, checked=date(2020, 1, 1), on=False)
    found = directory(old, quiet, offers=(over, offer("fresh", EVERYWHERE))).stale(TODAY)
    assert [entry.id for entry in found] == ["school", "over"]


def test_hotlines_are_given_by_audience() -> None:
    lines = {a: Hotline(a, "1", a, "", a, free=True, source="s") for a in ("everyone", "danger", "child", "choice")}
    told = Country({}, lines).hotlines_for(("everyone", "child"))
    assert [line.id for line in told] == ["everyone", "child"]
