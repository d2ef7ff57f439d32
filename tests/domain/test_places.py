"""A place is found under all its names, and asked about when it may be another."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.places import load_places
from bot.content.reading import Faults
from bot.domain.places import AREAS, Place, place_of

FAULTS = Faults()
PLACES = load_places(Path(__file__).resolve().parents[2] / "config" / "places.csv", "config/places.csv", FAULTS)


def codes(text: str) -> tuple[str, ...]:
    return tuple(place.code for place in PLACES.resolve(text).candidates)


def test_senegal_has_fourteen_regions_and_forty_six_departments() -> None:
    levels = [place.level for place in PLACES.places.values()]
    assert not FAULTS.found
    assert levels.count("region") == 14
    assert levels.count("department") == 46
    assert levels.count("commune") > 540


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mbacké", "Diourbel/Mbacké"),
        ("mbake", "Diourbel/Mbacké"),
        ("Mbàkke", "Diourbel/Mbacké"),
        ("M'bour", "Thiès/Mbour"),
        ("MBOUR", "Thiès/Mbour"),
        ("Njaaréem", "Diourbel/Diourbel"),
        ("touba", "Diourbel/Mbacké/Touba Mosquée"),
        ("Tuubaa laa dëkk", "Diourbel/Mbacké/Touba Mosquée"),
        ("Touba Toul", "Thiès/Thiès/Touba Toul"),
        ("Ndar", "Saint-Louis/Saint-Louis"),
        ("St Louis", "Saint-Louis/Saint-Louis"),
        ("kees", "Thiès/Thiès"),
        ("je suis au marché de Mbacké", "Diourbel/Mbacké"),
        ("Bambey, région de Diourbel", "Diourbel/Bambey"),
        ("Vélingara", "Kolda/Vélingara"),
        ("Vélingara Ferlo", "Matam/Ranérou-Ferlo/Vélingara Ferlo"),
        ("Tivaouane Peulh", "Dakar/Rufisque/Tivaouane Peulh-Niaga"),
        ("Guinaw Rails", "Dakar/Pikine"),
        ("Kër Massar", "Dakar/Keur Massar"),
        ("Siggicoor", "Ziguinchor/Ziguinchor"),
        ("Seju", "Sédhiou/Sédhiou"),
    ],
)
def test_a_name_in_any_usual_spelling_is_one_certain_place(text: str, code: str) -> None:
    found = PLACES.resolve(text)
    assert (tuple(place.code for place in found.candidates), found.certain) == ((code,), True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Missirah", {"Diourbel/Mbacké/Missirah", "Tambacounda/Tambacounda/Missirah"}),
        ("Dinguiraye", {"Diourbel/Bambey/Dinguiraye", "Kolda/Médina Yoro Foulah/Dinguiraye"}),
        ("Mlomp", {"Ziguinchor/Bignona/Mlomp", "Ziguinchor/Oussouye/Mlomp"}),
        ("Médina Gounass", {"Dakar/Guédiawaye/Médina Gounass", "Kolda/Vélingara/Médina Gounass"}),
        ("Colobane", {"Fatick/Gossas/Colobane", "Dakar/Dakar/Gueule Tapée-Fass-Colobane"}),
        ("Casamance", {"Ziguinchor", "Sédhiou", "Kolda"}),
        ("Fuuta", {"Saint-Louis", "Matam"}),
        ("saloum", {"Kaolack", "Fatick", "Kaffrine"}),
        ("Baol", {"Diourbel", "Thiès"}),
        ("de Pikine à Kolda", {"Dakar/Pikine", "Kolda/Kolda"}),
    ],
)
def test_a_shared_name_and_an_area_of_old_are_asked_about(text: str, expected: set[str]) -> None:
    assert set(codes(text)) == expected
    assert not PLACES.resolve(text).certain


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Missirah, Mbacké", "Diourbel/Mbacké/Missirah"),
        ("Médina Gounass, Vélingara", "Kolda/Vélingara/Médina Gounass"),
        ("Mlomp (Oussouye)", "Ziguinchor/Oussouye/Mlomp"),
    ],
)
def test_the_department_beside_a_shared_name_settles_it(text: str, code: str) -> None:
    assert codes(text) == (code,)
    assert PLACES.resolve(text).certain


@pytest.mark.parametrize("text", ["Rosso", "daara", "Siin"])
def test_a_name_that_means_something_else_as_often_is_confirmed(text: str) -> None:
    assert len(codes(text)) == 1
    assert not PLACES.resolve(text).certain


@pytest.mark.parametrize(("text", "code"), [("Tivaoaune", "Thiès/Tivaouane"), ("pekine", "Dakar/Pikine"), ("Diorbel", "Diourbel/Diourbel")])
def test_a_slip_of_the_finger_is_understood_and_confirmed(text: str, code: str) -> None:
    assert codes(text) == (code,)
    assert not PLACES.resolve(text).certain


@pytest.mark.parametrize("text", ["", "1", "oui", "non", "je ne sais pas", "merci beaucoup", "bonjour", "xyzzy", "Sénégal", "🙏🙏", "؟"])
def test_other_words_are_no_place(text: str) -> None:
    assert codes(text) == ()


@given(st.text(max_size=400))
def test_any_text_is_read_and_certainty_means_one_place(text: str) -> None:
    found = PLACES.resolve(text)
    assert not found.certain or len(found.candidates) == 1


@given(st.sampled_from(sorted(PLACES.places.values(), key=lambda place: place.code)))
def test_the_own_name_of_every_place_leads_to_it_or_to_what_holds_it(place: Place) -> None:
    candidates = PLACES.resolve(place.name).candidates
    assert any(place.inside(found) or found.inside(place) for found in candidates)
    assert place_of(place.code) == place


def test_areas_name_regions_that_exist() -> None:
    assert {name for names in AREAS.values() for name in names} <= {
        place.name for place in PLACES.places.values() if place.level == "region"
    }
