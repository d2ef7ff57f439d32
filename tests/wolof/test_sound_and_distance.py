"""Words by ear, and nearly right words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wolof import allowed, sound, within


@pytest.mark.parametrize(
    "family",
    [
        ("maison", "mézon", "meson"),
        ("payer", "péyé", "paye"),
        ("argent", "arjan"),
        ("formation", "formassion"),
        ("quoi", "koi", "kwa"),
        ("vandre", "vendre"),
    ],
)
def test_words_that_sound_the_same_meet(family: tuple[str, ...]) -> None:
    assert len({sound(word) for word in family}) == 1, {word: sound(word) for word in family}


@given(st.text(max_size=80))
def test_any_word_has_a_sound(word: str) -> None:
    assert sound(word) == sound(word)


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [("touba", "touba", 0), ("diourbel", "diurbel", 1), ("kaolack", "kaolakc", 1), ("thies", "thiesss", 2), ("touba", "dakar", None)],
)
def test_edits_are_counted_up_to_the_limit(left: str, right: str, edits: int | None) -> None:
    assert within(left, right, 2) == edits == within(right, left, 2)


def test_short_words_allow_no_slip() -> None:
    assert [allowed("mbur"), allowed("pikine"), allowed("tambacounda")] == [0, 1, 2]
