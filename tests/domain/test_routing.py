"""Who takes a referral: the same answer for the same directory, staffing and moment; never nobody."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Hours
from bot.domain.directory import EVERYWHERE, NEEDS, SECRETARIAT, Directory, Need, Partner
from bot.domain.places import Place
from bot.domain.referrals import DEADLINES, Urgency
from bot.domain.routing import ALL_HANDS, Case, Routing, Staffing, route
from tests.domain.directories import AGENCY, DIOURBEL, LOUGA, MBACKE, NOON, RECEPTIONS, SCHOOL, TOUBA, directory, partner

MORNINGS = Hours({day: ((time(8), time(12)),) for day in range(5)})
FRIDAYS = Hours({4: ((time(9), time(12)),)})


def ask(
    found: Directory,
    need: str = "training",
    place: Place | None = MBACKE,
    urgency: Urgency = "normal",
    language: str = "fr",
    at: datetime = NOON,
    staffing: Staffing = ALL_HANDS,
) -> Routing:
    return route(found, Case(need, place, urgency, language, at), staffing)


def names(routing: Routing) -> list[str]:
    return [candidate.partner.id for candidate in routing.candidates]


def test_a_partner_of_the_region_comes_before_one_for_everywhere() -> None:
    routing = ask(directory(AGENCY, SCHOOL), place=TOUBA)
    assert (routing.partner.id, routing.why) == ("school", "serves_here")
    assert [one.id for one in routing.alternatives] == ["agency", "reception_diourbel", "secretariat"]


def test_a_need_that_nobody_takes_goes_to_the_reception_of_the_region() -> None:
    routing = ask(directory(AGENCY, SCHOOL), "papers", LOUGA)
    assert (routing.partner.id, routing.why) == ("reception_louga", "reception")
    assert routing.values("papers") == {"partner": "RECEPTION_LOUGA", "need": "papers", "region": "Louga", "passed": ""}


def test_the_coordinator_is_told_when_the_reception_is_closed() -> None:
    routing = ask(directory(replace(RECEPTIONS[1], on=False)), "papers", LOUGA)
    assert (routing.partner.id, routing.why) == ("secretariat", "coordinator")


def test_an_emergency_goes_to_whoever_is_on_call() -> None:
    routing = ask(directory(SCHOOL), urgency="emergency")
    assert (routing.partner.id, routing.why) == ("reception_diourbel", "on_call")
    assert [one.id for one in routing.alternatives] == ["school", "secretariat"]


def test_an_emergency_does_not_wait_for_somebody_who_is_away() -> None:
    away = Staffing(absent={"reception_diourbel": date(2026, 12, 9)})
    assert names(ask(directory(SCHOOL), urgency="emergency", staffing=away)) == ["school", "secretariat"]


@pytest.mark.parametrize("need", SECRETARIAT)
def test_a_complaint_or_a_wish_about_data_goes_to_the_secretariat_and_to_no_partner(need: Need) -> None:
    keen = replace(SCHOOL, serves=NEEDS, takes=NEEDS)
    for urgency in DEADLINES:
        routing = ask(directory(keen), need, urgency=urgency)
        assert (names(routing), routing.why, routing.passed) == (["secretariat"], "secretariat", ())


def test_an_unknown_place_is_the_home_region() -> None:
    for place in (None, Place("Atlantis")):
        assert ask(directory(SCHOOL), "other", place).partner.id == "reception_diourbel"


@pytest.mark.parametrize("change", [{"on": False}, {"verified": False}, {"takes": ()}, {"regions": ("Louga",)}, {"load_limit": 3}])
def test_a_partner_that_is_off_unverified_elsewhere_or_full_takes_nothing(change: dict[str, object]) -> None:
    changed = replace(SCHOOL, **change)  # type: ignore[arg-type]
    assert ask(directory(changed), staffing=Staffing(loads={"school": 3})).partner.id == "reception_diourbel"


@pytest.mark.parametrize(
    ("changed", "staffing", "obstacle"),
    [
        (replace(SCHOOL, on=False), ALL_HANDS, "not_usable"),
        (replace(SCHOOL, takes=()), ALL_HANDS, "not_taking"),
        (replace(SCHOOL, load_limit=2), Staffing(loads={"school": 2}), "full"),
        (SCHOOL, Staffing(absent={"school": date(2026, 12, 9)}), "absent"),
        (SCHOOL, Staffing(told=frozenset({"reception_diourbel"})), "untold"),
    ],
)
def test_who_is_passed_over_is_said_with_the_reason(changed: Partner, staffing: Staffing, obstacle: str) -> None:
    routing = ask(directory(changed), staffing=staffing)
    assert [(one.partner.id, one.obstacle) for one in routing.passed] == [("school", obstacle)]
    assert routing.values("training")["passed"] == ("SCHOOL" if obstacle in ("full", "absent", "untold") else "")
    assert routing.passed[0].until == staffing.absent.get("school")


def test_a_partner_that_speaks_the_language_comes_first_and_the_other_next() -> None:
    french, wolof = replace(SCHOOL, id="a", languages=("fr",)), replace(SCHOOL, id="b", languages=("fr", "wo"))
    assert names(ask(directory(french, wolof), language="wo"))[:2] == ["b", "a"]


def test_the_less_loaded_of_two_comes_first() -> None:
    twins = directory(replace(SCHOOL, id="a"), replace(SCHOOL, id="b"))
    assert names(ask(twins, staffing=Staffing(loads={"a": 4, "b": 3})))[:2] == ["b", "a"]
    assert names(ask(twins, staffing=Staffing(loads={"a": 3, "b": 3})))[:2] == ["a", "b"]


def test_where_it_is_urgent_whoever_opens_in_time_comes_before_whoever_is_near() -> None:
    # Saturday: the school opens on Friday, the agency on Monday.
    saturday = datetime(2026, 12, 5, 9, tzinfo=UTC)
    found = directory(replace(SCHOOL, hours=FRIDAYS), AGENCY)
    assert names(ask(found, urgency="urgent", at=saturday))[:2] == ["school", "agency"]
    closed = directory(replace(SCHOOL, hours=FRIDAYS), replace(AGENCY, hours=Hours({5: ((time(8), time(12)),)})))
    assert names(ask(closed, urgency="urgent", at=saturday))[:2] == ["agency", "school"]
    assert names(ask(closed, urgency="normal", at=saturday))[:2] == ["school", "agency"]


def test_a_routing_says_when_somebody_will_look() -> None:
    assert ask(directory(SCHOOL), at=datetime(2026, 12, 5, 9, tzinfo=UTC)).looks_at == datetime(2026, 12, 7, 8, tzinfo=UTC)
    assert ask(directory(replace(SCHOOL, hours=Hours({})))).looks_at is None


def test_where_the_coordinator_of_a_region_hears_nothing_the_one_of_the_home_region_does() -> None:
    found = directory(partner("desk_louga", regions=("Louga",)))
    louga = replace(found.country.regions["louga"], coordinator="desk_louga")
    far = replace(found, country=replace(found.country, regions={**found.country.regions, "louga": louga}))
    assert names(ask(far, "papers", LOUGA, staffing=Staffing(told=frozenset({"desk_louga"})))) == ["desk_louga"]
    assert names(ask(far, "papers", LOUGA, staffing=Staffing(told=frozenset({"secretariat"})))) == ["secretariat"]
    assert names(ask(far, "papers", LOUGA, staffing=Staffing(told=frozenset()))) == ["desk_louga"]


# Any directory of up to five partners with any properties, any staffing of them, any moment of a fortnight with a weekend in it.
HOURS = st.sampled_from([None, Hours({}), MORNINGS, FRIDAYS])
PARTNERS = st.builds(
    lambda number, takes, regions, usable, hours, limit, languages: replace(
        partner(f"p{number}", *takes, regions=regions), on=usable, hours=hours, load_limit=limit, languages=languages
    ),
    st.integers(0, 4),
    st.sets(st.sampled_from(NEEDS), max_size=4),
    st.sampled_from([("Diourbel",), ("Louga",), (EVERYWHERE,), ("Diourbel", "Louga"), ()]),
    st.booleans(),
    HOURS,
    st.sampled_from([None, 0, 2]),
    st.sampled_from([(), ("fr",), ("wo",), ("fr", "wo")]),
)
NAMED = st.sampled_from(["p0", "p1", "p2", "p3", "p4", "reception_diourbel", "reception_louga", "secretariat"])
STAFFINGS = st.builds(
    Staffing,
    loads=st.dictionaries(NAMED, st.integers(0, 4)),
    absent=st.dictionaries(NAMED, st.just(date(2026, 12, 9))),
    told=st.one_of(st.none(), st.frozensets(NAMED)),
)
CASES = st.builds(
    Case,
    st.sampled_from(NEEDS),
    st.sampled_from([None, LOUGA, DIOURBEL, TOUBA]),
    st.sampled_from(tuple(DEADLINES)),
    st.sampled_from(["fr", "wo"]),
    st.integers(0, 14 * 24).map(lambda hours: datetime.fromtimestamp(NOON.timestamp() + hours * 3600, UTC)),
)


@given(st.lists(PARTNERS, max_size=5), CASES, STAFFINGS)
def test_whatever_the_directory_somebody_takes_it_and_nobody_stands_there_twice(
    partners: list[Partner], case: Case, staffing: Staffing
) -> None:
    routing = route(directory(*partners), case, staffing)
    assert names(routing)
    assert len(set(names(routing))) == len(names(routing))
    assert not {one.partner.id for one in routing.passed} & set(names(routing))
    # The last door is the secretariat: there is a named answer after every refusal.
    assert "secretariat" in names(routing)


@given(st.lists(PARTNERS, max_size=5), CASES, STAFFINGS)
def test_the_order_of_the_files_decides_nothing(partners: list[Partner], case: Case, staffing: Staffing) -> None:
    known: Mapping[str, Partner] = {one.id: one for one in partners}
    forth, back = directory(*known.values()), directory(*reversed(list(known.values())))
    assert names(route(forth, case, staffing)) == names(route(back, case, staffing))


@given(st.lists(PARTNERS, max_size=5), CASES, STAFFINGS)
def test_whoever_gets_it_takes_it_there_has_room_is_present_and_can_be_told(
    partners: list[Partner], case: Case, staffing: Staffing
) -> None:
    routing = route(directory(*partners), case, staffing)
    for one in routing.candidates:
        if one.why in ("serves_here", "serves_everywhere"):
            assert one.partner.usable
            assert case.need in one.partner.takes
            assert one.partner.in_region(routing.region.name)
            assert one.partner.load_limit is None or staffing.loads.get(one.partner.id, 0) < one.partner.load_limit
        if one.why not in ("coordinator", "secretariat"):
            assert one.partner.id not in staffing.absent
            assert staffing.told is None or one.partner.id in staffing.told


@given(st.lists(PARTNERS, max_size=5), CASES, STAFFINGS)
def test_when_the_first_cannot_the_order_of_the_others_stays(partners: list[Partner], case: Case, staffing: Staffing) -> None:
    found = directory(*partners)
    routing = route(found, case, staffing)
    if routing.why in ("coordinator", "secretariat") or routing.partner.id == "secretariat":
        return
    without = replace(staffing, absent={**staffing.absent, routing.partner.id: date(2026, 12, 9)})
    assert names(route(found, case, without)) == names(routing)[1:]
