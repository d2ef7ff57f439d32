"""Mistakes that authors really make, each as a file with the exact sentences that they are told, all at once.

A case is a folder: a file to put into the content (or `change.yml`: a file, the text before and after), and `expected.txt`.
`python -m tests.flowtools.test_broken_files` writes the sentences anew, for review.
"""

import re
import shutil
import tempfile
from pathlib import Path

import pytest
import yaml

from bot.content.load import read_content
from bot.content.messages import describe, sentences
from bot.flowtools.catalogues import check_catalogues, read_files
from tests.flowtools.conftest import copy_content

BROKEN = Path(__file__).parent / "broken"
CATALOGUE_LINE = re.compile(r"^(flows/translations/\S+\.po:)(\d+)", re.MULTILINE)
ENTRY_LINES = 12
# What a planted text lacks beside its mistake.
UNTRANSLATED = ("translation_missing", "translation_empty")
CASES = sorted(path for path in BROKEN.iterdir() if path.is_dir())


def told(case: Path, folder: Path, language: str = "fr") -> str:
    """What an author reads about a case, line by line."""
    for path in case.rglob("*"):
        if path.name == "change.yml":
            change = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - words only, nothing is built
            target = folder / change["file"]
            text = target.read_text(encoding="utf-8")
            assert change["before"] in text
            target.write_text(text.replace(change["before"], change["after"], 1), encoding="utf-8")
        elif path.is_file() and path.name != "expected.txt":
            shutil.copy(path, folder / path.relative_to(case))
    content, faults = read_content(folder)
    found = list(faults.found)
    if content is not None and not faults.errors:
        found += [fault for fault in check_catalogues(content, read_files(folder)) if fault.code not in UNTRANSLATED]
    lines = "".join(f"{describe(fault, language)}\n" for fault in found).replace(f"{folder}/", "")
    # The shipped catalogue grows: its line is checked to be near the planted change, then written as a word.
    return CATALOGUE_LINE.sub(lambda match: f"{match[1]}LINE" if _is_near(case, folder, int(match[2])) else match[0], lines)


def _is_near(case: Path, folder: Path, line: int) -> bool:
    change = yaml.load((case / "change.yml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - words only, nothing is built
    before, _, _ = (folder / change["file"]).read_text(encoding="utf-8").partition(change["after"])
    planted = str(before).count("\n") + 1
    return line <= planted <= line + ENTRY_LINES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_author_is_told_exactly_this(case: Path, folder: Path) -> None:
    assert told(case, folder) == (case / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_is_told_in_english(case: Path, folder: Path) -> None:
    french = (case / "expected.txt").read_text(encoding="utf-8")
    english = told(case, folder, "en")
    places = [[line.split(" ", 1)[0] for line in text.splitlines()] for text in (french, english)]
    assert places[0] == places[1]
    assert "erreur:" not in english


def test_every_sentence_exists_in_both_languages_with_the_same_values() -> None:
    french, english = sentences("fr"), sentences("en")
    assert set(french) == set(english)
    for code, sentence in french.items():
        assert _values(sentence) == _values(english[code]), code


def _values(sentence: str) -> set[str]:
    plain = sentence.replace("{{", "").replace("}}", "")
    return {part.split("}")[0] for part in plain.split("{")[1:]}


if __name__ == "__main__":
    for one in CASES:
        with tempfile.TemporaryDirectory() as made:
            (one / "expected.txt").write_text(told(one, copy_content(Path(made))), encoding="utf-8")
