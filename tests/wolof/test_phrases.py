"""Phrases over folded words."""

import pytest
from wolof import PhraseError, Phrases


def groups(phrases: Phrases, text: str) -> list[str]:
    return [match.group for match in phrases.find(text)]


def test_every_spelling_of_a_phrase_matches() -> None:
    phrases = Phrases({"die": ["dama bëgg dee"]})
    assert groups(phrases, "walaay DAMA BEUG DÉ") == ["die"]


def test_alternatives_gaps_and_open_endings() -> None:
    phrases = Phrases({"x": ["veux|veut ... mourir", "frapp*"]})
    assert groups(phrases, "je veux vraiment plus que mourir") == ["x"]
    assert groups(phrases, "je veux a b c d mourir") == []
    assert groups(phrases, "il la frappait") == ["x"]
    assert groups(phrases, "mourir je veux") == []


def test_words_match_whole() -> None:
    assert groups(Phrases({"x": ["mort"]}), "mortel") == []


def test_an_exception_silences_only_what_it_overlaps() -> None:
    phrases = Phrases({"x": ["veux mourir"]}, {"x": ["mourir de rire"]})
    assert groups(phrases, "je veux mourir de rire") == []
    assert groups(phrases, "je veux mourir, pas mourir de rire") == ["x"]


def test_a_match_says_where() -> None:
    (match,) = Phrases({"x": ["b ... d"]}).find("a b c d e")
    assert (match.first, match.last, match.phrase) == (1, 4, "b ... d")


@pytest.mark.parametrize("line", ["", "...", "... mort", "mort ...", "a ... b ... c ... d ... e", "a|! b"])
def test_a_phrase_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(PhraseError):
        Phrases({"x": [line]})


def test_long_texts_of_near_misses_stay_quick() -> None:
    phrases = Phrases({"x": ["a ... a ... a ... z"]})
    assert phrases.find("a " * 500) == []
