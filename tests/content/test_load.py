"""All content of a folder at once: whole, or refused with every mistake of every file."""

import shutil
from pathlib import Path

import pytest

from bot.content.load import load_content, read_content
from bot.domain.errors import ContentError
from bot.settings import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of everything that is edited without programming."""
    for name in ("flows", "config"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    (tmp_path / "nlu").mkdir()
    shutil.copy(PROJECT / "nlu" / "domain.yml", tmp_path / "nlu")
    shutil.copytree(PROJECT / "nlu" / "lexicon", tmp_path / "nlu" / "lexicon")
    return tmp_path


def faults(folder: Path) -> set[tuple[str, str]]:
    with pytest.raises(ContentError) as caught:
        load_content(folder)
    return {(fault.file, fault.code) for fault in caught.value.faults}


def test_the_shipped_content_loads_and_its_version_is_that_of_its_words(folder: Path) -> None:
    assert load_content(folder).flows.version == load_content(PROJECT).flows.version


def test_any_changed_word_of_a_flow_is_another_version(folder: Path) -> None:
    menu = folder / "flows" / "menu.yml"
    menu.write_text(menu.read_text() + "# changed\n")
    assert load_content(folder).flows.version != load_content(PROJECT).flows.version


def test_demonstration_numbers_are_there_only_for_the_sandbox(folder: Path) -> None:
    def numbers(*, sandbox: bool) -> int:
        directory = load_content(folder, sandbox=sandbox).directory
        return sum(len(partner.demo_phones) for partner in directory.partners.values())

    assert numbers(sandbox=True) > numbers(sandbox=False) == 0


def test_mistakes_of_several_files_are_told_at_once(folder: Path) -> None:
    (folder / "flows" / "menu.yml").write_text("flow: menu\n  broken: [\n")
    (folder / "flows" / "second_stop.yml").write_text((folder / "flows" / "stop.yml").read_text())
    (folder / "nlu" / "lexicon" / "danger.yml").write_text("danger_of_nothing:\n  phrases: [au secours]\n")
    found = faults(folder)
    assert {"flows/menu.yml", "flows/stop.yml", "nlu/lexicon/danger.yml"} <= {file for file, _ in found}
    assert ("flows/stop.yml", "duplicate_flow") in found
    assert ("nlu/lexicon/danger.yml", "unknown_intent") in found


@pytest.mark.parametrize("name", ["flows/words.yml", "flows/notices.yml", "nlu/domain.yml", "nlu/lexicon/danger.yml", "config/places.csv"])
def test_a_file_that_is_missing_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in {file for file, _ in faults(folder)}


def test_an_unknown_home_region_is_refused(folder: Path) -> None:
    content, _ = read_content(folder, home="atlantis")
    assert content is None
    with pytest.raises(ContentError):
        load_content(folder, home="atlantis")


def test_a_broken_catalogue_is_named(folder: Path) -> None:
    path = next((folder / "flows" / "translations").glob("*/LC_MESSAGES/*.po"))
    path.write_bytes(b'msgid "\xff"\nmsgstr "x"\n')
    assert "catalogue_broken" in {code for _, code in faults(folder)}


def test_an_empty_folder_ends_in_faults_and_never_in_a_traceback(tmp_path: Path) -> None:
    assert faults(tmp_path)
