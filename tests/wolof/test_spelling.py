"""Every spelling of a word comes to one form; French words stay themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wolof import fold, fold_text, plain


@pytest.mark.parametrize(
    "family",
    [
        ("xaalis", "khaliss", "xaliss", "KHALIS", "xaaaalis"),
        ("bëgg", "beug", "beugg", "bëg", "beg"),
        ("ñaata", "gnata", "niata", "nyata", "Gnaata"),
        ("jabar", "diabar", "djabar"),
        ("coono", "thiono", "tchono", "thiônô"),
        ("ci", "thi", "chi"),
        ("jërëjëf", "dieureudieuf", "djeureudjeuf", "jerejef"),
        ("liggéey", "liguey", "ligueye", "ligéey"),
        ("xale", "khalé", "khale", "xalé"),
        ("dugg", "dougg", "doug"),
        ("ñëw", "gnew", "niew", "gneuw"),
        ("yaqu", "yakhou"),
        ("mooy", "moy", "moi"),
        ("leuffff", "lëf"),
    ],
)
def test_spellings_of_one_wolof_word_meet(family: tuple[str, ...]) -> None:
    assert len({fold(word) for word in family}) == 1, {word: fold(word) for word in family}


@pytest.mark.parametrize(
    "family",
    [
        ("Diourbel", "Jurbel", "Diurbel", "diourbèl"),
        ("Touba", "Tuubaa", "Tuba"),
        ("Mbacké", "Mbàkke", "Mbake"),
        ("Thiès", "Cees", "ties"),
        ("Sédhiou", "Seeju", "Sediou"),
        ("M'bour", "Mbour", "Mbuur", "M’bour"),
    ],
)
def test_french_and_wolof_names_of_a_place_meet(family: tuple[str, ...]) -> None:
    assert len({fold(name) for name in family}) == 1, {name: fold(name) for name in family}


@pytest.mark.parametrize("word", ["formation", "travail", "prison", "argent", "passeport", "centre", "vous", "homme", "chef"])
def test_french_words_keep_their_letters(word: str) -> None:
    single = "".join(letter for at, letter in enumerate(word) if at == 0 or letter != word[at - 1])
    assert fold(word) == fold(word.upper()) == single


def test_accents_and_case_of_french_do_not_matter() -> None:
    assert fold("École") == fold("ecole") == fold("ECOLE")
    assert fold("réunion") == fold("Reunion")
    assert plain("Sœur À Ñaar") == "soeur a ñaar"


@pytest.mark.parametrize(("left", "right"), [("ñaan", "naan"), ("xam", "am"), ("dund", "dind"), ("kër", "kan")])
def test_different_words_stay_apart(left: str, right: str) -> None:
    assert fold(left) != fold(right)


def test_a_text_folds_word_by_word() -> None:
    assert fold_text("Dama bëgg XAALIS !!!") == fold_text("dama beug khaliss")


def test_nothing_to_fold_is_empty() -> None:
    assert fold("") == fold("...") == fold("😀") == fold("مرحبا") == ""


@given(st.text(max_size=300))
def test_any_text_folds_the_same_twice_and_never_fails(text: str) -> None:
    assert fold_text(text) == fold_text(text)
    assert len(fold(text)) <= 40


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzéèëñŋóà", max_size=20))
def test_case_never_matters(word: str) -> None:
    assert fold(word) == fold(word.upper())
