"""config/templates.yml: read with every mistake, and shipped without any."""

from pathlib import Path

import pytest

from bot.content.messages import describe, sentences
from bot.content.reading import Faults
from bot.content.templates import load_templates, read_templates
from bot.domain.errors import ContentError
from bot.domain.segments import measure
from bot.domain.templates import PURPOSES
from bot.settings import PROJECT

GOOD = """templates:
  - purpose: news
    category: UTILITY
    texts:
      - {language: fr, code: fr, body: "Il y a du nouveau.", button: "Lire", review: done}
"""


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "templates.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_shipped_templates_cover_every_purpose_in_french_and_wolof_and_keep_to_the_rules() -> None:
    book = load_templates(PROJECT)
    assert set(book.templates) == {(purpose, language) for purpose in PURPOSES for language in ("fr", "wo")}
    assert len({template.name for template in book.templates.values()}) == 6


def test_the_shipped_templates_are_short_and_every_wolof_text_waits_for_a_native_reader() -> None:
    written = (PROJECT / "config" / "templates.yml").read_text(encoding="utf-8")
    assert written.count("language: wo") == written.count("review: pending") == 3
    assert all(measure(template.body).units <= 160 for template in load_templates(PROJECT).templates.values())


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert load_templates(tmp_path).templates == {}


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (template,) = load_templates(folder(tmp_path, GOOD)).templates.values()
    assert (template.purpose, template.category, template.button) == ("news", "UTILITY", "Lire")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("purpose: news", "purpose: newz", "not_allowed"),
        ("category: UTILITY", "category: utility", "not_allowed"),
        ("Il y a du nouveau.", "{{1}} est nouveau.", "template_edge"),
        ("Il y a du nouveau.", "Du nouveau {{1}} pour vous.", "template_numbers"),
        ('button: "Lire"', 'button: "Un bouton beaucoup trop long"', "template_long"),
        ("review: done", "review: perhaps", "not_allowed"),
        ("review: done", "review: done, colour: red", "unknown_key"),
        ("code: fr, ", "", "missing_key"),
    ],
)
def test_each_mistake_is_a_fault_with_its_place_and_a_sentence(tmp_path: Path, old: str, new: str, code: str) -> None:
    faults = Faults()
    read_templates(folder(tmp_path, GOOD.replace(old, new)), faults)
    fault = next(fault for fault in faults.found if fault.code == code)
    assert fault.file == "config/templates.yml"
    assert fault.line > 0
    for language in ("fr", "en"):
        assert code in sentences(language)
        assert "{{{{" not in describe(fault, language)


def test_the_service_refuses_to_start_on_a_broken_template(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        load_templates(folder(tmp_path, GOOD.replace("Il y a du nouveau.", "{{1}} est nouveau.")))
