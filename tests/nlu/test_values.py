"""What amounts, ages, periods and codes come to."""

import pytest
from components import values

UNITS = {"mois": "month", "wer": "month", "an": "year", "ans": "year", "semen": "week"}
MONTHS = {"mars": 3}


@pytest.mark.parametrize(
    ("text", "francs"),
    [
        ("500 mille", 500_000),
        ("20k", 20_000),
        ("1 million", 1_000_000),
        ("12 500 francs", 12_500),
        ("5000f", 5000),
        ("ñaari junni", 10_000),
        ("beaucoup", None),
    ],
)
def test_amounts(text: str, francs: int | None) -> None:
    assert values.amount(text) == francs


@pytest.mark.parametrize(("text", "years"), [("34 ans", 34), ("fukk ak juróom at", 15), ("15", 15), ("vieux", None)])
def test_ages(text: str, years: int | None) -> None:
    assert values.age(text) == years


@pytest.mark.parametrize(
    ("text", "form"), [("mars 2024", "2024-03"), ("2023", "2023"), ("2 mois", "P2M"), ("deux ans", "P2Y"), ("hier", None)]
)
def test_periods(text: str, form: str | None) -> None:
    assert values.period(text, UNITS, MONTHS) == form


@pytest.mark.parametrize(
    ("text", "codes"),
    [("code KX7M4P svp", ["KX7M4P"]), ("kx7m4p", ["kx7m4p"]), ("ABCDEF", []), ("234567", []), ("25000F", []), ("KX7M4PQ8Z", [])],
)
def test_codes_have_letters_and_digits(text: str, codes: list[str]) -> None:
    assert [text[start:end] for start, end in values.case_codes(text)] == codes
