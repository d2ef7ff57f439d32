"""`dellusi nlu review` and `dellusi nlu export`: from what was not understood to sentences that the model learns from."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from bot.cli.nlu import nlu
from bot.domain.understanding import Guess
from bot.settings import PROJECT
from bot.storage import unclear_texts
from bot.storage.database import Database
from bot.storage.unclear_texts import NewUnclear
from tests.pipeline.conftest import log_lines
from tests.pipeline.world import environment

__all__ = ["log_lines"]

RANKING = (Guess("find_offer", 0.4), Guess("ask_amount_cost", 0.3))
LOAN, LOAN_AGAIN, TRADE = "fan laay jot xaalis bu bees", "fan laay jot xaalis bu bees leegi", "je cherche un atelier de soudure à Diourbel"
# One sentence of nlu/development, and one of nlu/data, as they stand in the copies that these tests make.
MEASURED, TAUGHT = "où se trouve votre bureau de Kolda exactement", "salaam mbokk yi naka ngeen def"


class Admin:
    """Types commands over a folder whose sentences may be written to."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self._environment = environment(database_url=url)

    def types(self, command: str, *arguments: str, given: str | None = None) -> Result:
        options = ["--content", str(self.folder), "--lang", "fr", "--by", "Fatou"]
        return CliRunner().invoke(nlu, [command, *options, *arguments], env=self._environment, input=given)


@pytest.fixture
def admin(database: Database, database_url: str, tmp_path: Path) -> Admin:
    for name in ("flows", "config"):
        (tmp_path / name).symlink_to(PROJECT / name)
    (tmp_path / "nlu").mkdir()
    for name in ("domain.yml", "lexicon"):
        (tmp_path / "nlu" / name).symlink_to(PROJECT / "nlu" / name)
    for name, intent, sentence in (
        ("development/fr/x.yml", "find_contact", MEASURED.replace("Kolda", "[Kolda](place)")),
        ("data/wo/x.yml", "greet", TAUGHT),
    ):
        path = tmp_path / "nlu" / name
        path.parent.mkdir(parents=True)
        lines = (
            'version: "3.1"',
            "# Voice: x",
            "# Register: everyday",
            "nlu:",
            f"- intent: {intent}",
            "  examples: |",
            f"    - {sentence}",
        )
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Admin(database_url, tmp_path)


def keep(database: Database, *texts: str, language: str = "wo") -> dict[str, UUID]:
    with database.writing() as tx:
        unclear_texts.add(tx, [NewUnclear(language, text, "fallback", RANKING) for text in texts])
    return ids(database)


def ids(database: Database) -> dict[str, UUID]:
    with database.reading() as tx:
        return {text.text: text.id for text in unclear_texts.unlabelled(tx)}


def labelled(database: Database, intent: str, *texts: str, language: str = "wo") -> None:
    known = keep(database, *texts, language=language)
    with database.writing() as tx:
        unclear_texts.label(tx, [known[text] for text in texts], intent, "Awa")


def waiting(database: Database) -> dict[str, str | None]:
    with database.writing() as tx:
        return {text.text: text.label for text in unclear_texts.to_export(tx)}


def test_texts_that_resemble_each_other_are_one_group_the_largest_first(admin: Admin, database: Database) -> None:
    keep(database, TRADE, language="fr")
    keep(database, LOAN, LOAN_AGAIN)
    found = json.loads(admin.types("review", "--json").output)
    assert found["texts"] == 3
    assert [(one["count"], one["language"], one["newest"]) for one in found["clusters"]] == [
        (2, "wo", "2026-12-02"),
        (1, "fr", "2026-12-02"),
    ]
    assert found["clusters"][0]["guesses"][0] == {"intent": "find_offer", "confidence": 0.4}
    shown = admin.types("review")
    assert shown.exit_code == 0
    assert "3 texte(s) non compris, 2 groupe(s)" in shown.output
    assert "find_offer 40%, ask_amount_cost 30%" in shown.output
    assert TRADE in shown.output


def test_a_language_and_a_number_of_groups_can_be_asked_for(admin: Admin, database: Database) -> None:
    keep(database, TRADE, language="fr")
    keep(database, LOAN, "naka la kër ga mel")
    assert LOAN not in admin.types("review", "--language", "fr").output
    assert "Encore 2 groupe(s) : --limit 3" in admin.types("review", "--limit", "1").output


