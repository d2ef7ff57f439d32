"""A file of members: what spreadsheets make of it is read, and every mistake is named with line, column and fix, without a number."""

from pathlib import Path

import pytest

from bot.content.messages import describe
from bot.content.reading import Faults
from bot.content.roster import COLUMNS, HEADINGS, Roster, read_roster

PARTNERS = ("baos_diourbel", "caosp", "3fpt")
HEAD = "partenaire;téléphone;canal;fonction;langue;résumé quotidien;suppléant;code PIN"
LINE = "caosp;+221770000125;WhatsApp;conseil;Wolof;oui;+221770000126;4711"
NUMBER = "+221770000125"


def read(tmp_path: Path, written: str | bytes) -> tuple[Roster, Faults]:
    file, faults = tmp_path / "membres.csv", Faults()
    file.write_bytes(written if isinstance(written, bytes) else written.encode())
    return read_roster(file, PARTNERS, faults), faults


def mistakes(tmp_path: Path, written: str | bytes) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.key, fault.code) for fault in read(tmp_path, written)[1].found]


def test_a_line_is_a_phone_with_everything_that_is_said_of_it(tmp_path: Path) -> None:
    roster, faults = read(tmp_path, f"{HEAD}\n{LINE}\n")
    assert not faults.found
    (entry,) = roster.entries
    assert (entry.line, entry.partner, entry.address.channel, entry.address.value) == (2, "caosp", "whatsapp", NUMBER)
    assert (entry.role, entry.language, entry.digest, entry.deputy, entry.pin) == ("conseil", "wo", True, "+221770000126", "4711")
    assert entry.given == set(COLUMNS)
    assert NUMBER not in repr(entry.address)
    assert not [digits for digits in ("4711", "770000125", "770000126") if digits in repr(entry)]


def test_what_is_left_out_is_what_the_command_would_take(tmp_path: Path) -> None:
    roster, _ = read(tmp_path, f"partenaire;téléphone\ncaosp;{NUMBER}\n")
    (entry,) = roster.entries
    assert (entry.address.channel, entry.role, entry.language, entry.digest, entry.deputy) == ("sms", "", "fr", False, "")
    assert entry.given == {"partner", "phone"}


@pytest.mark.parametrize(
    "written",
    [
        f"{HEAD}\r\n{LINE}\r\n".encode("utf-8-sig"),
        f"{HEAD}\n{LINE}".replace(";", ",").encode(),
        f"{HEAD}\n{LINE}".replace(";", "\t").encode(),
        f"sep=;\r\n{HEAD}\r\n{LINE}\r\n".encode(),
        f"{HEAD};;\n{LINE};;\n;;;;;;;;;\n".encode(),
        f"\n;;;;\n{HEAD}\n{LINE}".encode(),
        f"sep=,\n\n{HEAD}\n{LINE}".replace(";", ",").encode(),
        ";".join(words[1] for words in HEADINGS.values()).encode() + f"\n{LINE}".encode(),
        f"{HEAD.upper()}\n{LINE}".encode(),
        f"{HEAD}\n{LINE}".replace("é", "e").encode(),
    ],
    ids=[
        "French Excel",
        "commas",
        "tabs",
        "sep",
        "empty columns and rows",
        "empty rows before",
        "sep and an empty row",
        "English headings",
        "capitals",
        "no accents",
    ],
)
def test_a_file_is_read_as_spreadsheets_save_it(tmp_path: Path, written: bytes) -> None:
    roster, faults = read(tmp_path, written)
    assert not faults.found
    assert [(one.address.value, one.role, one.digest) for one in roster.entries] == [(NUMBER, "conseil", True)]


