"""`dellusi members import`: one file, all or nothing, and the same file again changes nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.casework.pins import matches
from bot.cli.members import members as command
from bot.domain.addresses import Address
from bot.storage import members
from bot.storage.database import Database
from tests.pipeline.world import World, environment

ONE, TWO, THREE = "+221770000123", "+221770000124", "+221770000125"
COUNTS = "SELECT (SELECT count(*) FROM members), (SELECT count(*) FROM notifications), (SELECT count(*) FROM outbox)"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The example, as it is printed."""
    path = tmp_path / "membres.csv"
    path.write_bytes(CliRunner().invoke(command, ["import", "--example"]).stdout_bytes)
    return path


def takes(database_url: str, file: Path, *more: str) -> Result:
    arguments = ["import", str(file), *more, "--lang", "fr"]
    return CliRunner().invoke(command, arguments, env=environment(database_url=database_url))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def kept(database: Database) -> dict[tuple[str, str], tuple[str, str, bool, str]]:
    """(partner, number) -> role, language, digest, the deputy's number."""
    with database.reading() as tx:
        found = members.everyone(tx)
    numbers = {one.id: one.address.value for one in found}
    return {(one.partner, one.address.value): (one.role, one.language, one.digest, numbers.get(one.deputy, "")) for one in found}  # type: ignore[arg-type]


def test_the_example_opens_in_a_spreadsheet_and_everybody_in_it_is_invited(database_url: str, world: World, file: Path) -> None:
    assert file.read_bytes().startswith(b"\xef\xbb\xbfpartenaire;t\xc3\xa9l\xc3\xa9phone;canal;")
    result = takes(database_url, file)
    assert result.exit_code == 0
    assert "3 nouvelle(s)" in result.output
    assert "3 message(s) vont partir" in result.output
    assert kept(world.rt.database) == {
        ("baos_diourbel", ONE): ("accueil", "fr", False, TWO),
        ("baos_diourbel", TWO): ("responsable", "wo", False, ""),
        ("caosp", THREE): ("conseil", "fr", True, ""),
    }
    world.dispatch()
    number = world.sms.texts(ONE)[-1].split("OUI ")[1][:2]
    assert "BAOS" in world.sms.texts(ONE)[-1]
    assert "recevrez" in world.say(f"oui {number}", ONE)
    assert world.rows("SELECT DISTINCT source FROM members") == [("file",)]


def test_nobody_is_told_before_their_own_yes(database_url: str, world: World, file: Path) -> None:
    takes(database_url, file)
    with world.rt.database.reading() as tx:
        assert members.on_duty(tx).of("caosp") == ()


def test_the_same_file_again_changes_nothing_and_sends_nothing(database_url: str, world: World, file: Path) -> None:
    takes(database_url, file)
    world.dispatch()
    number = world.sms.texts(THREE)[-1].split("OUI ")[1][:2]
    world.say(f"non {number}", THREE)
    before = world.rows(COUNTS), world.rows("SELECT * FROM members ORDER BY id")
    for _ in range(2):
        result = takes(database_url, file)
        assert result.exit_code == 0
        assert "3 inchangée(s)" in result.output
        assert "0 message" in result.output
    assert (world.rows(COUNTS), world.rows("SELECT * FROM members ORDER BY id")) == before


def test_what_changed_is_changed_and_nobody_is_asked_again(database_url: str, world: World, file: Path) -> None:
    takes(database_url, file)
    before = world.rows(COUNTS)
    change(file, f"accueil;fr;non;{TWO}", f"guichet;wo;oui;{THREE}")
    result = takes(database_url, file)
    assert "1 changée(s), 2 inchangée(s)" in result.output
    assert kept(world.rt.database)["baos_diourbel", ONE] == ("guichet", "wo", True, THREE)
    assert world.rows(COUNTS) == before


def test_a_column_that_is_not_there_changes_nothing_and_an_empty_cell_does(database_url: str, world: World, file: Path) -> None:
    takes(database_url, file)
    file.write_text(f"partner,phone\nbaos_diourbel,{ONE}\n", encoding="utf-8")
    assert "1 inchangée(s)" in takes(database_url, file).output
    file.write_text(f"partner,phone,role,deputy\nbaos_diourbel,{ONE},,\n", encoding="utf-8")
    assert "1 changée(s)" in takes(database_url, file).output
    assert kept(world.rt.database)["baos_diourbel", ONE] == ("", "fr", False, "")
    assert len(kept(world.rt.database)) == 3


