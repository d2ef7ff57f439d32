"""Who helps where: the same answer for the same day."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.directory import EVERYWHERE
from bot.domain.regions import Country, Hotline
from tests.domain.directories import AGENCY, MBACKE, SCHOOL, TODAY, TOUBA, directory, offer


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
