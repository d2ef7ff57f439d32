"""Numbers in digits and words of both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wolof import number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5), ("12 000", 12000), ("1 200 000", 1_200_000), ("deux", 2), ("Dix-sept", 17), ("vingt et un", 21),
        ("soixante-dix-sept", 77),
        ("quatre vingt dix", 90), ("quatre-vingts", 80), ("deux mille cinq cents", 2500), ("500 mille", 500_000), ("un million", 1_000_000),
        ("benn", 1), ("ñaar", 2), ("niar", 2), ("gnaar", 2), ("gnett", 3), ("juróom", 5), ("diouroom", 5), ("juroom benn", 6),
        ("juróom-ñeent", 9), ("fukk", 10), ("foukk ak juróom", 15), ("ñaar fukk", 20), ("niar fouk ak benn", 21), ("fanweer", 30),
        ("juróom fukk", 50), ("téeméer", 100), ("ñaari téeméer", 200), ("téeméer ak juróom fukk", 150), ("junni", 1000), ("zéro", 0),
    ],
)  # fmt: skip
def test_a_number_is_read(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["", "abc", "6 ou 7", "1 1 1 1", "deux deux", "je veux deux", "😀", "9" * 30, "5" + " 000" * 8])
def test_what_is_no_single_number_is_none(text: str) -> None:
    assert number_of(text) is None


@given(st.text(max_size=100))
def test_any_text_is_survived(text: str) -> None:
    value = number_of(text)
    assert value is None or 0 <= value <= 999_999_999
