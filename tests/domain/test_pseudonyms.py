"""What points to a person is gone before a text is kept, and what it says is still there."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.places import load_places
from bot.content.reading import Faults
from bot.domain.places import PlaceIndex
from bot.domain.pseudonyms import LONGEST, pseudonymised, says_something
from bot.domain.understanding import Entity
from bot.settings import PROJECT

PLACES: PlaceIndex = load_places(PROJECT / "config/places.csv", "places.csv", Faults())


def made(text: str, *entities: Entity) -> str:
    return pseudonymised(text, PLACES, entities)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("je m'appelle Kanaari et je cherche du travail", "je m'appelle Samba et je cherche du travail"),
        ("Je m’appelle moussa diop, je veux rentrer", "Je m’appelle Samba, je veux rentrer"),
        ("mon nom est SARR IBRA", "mon nom est Samba"),
        ("Nom et prénom : Ndella Kanaari", "Nom et prénom : Samba"),
        ("maa ngi tudd Awa Ndiaye, dama bëgg xaalis", "maa ngi tudd Samba, dama bëgg xaalis"),
        ("mangi tuddu kanaari", "mangi tuddu Samba"),
        ("sama tur mooy Kanaari", "sama tur mooy Samba"),
        ("Kanaari laa tudd, dama soxla ndimbal", "Samba laa tudd, dama soxla ndimbal"),
        ("mon frère Modou Fall est parti", "mon frère Samba est parti"),
        ("bonjour madame Kanaari", "bonjour madame Samba"),
    ],
)
def test_names_give_way_in_french_and_wolof(written: str, kept: str) -> None:
    assert made(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("mon numéro +221 77 123 45 67 merci", "mon numéro 0000 merci"),
        ("woo ma ci 77-123-45-67", "woo ma ci 0000"),
        ("77\u200b123\u200b45\u200b67", "0000"),
        ("٧٧١٢٣٤٥٦٧", "0000"),
        ("passeport A01234567", "passeport 0000"),
        ("500 000 francs", "0000 francs"),
        ("né le 12/05/1990", "né le 0000"),
        ("écrivez à awa.diop@example.sn", "écrivez à adresse"),
        ("voir https://example.org/a?b=c ou @awa_d", "voir adresse ou adresse"),
        ("rue des Canaris villa Kanaari 3", "rue des Canaris villa"),
    ],
)
def test_numbers_of_four_digits_and_addresses_give_way(written: str, kept: str) -> None:
    assert made(written) == kept


@pytest.mark.parametrize("code", ["KX7M4P", "kx7m4p", "KX7-M4P", "kx7 m4p"])
def test_the_code_of_a_referral_is_gone_however_it_is_written(code: str) -> None:
    assert made(f"statut {code} svp") == "statut svp"


def test_small_numbers_stay_because_they_say_what_is_meant() -> None:
    assert made("amna 25 ans ak 3 enfants") == "amna 25 ans ak 3 enfants"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("je suis rentré à Touba", "je suis rentré à Diourbel"),
        ("maa ngi dëkk Mbàkke", "maa ngi dëkk Diourbel"),
        ("fi Kaolack", "fi Kaolack"),
        ("revenu de Libye en Casamance", "revenu de Libye en Casamance"),
        ("fan laa wara dugg ci daara ji", "fan laa wara dugg ci daara ji"),
    ],
)
def test_a_place_becomes_its_region_and_words_of_every_day_stay(written: str, kept: str) -> None:
    assert made(written) == kept


def test_what_the_model_marked_goes_too_even_where_nobody_knows_the_name() -> None:
    text = "ma ngi Toubaakuta ak mbir XYZ"
    found = Entity("place", "Toubaakuta", 7, 17), Entity("case_code", "XYZ", 26, 29), Entity("place", "far away", 400, 408)
    assert "Toubaakuta" not in made(text, *found)
    assert "XYZ" not in made(text, *found)


@pytest.mark.parametrize("text", ["mon nom n'est pas sur la liste", "on m'a pris ces papiers, je veux mon argent", "je suis mineur"])
def test_a_sentence_without_anybody_in_it_stays_as_it_is(text: str) -> None:
    assert made(text) == text


def test_one_line_without_brackets_so_that_it_can_stand_in_a_hand_file() -> None:
    assert made("un\n[deux](place)\x00 {trois}") == "un (deux)(place) (trois)"


@pytest.mark.parametrize(("text", "says"), [("0000", False), ("Samba 0000", False), ("?!", False), ("fan la", True)])
def test_a_text_of_stand_ins_alone_says_nothing(text: str, says: bool) -> None:  # noqa: FBT001 - a case of the table
    assert says_something(text) is says


@given(st.text(max_size=700))
def test_any_text_comes_out_as_one_short_line_without_four_digits_in_a_row(text: str) -> None:
    kept = made(text)
    assert len(kept) <= LONGEST * 4
    assert kept.isprintable()
    assert not re.search(r"[1-9]\d{3}", kept.replace("0000", ""))


@given(st.text(alphabet="abc dé,.", max_size=60), st.from_regex(r"7[05678][ .-]?\d{3}[ .-]?\d{2}[ .-]?\d{2}", fullmatch=True))
def test_a_phone_number_is_gone_wherever_it_stands(around: str, number: str) -> None:
    kept = made(f"{around} {number} {around}")
    assert len(re.sub(r"\D", "", kept.replace("0000", ""))) < 4