def test_with_nothing_to_review_it_says_so(admin: Admin) -> None:
    assert "Rien à revoir." in admin.types("review").output
    assert "Aucun texte étiqueté n'attend." in admin.types("export").output


def test_single_texts_are_labelled_by_the_beginning_of_their_id(admin: Admin, database: Database) -> None:
    known = keep(database, LOAN, TRADE, "bu bon")
    pairs = (f"{str(known[LOAN])[:8]}=find_offer", f"{known[TRADE]}=job_search", f"{str(known['bu bon'])[:8]}=delete")
    result = admin.types("review", *(part for pair in pairs for part in ("--label", pair)))
    assert result.exit_code == 0, result.output
    assert "1 texte(s) étiqueté(s) : find_offer." in result.output
    assert "1 texte(s) supprimé(s)." in result.output
    assert waiting(database) == {LOAN: "find_offer", TRADE: "job_search"}
    assert ids(database) == {}


@pytest.mark.parametrize(
    ("label", "words"),
    [("{id}=find_ofer", "find_offer"), ("{id}", "ID=intention"), ("{short}=greet", "ID=intention"), ("00000000=greet", "00000000")],
)
def test_a_wrong_label_changes_nothing_and_names_the_mistake(admin: Admin, database: Database, label: str, words: str) -> None:
    known = str(keep(database, LOAN)[LOAN])
    good = f"{known[:8]}=find_offer"
    result = admin.types("review", "--label", good, "--label", label.format(id=known[:8], short=known[:3]))
    assert result.exit_code == 2
    assert words in result.output
    assert waiting(database) == {}


def test_on_a_terminal_a_group_is_labelled_with_one_key(admin: Admin, database: Database) -> None:
    keep(database, LOAN, LOAN_AGAIN)
    result = admin.types("review", "--ask", given="2\n")
    assert "1 = find_offer, 2 = ask_amount_cost, o = hors sujet" in result.output
    assert waiting(database) == {LOAN: "ask_amount_cost", LOAN_AGAIN: "ask_amount_cost"}


@pytest.mark.parametrize(("keys", "label"), [("o\n", "out_of_scope"), ("9\ni\njob_serch\ni\njob_search\n", "job_search")])
def test_another_intent_can_be_named_and_a_typing_mistake_is_asked_again(admin: Admin, database: Database, keys: str, label: str) -> None:
    keep(database, LOAN)
    result = admin.types("review", "--ask", given=keys)
    assert waiting(database) == {LOAN: label}, result.output
    assert ("Vouliez-vous dire « job_search » ?" in result.output) == (label == "job_search")


def test_a_group_can_be_passed_over_deleted_or_looked_at_one_by_one(admin: Admin, database: Database) -> None:
    keep(database, LOAN, LOAN_AGAIN)
    admin.types("review", "--ask", given="s\n")
    admin.types("review", "--ask", given="q\n")
    assert len(ids(database)) == 2
    admin.types("review", "--ask", given="u\n1\nx\n")
    assert ids(database) == {}
    assert len(waiting(database)) == 1


def test_an_export_shows_first_and_writes_only_when_told(admin: Admin, database: Database) -> None:
    labelled(database, "find_offer", LOAN)
    result = admin.types("export")
    assert result.exit_code == 0
    assert f"    - {LOAN}" in result.output
    assert "Rien n'est écrit sans --write." in result.output
    assert not list(admin.folder.glob("nlu/data/*/reviewed_*"))
    assert waiting(database) == {LOAN: "find_offer"}


def test_a_written_file_says_where_its_sentences_come_from(admin: Admin, database: Database) -> None:
    labelled(database, "find_offer", LOAN, LOAN.upper(), LOAN_AGAIN)
    labelled(database, "job_search", TRADE, language="fr")
    with database.writing() as tx:
        known = {text.text: str(text.id)[:8] for text in unclear_texts.to_export(tx)}
    assert admin.types("export", "--write").exit_code == 0
    (path,) = admin.folder.glob("nlu/data/wo/reviewed_*.yml")
    written = path.read_text(encoding="utf-8")
    assert re.fullmatch(r"reviewed_\d{4}_\d{2}\.yml", path.name)
    assert "# Voice: reviewed messages\n# Register: everyday\n" in written
    assert "# 2 sentences of 3 messages that were not understood, labelled by Awa (2026-12-02)." in written
    assert "# Exported by Fatou on " in written
    assert all(known[text] in written for text in (LOAN, LOAN.upper(), LOAN_AGAIN))
    assert waiting(database) == {}


