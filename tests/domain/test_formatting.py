"""What a person typed is shown as typed on WhatsApp, and formats nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.formatting import unformatted


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Awa", "Awa"),
        ("*Awa*", "Awa"),
        ("_Awa_ ~Ndiaye~", "Awa Ndiaye"),
        ("```Awa```", "Awa"),
        ("awa_ndiaye@example.org", "awa_ndiaye@example.org"),
        ("Ndéye_", "Ndéye"),
        ("> Awa", "Awa"),
        ("*> > Awa", "Awa"),
        ("- Awa\n* Modou", "Awa\nModou"),
        ("Fatou-Binetou", "Fatou-Binetou"),
        ("", ""),
    ],
)
def test_marks_are_taken_out_and_letters_stay(typed: str, shown: str) -> None:
    assert unformatted(typed) == shown


@given(st.text())
def test_nothing_is_left_that_could_format_a_sentence(typed: str) -> None:
    shown = unformatted(typed)
    assert not set(shown) & set("*~`")
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", shown)
    assert not re.search(r"(?m)^[ \t]*(>|- )", shown)
