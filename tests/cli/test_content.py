"""`dellusi content`: the directory, checked and asked from the terminal."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.content import WORDS, content
from bot.content.messages import LANGUAGES
from bot.domain.addresses import Address
from bot.domain.directory import NEEDS, WHYS
from bot.storage import offer_confirmations
from bot.storage.database import Database
from tests.pipeline.world import environment

PROJECT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(content, arguments)


def test_the_shipped_directory_has_no_mistake() -> None:
    result = run("check", "--lang", "fr", "--today", "2026-12-02")
    assert result.exit_code == 0
    assert "0 erreur(s)" in result.output


def test_mistakes_end_in_exit_code_1_and_name_their_file(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "config", tmp_path / "config")
    (tmp_path / "config/offers/ligne_ajs.yml").write_text("offer: ligne_ajs\npartner: nobody\n", encoding="utf-8")
    result = run("check", "--content", str(tmp_path), "--json", "--lang", "en", "--today", "2026-12-02")
    assert result.exit_code == 1
    found = json.loads(result.output)
    assert {"config/offers/ligne_ajs.yml"} == {fault["file"] for fault in found}
    assert any("nobody" in fault["sentence"] for fault in found)
    assert run("stale", "--content", str(tmp_path)).exit_code == 2


def test_a_coming_year_without_holidays_is_a_mistake() -> None:
    result = run("check", "--lang", "fr", "--today", "2027-11-01")
    assert result.exit_code == 1
    assert "2028" in result.output


def test_nothing_is_stale_on_the_day_of_the_check_and_everything_a_year_later() -> None:
    assert run("stale", "--today", "2026-11-30", "--lang", "fr").exit_code == 0
    later = run("stale", "--today", "2027-11-30", "--json")
    assert later.exit_code == 1
    assert len(json.loads(later.output)["entries"]) > 50


def test_a_feast_that_comes_without_a_sure_date_is_to_be_reviewed() -> None:
    result = run("stale", "--today", "2027-02-20", "--json")
    assert result.exit_code == 1
    assert [feast["day"] for feast in json.loads(result.output)["feasts"]] == ["2027-03-10"]


@pytest.mark.parametrize(
    ("lang", "words"), [("fr", ("Prend une demande : ANPEJ", "lisent")), ("en", ("Takes a referral: ANPEJ", "What people read"))]
)
def test_who_serves_says_who_takes_it_and_what_people_read(lang: str, words: tuple[str, str]) -> None:
    result = run("who-serves", "job", "Mbacké", "--lang", lang, "--today", "2026-12-02")
    assert result.exit_code == 0
    assert all(word in result.output for word in words)
    assert "BAOS (bureau d'accueil" in result.output


def test_the_help_of_who_serves_names_every_need_and_an_example() -> None:
    told = run("who-serves", "--help").output
    assert all(need in told for need in NEEDS)
    assert "Example: " in told


def test_who_serves_speaks_json() -> None:
    result = run("who-serves", "legal", "Bambey", "--json", "--today", "2026-12-02")
    data = json.loads(result.output)
    assert data["place"] == "Diourbel/Bambey"
    assert data["takes"] == {"partner": "baos_diourbel", "why": "reception"}
    assert data["offers"][0]["id"] == "maison_justice_ndangalma"


@pytest.mark.parametrize("need", NEEDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_serves_has_words_for_every_need_and_every_reason(need: str, lang: str) -> None:
    result = run("who-serves", need, "Kolda", "--lang", lang, "--today", "2026-12-02")
    assert result.exit_code in (0, 1)
    assert "{" not in result.output
    assert all(why in WORDS[lang] for why in WHYS)


@pytest.mark.parametrize("arguments", [("job", "Missirah"), ("job", "Atlantis"), ("jobs", "Louga")])
def test_a_place_or_need_that_is_not_clear_is_wrong_use(arguments: tuple[str, str]) -> None:
    assert run("who-serves", *arguments).exit_code == 2


@pytest.fixture
def over(tmp_path: Path) -> Path:
    """A copy of the directory where one offer was over on the first of December."""
    shutil.copytree(PROJECT / "config", tmp_path / "config")
    path = tmp_path / "config/offers/inscription_anpej.yml"
    path.write_text(path.read_text(encoding="utf-8") + "valid_until: 2026-12-01\n", encoding="utf-8")
    return tmp_path


def stale(folder: Path, url: str, *options: str) -> Result:
    arguments = ("stale", "--content", str(folder), "--today", "2026-12-03", "--lang", "fr", *options)
    return CliRunner().invoke(content, arguments, env=environment(database_url=url))


def test_what_an_owner_was_asked_and_answered_is_shown(over: Path, database: Database, database_url: str) -> None:
    assert "personne n'a été interrogé" in stale(over, database_url).output
    asked: dict[str, Any] = {"offer": "inscription_anpej", "expiry": date(2026, 12, 1), "partner": "anpej", "code": "K2222A"}
    with database.writing() as tx:
        question = offer_confirmations.ask(tx, **asked, recipient=Address("sms", "+221770000100"))
    assert question is not None
    assert "demandé à anpej le 2026-12-02 : pas encore de réponse" in stale(over, database_url).output
    with database.writing() as tx:
        offer_confirmations.answer(tx, question, valid_until=date(2027, 3, 2))
    assert "oui, valable jusqu'au 2027-03-02" in stale(over, database_url).output
    (entry,) = json.loads(stale(over, database_url, "--json").output)["entries"]
    assert (entry["asked"][0]["goes_on"], entry["asked"][0]["valid_until"]) == (True, "2027-03-02")
    with database.writing() as tx:
        offer_confirmations.answer(tx, question, valid_until=None)
    assert "l'aide n'existe plus" in stale(over, database_url).output


def test_without_a_database_what_is_over_is_shown_all_the_same(over: Path) -> None:
    shown = stale(over, "postgresql://nobody@127.0.0.1:9/none")
    assert shown.exit_code == 1
    assert "inscription_anpej" in shown.output
    assert "ne sont pas connues ici" in shown.output