def test_the_trainer_reads_the_file_with_places_marked_also_after_a_second_export(admin: Admin, database: Database) -> None:
    labelled(database, "job_search", TRADE, language="fr")
    admin.types("export", "--write")
    labelled(database, "job_search", "embauche-t-on des maçons chez vous", language="fr")
    labelled(database, "greet", "bonjour la maison", language="fr")
    admin.types("export", "--write")
    program = (
        "import json, pathlib, sys; from training.data import read_folder\n"
        "rows = read_folder(pathlib.Path(sys.argv[1]))\n"
        "print(json.dumps([[s.language, s.intent, s.text, s.register, [x.value for x in s.spans]] for s in rows if s.language == 'fr']))"
    )
    read = subprocess.run(
        [sys.executable, "-c", program, str(admin.folder / "nlu/data")],
        env=os.environ | {"PYTHONPATH": str(PROJECT / "nlu")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(read.stdout) == [
        ["fr", "job_search", TRADE, "everyday", ["Diourbel"]],
        ["fr", "greet", "bonjour la maison", "everyday", []],
        ["fr", "job_search", "embauche-t-on des maçons chez vous", "everyday", []],
    ]


def test_a_sentence_that_measures_is_refused_also_nearly_so(admin: Admin, database: Database) -> None:
    labelled(database, "find_contact", MEASURED.upper(), MEASURED.replace("exactement", "svp exactement"), language="fr")
    result = admin.types("export", "--write")
    assert result.exit_code == 1
    assert result.output.count("la même phrase sert à mesurer (fr/x.yml:7)") == 2
    assert len(waiting(database)) == 2
    assert not list(admin.folder.glob("nlu/data/fr/reviewed_*"))


def test_words_that_have_another_intent_are_refused(admin: Admin, database: Database) -> None:
    labelled(database, "complaint", TAUGHT)
    labelled(database, "find_offer", LOAN)
    labelled(database, "complaint", LOAN.upper())
    found = json.loads(admin.types("export", "--json").output)
    assert {(one["label"], one["why"]) for one in found["refused"]} == {("complaint", "contradiction"), ("find_offer", "contradiction")}
    assert len(found["refused"]) == 3
    assert found["files"] == []


def test_what_the_model_is_taught_already_is_noted_and_not_written_again(admin: Admin, database: Database) -> None:
    labelled(database, "greet", TAUGHT)
    result = admin.types("export", "--write")
    assert result.exit_code == 0
    assert "1 texte(s) déjà dans les phrases d'entraînement." in result.output
    assert waiting(database) == {}
    assert not list(admin.folder.glob("nlu/data/wo/reviewed_*"))


def test_a_language_without_sentences_of_its_own_is_refused(admin: Admin, database: Database) -> None:
    labelled(database, "out_of_scope", "where can I find a job", language="other")
    result = admin.types("export", "--write")
    assert result.exit_code == 1
    assert "pas de dossier pour la langue « other »" in result.output


def test_without_a_database_both_end_with_code_2(tmp_path: Path) -> None:
    for command in ("review", "export"):
        result = CliRunner().invoke(nlu, [command, "--lang", "fr"], env=environment(database_url="postgresql://nobody@127.0.0.1:9/none"))
        assert result.exit_code == 2, result.output


def test_both_teach_with_an_example_and_the_group_names_them() -> None:
    for command in ("review", "export"):
        shown = CliRunner().invoke(nlu, [command, "--help"])
        assert shown.exit_code == 0
        assert f"dellusi nlu {command}" in shown.output


def test_every_other_command_still_goes_to_the_understanding_service() -> None:
    program = [sys.executable, "-c", "from bot.cli import main; main()", "nlu"]
    shown = subprocess.run([*program, "--help"], capture_output=True, text=True, check=False, cwd=PROJECT)
    assert "review" in shown.stdout or "make setup" in shown.stderr
    passed = subprocess.run([*program, "check", "--help"], capture_output=True, text=True, check=False, cwd=PROJECT)
    assert "--labels" in passed.stdout or "make setup" in passed.stderr
