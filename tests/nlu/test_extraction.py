"""Entities in messages: what the word lists and a small tagger find together."""

from pathlib import Path

import pytest
from components.extraction import Extractor
from components.relatives import sure_relatives
from components.tagger import Tagger, features, known_as, tags_of
from training.data import unmark
from wolof import tokenise

SENTENCES = [
    "je suis à [Touba](place)", "mangi [Mbacké](place)", "j'habite [Jurbel](place) depuis [2 mois](date_period)",
    "rentré de [Libye](country)",
    "diogué [Espagne](country)", "[mon fils](person_relation) a [15 ans](age)", "[sama doom](person_relation) [12 at](age) la am",
    "il doit [500 mille](amount)", "je cherche du travail", "dama sonn", "merci beaucoup", "qui peut aider",
] * 3  # fmt: skip


@pytest.fixture(scope="module")
def extractor(dictionary, gazetteer) -> Extractor:
    made = Extractor(dictionary, gazetteer)
    rows = []
    for marked in SENTENCES:
        text, spans = unmark(marked)
        tokens = tokenise(text)
        rows.append(
            (features(tokens, known_as(tokens, dictionary, gazetteer)), tags_of(tokens, [(s.entity, s.start, s.end) for s in spans]))
        )
    made.tagger = Tagger.fit(rows)
    return made


def found(extractor: Extractor, text: str) -> dict[str, tuple[str, object]]:
    return {entity["entity"]: (entity["value"], entity["canonical"]) for entity in extractor.find(text, tokenise(text))}


def test_a_place_is_cut_from_the_original_text(extractor: Extractor) -> None:
    text = "je suis à TUUBAA !"
    (entity,) = [entity for entity in extractor.find(text, tokenise(text)) if entity["entity"] == "place"]
    assert text[entity["start"] : entity["end"]] == entity["value"] == "TUUBAA"
    assert entity["canonical"] == "Diourbel/Mbacké"


def test_countries_are_found_in_both_languages_and_resolved(extractor: Extractor) -> None:
    assert found(extractor, "refoulé d'Alseri")["country"] == ("Alseri", "DZ")
    assert found(extractor, "loin de lalgerie")["country"] == ("algerie", "DZ")


def test_an_acronym_is_an_institution_everywhere(extractor: Extractor) -> None:
    assert found(extractor, "loim m'a oublié")["actor"] == ("oim", "oim")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("avec mon défunt mari", "mon défunt mari"), ("sama rakk ju jigéen feebar na", "sama rakk ju jigéen"),
        ("ma fiy é rantré", "ma fiy"),
        ("mes deux garçons", "mes deux garçons"), ("mon grand frère", "mon grand frère"), ("xaritam, sama moroom", "sama moroom"),
    ],
)  # fmt: skip
def test_a_relative_behind_a_possessive_is_found_to_its_end(extractor: Extractor, text: str, value: str) -> None:
    assert found(extractor, text)["person_relation"][0] == value


@pytest.mark.parametrize("text", ["li ma am rekk", "sa me", "mon téléphone", "sama xaalis", "ma baay ci tool bi"])
def test_a_possessive_without_a_relative_is_nobody(dictionary, text: str) -> None:
    assert sure_relatives(tokenise(text), dictionary) == []


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("pas mangé depuis hier matin", "date_period", "hier matin"), ("l'élevage de poulets", "trade", "élevage de poulets"),
        ("sama rakk mekaniko la", "trade", "mekaniko"),
    ],
)  # fmt: skip
def test_the_whole_name_counts(extractor: Extractor, text: str, entity: str, value: str) -> None:
    assert found(extractor, text)[entity][0] == value


@pytest.mark.parametrize("text", ["ci marsé bi", "il fait froid la nuit"])
def test_market_is_no_month_and_cold_is_no_trade(extractor: Extractor, text: str) -> None:
    assert not {"date_period", "trade"} & set(found(extractor, text))


def test_a_code_is_found_in_any_case(extractor: Extractor) -> None:
    assert found(extractor, "mon dossier kx7m4p")["case_code"] == ("kx7m4p", "KX7M4P")


@pytest.mark.parametrize("text", ["", "😀", "مرحبا", "1 " * 500, "a" * 1000, "'" * 300, "\x00"])
def test_anything_is_survived(extractor: Extractor, text: str) -> None:
    assert isinstance(extractor.find(text, tokenise(text)), list)


def test_an_extractor_survives_its_archive(extractor: Extractor, tmp_path: Path) -> None:
    extractor.save(tmp_path)
    text = "sama doom 14 at, Mbacké"
    assert Extractor.open(tmp_path).find(text, tokenise(text)) == extractor.find(text, tokenise(text))
