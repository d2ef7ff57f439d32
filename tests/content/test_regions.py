"""Regions, hotlines and holidays: what ships is whole, what is wrong is named."""

from datetime import date, time
from pathlib import Path

import pytest

from bot.content.places import load_places
from bot.content.reading import Faults
from bot.content.regions import load_calendar, load_country

CONFIG = Path(__file__).resolve().parents[2] / "config"


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_every_region_of_the_list_of_places_has_a_file() -> None:
    faults = Faults()
    country = load_country(CONFIG, faults)
    places = load_places(CONFIG / "places.csv", "config/places.csv", faults)
    assert not faults.found
    assert {region.name for region in country.regions.values()} == {
        place.name for place in places.places.values() if place.level == "region"
    }
    assert country.regions["diourbel"].complete


def test_the_numbers_are_those_that_may_be_given() -> None:
    hotlines = load_country(CONFIG, Faults()).hotlines
    assert {hotline.number for hotline in hotlines.values()} == {"1515", "18", "17", "116", "800 805 805", "800 00 2012"}
    assert hotlines["police"].audience == "choice"
    assert hotlines["child"].audience == "child"


def test_a_line_on_which_departures_are_denounced_is_nowhere_in_the_content() -> None:
    for path in CONFIG.rglob("*.yml"):
        text = path.read_text(encoding="utf-8").replace(" ", "")
        assert "800001015" not in text, path
        assert "800002020" not in text, path


@pytest.mark.parametrize("year", [2026, 2027])
def test_each_year_has_its_fixed_days_and_its_feasts_to_be_confirmed(year: int) -> None:
    faults = Faults()
    calendar = load_calendar(CONFIG / "holidays", faults)
    assert not faults.found
    for month, day in ((1, 1), (4, 4), (5, 1), (8, 15), (11, 1), (12, 25)):
        assert calendar.holiday(date(year, month, day)) is not None
    unsure = [holiday for holiday in calendar.holidays.values() if holiday.day.year == year and not holiday.certain]
    assert len(unsure) == 5
    assert all("à confirmer" in holiday.name for holiday in unsure)


def test_hours_are_read_for_weekdays_and_single_days(tmp_path: Path) -> None:
    write(tmp_path, "hotlines.yml", "hotlines: []\n")
    write(
        tmp_path,
        "regions/thies.yml",
        "region: thies\nname: Thiès\ncapital: Thiès\nreception: a\ncoordinator: b\nlanguages: [wo, srr]\nhours:\n"
        '  weekdays: ["08:00-12:00", "14:00-17:00"]\n  friday: "08:00-12:00"\n',
    )
    faults = Faults()
    hours = load_country(tmp_path, faults).regions["thies"].hours
    assert not faults.found
    assert hours.spans(date(2026, 12, 2)) == ((time(8), time(12)), (time(14), time(17)))
    assert hours.spans(date(2026, 12, 4)) == ((time(8), time(12)),)
    assert hours.spans(date(2026, 12, 5)) == ()


def test_mistakes_in_a_region_are_named_with_file_line_and_hint(tmp_path: Path) -> None:
    write(tmp_path, "hotlines.yml", "hotlines:\n  - {id: a, number: appelez, name: n, purpose: p, audience: everybody, free: yes}\n")
    write(
        tmp_path,
        "regions/thies.yml",
        "region: ties\nname: Thiès\ncapital: Thiès\nreception: a\ncoordinator: b\nlanguages: [Wolof]\n"
        'hours:\n  weekdays: "17:00-08:00"\ncomplet: yes\n',
    )
    faults = Faults()
    load_country(tmp_path, faults)
    found = {(fault.file, fault.line, fault.code, fault.hint) for fault in faults.found}
    assert found == {
        ("config/regions/thies.yml", 1, "id_not_file_name", "thies"),
        ("config/regions/thies.yml", 6, "not_a_language", ""),
        ("config/regions/thies.yml", 8, "not_hours", ""),
        ("config/regions/thies.yml", 9, "unknown_key", "complete"),
        ("config/hotlines.yml", 2, "not_allowed", "everyone"),
        ("config/hotlines.yml", 2, "not_a_number", ""),
        ("config/hotlines.yml", 2, "missing_key", ""),
    }


def test_a_holiday_of_another_year_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, "2026.yml", "year: 2026\nholidays:\n  - {day: 2027-01-01, name: n}\n  - {day: demain, name: n}\n")
    faults = Faults()
    load_calendar(tmp_path, faults)
    assert [(fault.line, fault.code) for fault in faults.found] == [(3, "other_year"), (4, "not_a_date")]
