"""YAML that people write: words stay words, every mistake is placed and explained, nothing ends in a traceback."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.messages import LANGUAGES, describe, sentences
from bot.content.reading import Faults, Section, read_file, read_text
from bot.domain.errors import Fault

SPECIAL = ("*important*", "**important**", "*Important, venez", "*", "& vous", "@awa", "`menu`", "%x", "!Important", "!x y", "- un", "? un")


def read(text: str) -> tuple[Section | None, Faults]:
    faults = Faults()
    return read_text(text.encode(), "it.yml", faults), faults


def section(text: str) -> tuple[Section, Faults]:
    found, faults = read(text)
    assert found is not None
    return found, faults


@pytest.mark.parametrize("word", ["Yes", "no", "on", "012", "1e3", "2026-12-02", "null", "~", "0x1F", "1_000", "12:30"])
def test_what_was_typed_stays_what_was_typed(word: str) -> None:
    found, faults = section(f"word: {word}\n")
    assert found.text("word") == word
    assert not faults.found


def test_every_key_knows_its_line() -> None:
    found, _ = section('# a comment\nname: "it"\n\nlist:\n  - {word: one}\n  - word: two\n')
    assert found.line_of("name") == 2
    assert [item.line for item in found.sections("list")] == [5, 6]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\na: 2\n", "duplicate_key", 2),
        ("a: &x 1\nb: *x\n", "anchor", 1),
        *((f"a: 1\nb: {written}\nc: 2\n", "anchor", 2) for written in SPECIAL),
        *((f"a: 1\nb: {written}\nc: 2\n", "half_quoted", 2) for written in ("[MENU] pour", "{x} y", '"a" b', "'l'eau'")),
        ("a:\n\t- 1\n", "tab", 2),
        ("a: un texte : coupé\n", "colon_in_text", 1),
        ('a: 1\nb: "jamais fermé\nc: 2\n', "quote_left_open", 2),
        ("a: 1\n---\nb: 2\n", "two_documents", 2),
        ("a: [1, 2\nb: 3\n", "yaml_syntax", 2),
        ("a: 1\nb: \x07\n", "control_character", 2),
        ("", "empty_file", 1),
        ("- 1\n- 2\n", "not_a_mapping", 1),
        ("? [a, b]\n: 1\n", "odd_key", 1),
        ("a: " + "[" * 60 + "]" * 60 + "\n", "too_deep", 0),
        ("a: " + "x" * 1_000_001 + "\n", "too_large", 0),
    ],
)
def test_a_broken_file_is_explained_at_its_line(text: str, code: str, line: int) -> None:
    _, faults = read(text)
    assert [(fault.code, fault.line) for fault in faults.found] == [(code, line)]


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "it.yml"
    path.write_bytes("a: 1\nb: déjà\n".encode("latin-1"))
    faults = Faults()
    assert read_file(path, "it.yml", faults) is None
    assert [(fault.code, fault.line) for fault in faults.found] == [("not_utf8", 2)]


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    faults = Faults()
    assert read_file(tmp_path / "none.yml", "none.yml", faults) is None
    assert faults.found[0].code == "unreadable"


def test_all_mistakes_of_a_file_are_noted_at_once() -> None:
    found, faults = section("kind: rod\nflag: perhaps\ncount: many\nday: tomorrow\nmap: word\nlist: word\nnmae: it\n")
    found.text("name")
    found.choice("kind", ("red", "blue"))
    found.flag("flag")
    found.number("count")
    found.day("day")
    found.section("map")
    found.sections("list")
    found.finish()
    assert [(fault.code, fault.line, fault.hint) for fault in faults.found] == [
        ("missing_key", 1, ""),
        ("not_allowed", 1, "red"),
        ("not_yes_no", 2, ""),
        ("not_a_number", 3, ""),
        ("not_a_date", 4, ""),
        ("not_a_mapping", 5, ""),
        ("not_a_list", 6, ""),
        ("unknown_key", 7, "name"),
    ]


def test_values_are_read_as_what_they_are_asked_for() -> None:
    found, faults = section("flag: oui\ncount: 012\nday: 2026-12-02\nspan: 3d\none: word\nmany: [a, b]\nmap: {key: value}\n")
    inner = found.section("map")
    assert (found.flag("flag"), found.number("count"), found.day("day"), found.span("span", 0)) == (True, 12, date(2026, 12, 2), 259_200)
    assert (found.words("one"), found.words("many"), found.words("none")) == (("word",), ("a", "b"), ())
    assert inner is not None
    assert inner.text("key") == "value"
    found.finish()
    assert not faults.found


def test_the_path_of_a_list_item_carries_its_name() -> None:
    found, faults = section("nodes:\n  - {name: consent}\n")
    found.sections("nodes")[0].text("say")
    assert faults.found[0].key == "nodes.consent.say"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_no_text_ends_in_a_traceback(text: str) -> None:
    found, faults = read(text)
    assert found is not None or faults.found


@given(st.binary(max_size=200))
def test_no_bytes_end_in_a_traceback(raw: bytes) -> None:
    faults = Faults()
    assert read_text(raw, "it.yml", faults) is not None or faults.found


def test_every_sentence_exists_in_every_language_with_the_same_values() -> None:
    french, english = (sentences(language) for language in LANGUAGES)
    assert french.keys() == english.keys()
    for code, sentence in french.items():
        assert _fields(sentence) == _fields(english[code]), code


def _fields(sentence: str) -> set[str]:
    noted: set[str] = set()

    class Noting(Mapping[str, str]):
        def __getitem__(self, key: str) -> str:
            noted.add(key)
            return ""

        def __iter__(self):  # type: ignore[no-untyped-def]
            return iter(())

        def __len__(self) -> int:
            return 0

    sentence.format_map(Noting())
    return noted


def test_a_fault_is_told_with_place_sentence_and_hint() -> None:
    fault = Fault("flows/menu.yml", 12, "nodes.a.kind", "not_allowed", (("value", "rod"), ("allowed", "red, blue")), "red")
    told = describe(fault, "fr")
    assert told.startswith("flows/menu.yml:12: nodes.a.kind: erreur: ")
    assert told.endswith("Vouliez-vous dire « red » ?")
