"""Texts that are too long for one message are torn between words, numbered, and nothing is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.segments import measure
from bot.domain.splitting import split

LETTERS = st.text(st.sampled_from("abcde éèàñ€[]ëŋ\n123 سل😀"), min_size=1, max_size=900)


def bare(parts: tuple[str, ...]) -> str:
    return "".join(re.sub(r"^\d+/\d+ ", "", part) for part in parts)


def test_what_fits_goes_as_it_is_and_bears_no_number() -> None:
    assert split("Salaam", 1) == ("Salaam",)
    assert split("a" * 160, 1) == ("a" * 160,)
    assert split("a" * 5000, 0) == ("a" * 5000,)


def test_words_stay_whole_and_parts_say_which_of_how_many_they_are() -> None:
    parts = split("liggéey " * 40, 1)
    assert [part[:4] for part in parts] == ["1/3 ", "2/3 ", "3/3 "]
    assert all(set(part[4:].split()) == {"liggéey"} for part in parts)


def test_choices_stay_whole_lines() -> None:
    text = "Quel besoin vous amène aujourd'hui ? " * 4 + "\n1 Travail ou formation\n2 Papiers\n3 Santé"
    parts = split(text, 1)
    assert parts[-1].endswith("1 Travail ou formation\n2 Papiers\n3 Santé")


def test_more_than_nine_parts_make_room_for_two_digits() -> None:
    parts = split("mot " * 500, 1)
    assert len(parts) > 9
    assert parts[9].startswith(f"10/{len(parts)} ")
    assert all(measure(part).segments == 1 for part in parts)


def test_a_novel_is_no_message() -> None:
    with pytest.raises(ValueError, match="99"):
        split("mot " * 5000, 1)


@given(LETTERS, st.integers(1, 3))
def test_no_letter_is_lost_and_no_part_is_too_long(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert all(measure(part).segments <= longest for part in parts)
    if len(parts) > 1:
        assert re.sub(r"\s", "", bare(parts)) == re.sub(r"\s", "", text)
