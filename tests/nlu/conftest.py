"""Tests of the understanding service run in its own environment: `nlu/.venv/bin/python -m pytest tests/nlu`."""

import sys
from pathlib import Path

import pytest

NLU = Path(__file__).resolve().parents[2] / "nlu"
sys.path.insert(0, str(NLU))

from components.concepts import Concepts, word_lists  # noqa: E402
from components.gazetteer import Gazetteer  # noqa: E402
from components.lexicon import read_dictionary  # noqa: E402

PLACES = [
    {"region": "Diourbel", "department": "", "commune": "", "variants": "Jurbel"},
    {"region": "Diourbel", "department": "Diourbel", "commune": "", "variants": "Jurbel"},
    {"region": "Diourbel", "department": "Diourbel", "commune": "Diourbel", "variants": "Jurbel"},
    {"region": "Diourbel", "department": "Mbacké", "commune": "", "variants": "Mbàkke"},
    {"region": "Diourbel", "department": "Mbacké", "commune": "Touba Mosquée", "variants": "Touba|Tuubaa"},
    {"region": "Diourbel", "department": "Mbacké", "commune": "Touba", "variants": ""},
    {"region": "Dakar", "department": "Guédiawaye", "commune": "Médina Gounass", "variants": ""},
    {"region": "Kolda", "department": "Vélingara", "commune": "Médina Gounass", "variants": ""},
    {"region": "Saint-Louis", "department": "Saint-Louis", "commune": "Saint-Louis", "variants": "Ndar"},
    {"region": "Tambacounda", "department": "Tambacounda", "commune": "", "variants": "Tamba"},
]


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """A handful of places, ambiguous ones among them."""
    return Gazetteer.of(PLACES)


@pytest.fixture(scope="session")
def dictionary():
    """The word lists of the project."""
    return read_dictionary(NLU / "lexicon")


@pytest.fixture(scope="session")
def concepts() -> dict[str, Concepts]:
    """Topics and meanings of the project."""
    return word_lists(NLU / "lexicon")
