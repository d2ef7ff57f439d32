"""Places under all their names."""

import pytest
from components.gazetteer import Gazetteer, shared
from wolof import fold_text


@pytest.mark.parametrize("name", ["Touba", "TUUBAA", "tuba", "Touba Mosquée"])
def test_a_place_is_found_under_every_spelling(gazetteer: Gazetteer, name: str) -> None:
    assert shared(gazetteer.resolve(fold_text(name))) in ("Diourbel/Mbacké", "Diourbel/Mbacké/Touba Mosquée")


def test_region_department_and_commune_of_one_name_are_one_place(gazetteer: Gazetteer) -> None:
    assert [place.path for place in gazetteer.resolve(fold_text("Jurbel"))] == ["Diourbel/Diourbel"]


def test_an_ambiguous_name_gives_all_candidates_and_no_path(gazetteer: Gazetteer) -> None:
    places = gazetteer.resolve(fold_text("Médina Gounass"))
    assert {place.department for place in places} == {"Guédiawaye", "Vélingara"}
    assert shared(places) is None


def test_a_slip_is_forgiven_in_long_names_only(gazetteer: Gazetteer) -> None:
    assert [place.name for place in gazetteer.resolve(fold_text("tambacouda"))] == ["Tambacounda"]
    assert gazetteer.resolve("nda") == []


def test_an_old_area_is_a_place_that_has_to_be_asked(gazetteer: Gazetteer) -> None:
    assert gazetteer.exact(fold_text("Casamance")) == []


def test_a_gazetteer_survives_its_archive(gazetteer: Gazetteer) -> None:
    assert Gazetteer.from_json(gazetteer.as_json()).names == gazetteer.names


def test_no_file_means_no_places(tmp_path) -> None:
    assert not Gazetteer.read(tmp_path / "absent.csv").names