def test_with_one_mistake_nothing_is_written_and_all_are_told(database_url: str, world: World, file: Path) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write(f"caospp;{TWO};;;;;\r\ncaosp;{ONE};;;;;+221770000999\r\ncaosp;{TWO};;;;;{TWO}\r\n")
    result = takes(database_url, file)
    assert result.exit_code == 1
    assert "membres.csv:5: partenaire: erreur:" in result.output
    assert "membres.csv:6: suppléant: erreur: Ce numéro n'est celui d'aucune ligne" in result.output
    assert "membres.csv:7: suppléant: erreur: Personne ne se remplace soi-même." in result.output
    assert "Rien n'est écrit" in result.output
    assert world.rows(COUNTS) == [(0, 0, 0)]
    assert "7700001" not in result.output
    assert "7700009" not in result.output


def test_a_dry_run_shows_what_would_become_of_each_line_and_writes_nothing(database_url: str, world: World, file: Path) -> None:
    takes(database_url, file)
    before = world.rows(COUNTS)
    change(file, "conseil", "guichet")
    with file.open("a", encoding="utf-8") as more:
        more.write("caosp;+221770000199;;;;;\r\ncaosp;77;;;;;\r\n")
    result = takes(database_url, file, "--dry-run")
    assert result.exit_code == 1
    table = {line.split()[0]: line for line in result.output.splitlines() if line.startswith("    ")}
    assert "inchangé" in table["2"]
    assert "...23" in table["2"]
    assert "changé (fonction)" in table["4"]
    assert "nouveau" in table["5"]
    assert "erreur" in table["6"]
    assert "770000199" not in result.output
    assert world.rows(COUNTS) == before


def test_machines_read_the_same_without_a_number(database_url: str, world: World, file: Path) -> None:
    told = json.loads(takes(database_url, file, "--json").stdout)
    assert (told["new"], told["invited"], told["written"], told["faults"]) == (3, 3, True, [])
    assert [(row["line"], row["fate"], row["phone"]) for row in told["lines"]] == [
        (2, "new", "...23"),
        (3, "new", "...24"),
        (4, "new", "...25"),
    ]
    change(file, "caosp;", "caospp;")
    result = takes(database_url, file, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["fault"], told["unchanged"], told["written"]) == (1, 1, 2, False)
    assert [(fault["line"], fault["code"], fault["hint"]) for fault in told["faults"]] == [(4, "unknown_partner", "caosp")]


def test_a_pin_is_kept_as_a_hash_and_an_empty_cell_leaves_it(database_url: str, world: World, file: Path) -> None:
    file.write_text(f"partenaire;téléphone;code PIN\ncaosp;{ONE};4711\n", encoding="utf-8")
    takes(database_url, file)
    address = Address("sms", ONE)
    with world.rt.database.reading() as tx:
        (one,) = members.at(tx, address)
        assert one.pin is not None
        assert matches(tx.vault, one.pin, address, "4711")
    assert "1 inchangée(s)" in takes(database_url, file).output
    change(file, "4711", "")
    assert "1 inchangée(s)" in takes(database_url, file).output
    change(file, f"{ONE};", f"{ONE};1174")
    assert "1 changée(s)" in takes(database_url, file).output


def test_a_phone_that_two_partners_name_is_asked_for_both_and_answers_once(database_url: str, world: World, file: Path) -> None:
    file.write_text(f"partenaire;téléphone\ncaosp;{ONE}\nanpej;{ONE}\n", encoding="utf-8")
    takes(database_url, file)
    world.dispatch()
    world.dispatch()
    number = world.sms.texts(ONE)[-1].split("OUI ")[1][:2]
    world.say(f"oui {number}", ONE)
    with world.rt.database.reading() as tx:
        assert [len(members.on_duty(tx).of(partner)) for partner in ("caosp", "anpej")] == [1, 1]


@pytest.mark.parametrize("arguments", [(), ("nowhere.csv",)])
def test_without_a_file_the_command_says_so(database: Database, database_url: str, arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(command, ["import", *arguments], env=environment(database_url=database_url)).exit_code == 2


def test_without_a_database_it_is_told_and_nothing_happens(file: Path) -> None:
    assert takes("postgresql://127.0.0.1:1/none?connect_timeout=1", file).exit_code == 2