@pytest.mark.parametrize(
    "number",
    [
        "221770000125",
        "00221770000125",
        "+221 77 000 01 25",
        "+221\u00a077\u202f000.01-25",
        "'+221770000125",
        "(+221) 770000125",
        "+221 (0)77 000 01 25",
        "00221 ( 0 ) 770000125",
    ],
)
def test_a_number_may_be_written_as_people_and_spreadsheets_write(tmp_path: Path, number: str) -> None:
    roster, faults = read(tmp_path, f"partenaire;téléphone\ncaosp;{number}\n")
    assert not faults.found
    assert roster.entries[0].address.value == NUMBER


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("caosp;2,21770E+11;;;;;;", "téléphone", "roster_scientific"),
        ("caosp;77 000 01 25;;;;;;", "téléphone", "roster_phone"),
        ("caosp;077000012599;;;;;;", "téléphone", "roster_phone"),
        ("caosp;+33 0612345678;;;;;;", "téléphone", "roster_trunk"),
        ("caosp;0033 06 12 34 56 78;;;;;;", "téléphone", "roster_trunk"),
        ("caosp;+221 077 000 01 25;;;;;;", "téléphone", "roster_trunk"),
        ("caosp;2210770000125;;;;;;", "téléphone", "roster_trunk"),
        ("caosp;(0)612345678;;;;;;", "téléphone", "roster_phone"),
        (f"sep=;{NUMBER};;;;;;", "partenaire", "unknown_partner"),
        ("caosp;SN.abcdef;;;;;;", "téléphone", "roster_phone"),
        ("caosp;;;;;;;", "téléphone", "roster_blank"),
        (f";{NUMBER};;;;;;", "partenaire", "roster_blank"),
        (f"caospp;{NUMBER};;;;;;", "partenaire", "unknown_partner"),
        (f"caosp;{NUMBER};telegram;;;;;", "canal", "roster_word"),
        (f"caosp;{NUMBER};;;anglais;;;", "langue", "roster_word"),
        (f"caosp;{NUMBER};;;;peut-être;;", "résumé quotidien", "roster_word"),
        (f"caosp;{NUMBER};;{'x' * 81};;;;", "fonction", "roster_long"),
        (f"caosp;{NUMBER};;{NUMBER};;;;", "fonction", "roster_role"),
        (f"caosp;{NUMBER};;a@b.sn;;;;", "fonction", "roster_role"),
        (f"caosp;{NUMBER};;;;;77;", "suppléant", "roster_phone"),
        (f"caosp;{NUMBER};;;;;;12", "code PIN", "members_pin_form"),
        (f"caosp;{NUMBER};;;;;;;x", "", "roster_cells"),
        (f'caosp;{NUMBER};;"x;;;;', "", "roster_quotes"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_its_column(tmp_path: Path, line: str, column: str, code: str) -> None:
    assert mistakes(tmp_path, f"{HEAD}\nbaos_diourbel;+221770000199;;;;;;\n{line}\n") == [(3, column, code)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (b"", "empty_file"),
        (f"{HEAD}\n".encode(), "roster_empty"),
        (f"{HEAD}\n{LINE}".encode("latin-1"), "roster_not_utf8"),
        (b"PK\x03\x04 a workbook", "roster_workbook"),
        (b"x" * 1_000_001, "too_large"),
        (f"{HEAD};canal\n{LINE};sms".encode(), "roster_heading_twice"),
        (f"{HEAD};telefone\n{LINE};".encode(), "roster_heading"),
        (f"téléphone\n{NUMBER}".encode(), "roster_no_heading"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path, written: bytes, code: str) -> None:
    assert {found for _, _, found in mistakes(tmp_path, written)} == {code}


def test_all_mistakes_are_told_at_once_and_none_holds_a_number_or_what_slipped_into_another_column(tmp_path: Path) -> None:
    lines = [f"{NUMBER};caosp;;;;;;", f"caosp;{NUMBER};{NUMBER};{NUMBER};{NUMBER};{NUMBER};x{NUMBER};{NUMBER}", LINE, LINE]
    roster, faults = read(tmp_path, "\n".join([HEAD, *lines]))
    assert len(roster.entries) == 1
    assert roster.faulty == (2, 3, 5)
    assert {fault.line for fault in faults.found} == {2, 3, 5}
    assert ("roster_twice", (("first", "4"),)) in [(fault.code, fault.values) for fault in faults.found]
    said = "\n".join(describe(fault, language) for fault in faults.found for language in ("fr", "en"))
    assert NUMBER[4:] not in said
    assert "membres.csv:3: canal: erreur:" in said


def test_a_file_without_headings_does_not_repeat_its_first_number(tmp_path: Path) -> None:
    said = "\n".join(describe(fault, "fr") for fault in read(tmp_path, f"caosp;{NUMBER}\n")[1].found)
    assert NUMBER[4:] not in said


@pytest.mark.parametrize("written", ["aminata ndiaye", "77-000", "x"])
def test_what_stands_under_partner_and_is_like_none_is_not_repeated(tmp_path: Path, written: str) -> None:
    said = "\n".join(describe(fault, "fr") for fault in read(tmp_path, f"partenaire;téléphone\n{written};{NUMBER}\n")[1].found)
    assert "partenaire: erreur:" in said
    assert f"« {written} »" not in said


def test_a_france_number_with_its_bracketed_nought_is_read_without_it(tmp_path: Path) -> None:
    roster, faults = read(tmp_path, "partenaire;téléphone;suppléant\ncaosp;+33 (0)6 12 34 56 78;0033(0)612345679\n")
    assert not faults.found
    assert (roster.entries[0].address.value, roster.entries[0].deputy) == ("+33612345678", "+33612345679")


def test_empty_rows_before_the_headings_move_no_line_number(tmp_path: Path) -> None:
    assert mistakes(tmp_path, f"\n;;\n{HEAD}\ncaosp;77;;;;;;\n") == [(4, "téléphone", "roster_phone")]


def test_a_text_over_several_lines_moves_no_line_number(tmp_path: Path) -> None:
    assert mistakes(tmp_path, f'{HEAD}\ncaosp;{NUMBER};;"accueil\net conseil";;;;\ncaosp;77;;;;;;\n') == [(4, "téléphone", "roster_phone")]
