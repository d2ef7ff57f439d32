"""Catalogues as translators write them, and dates and lists as each language does."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.translation import load_catalogues, readable_date, readable_list

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def catalogue(folder: Path, text: str, language: str = "wo", name: str = "flows.po") -> Path:
    path = folder / language / "LC_MESSAGES" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + text, encoding="utf-8")
    return path


def test_a_text_is_translated_by_its_context(tmp_path: Path) -> None:
    catalogue(tmp_path, 'msgctxt "menu.a.say"\nmsgid "Oui"\nmsgstr "Waaw"\n\nmsgctxt "menu.b.say"\nmsgid "Oui"\nmsgstr "Ahan"\n')
    found = load_catalogues(tmp_path)
    assert found.languages == ("fr", "wo")
    assert [found.translate("Oui", context, "wo") for context in ("menu.a.say", "menu.b.say", "menu.c.say")] == ["Waaw", "Ahan", "Oui"]
    assert found.translate("Oui", "menu.a.say", "fr") == "Oui"
    assert found.translate("Oui", "menu.a.say", "xx") == "Oui"


def test_a_changed_source_has_no_translation_until_somebody_looked(tmp_path: Path) -> None:
    catalogue(tmp_path, '#, fuzzy\nmsgctxt "a"\nmsgid "Oui"\nmsgstr "Waaw"\n\nmsgctxt "b"\nmsgid "Non"\nmsgstr ""\n')
    found = load_catalogues(tmp_path)
    assert [found.has(source, context, "wo") for source, context in (("Oui", "a"), ("Non", "b"))] == [False, False]
    assert found.has("Oui", "a", "fr")


def test_several_files_of_a_language_are_one_catalogue(tmp_path: Path) -> None:
    catalogue(tmp_path, 'msgctxt "a"\nmsgid "Oui"\nmsgstr "Waaw"\n')
    catalogue(tmp_path, 'msgctxt "offer.x.text"\nmsgid "Aide"\nmsgstr "Ndimbal"\n', name="offers.po")
    found = load_catalogues(tmp_path)
    assert found.translate("Aide", "offer.x.text", "wo") == "Ndimbal"
    assert found.translate("Oui", "a", "wo") == "Waaw"


def test_no_folder_at_all_is_french_alone(tmp_path: Path) -> None:
    assert load_catalogues(tmp_path / "none").languages == ("fr",)


def test_broken_catalogues_are_all_named(tmp_path: Path) -> None:
    catalogue(tmp_path, "this is no catalogue\n")
    path = catalogue(tmp_path, "", "ff")
    path.write_bytes(b'msgid "\xe9"\nmsgstr "x"\n')
    with pytest.raises(ContentError) as caught:
        load_catalogues(tmp_path)
    assert {Path(fault.file).parts[-3] for fault in caught.value.faults} == {"wo", "ff"}
    assert {fault.code for fault in caught.value.faults} == {"catalogue_broken"}


WHOLE = '#. awaiting a native reviewer\n#: a.yml\nmsgctxt "a"\nmsgid "Oui, \\"merci\\""\nmsgstr "Waaw, "\n"jërëjëf"\n'
OBSOLETE = '\n# un mot\n#~ msgctxt "b"\n#~ msgid "Non"\n#~ msgstr "Déedéet"\n\n# fin\n'


def test_a_whole_catalogue_is_taken_with_and_without_its_last_line_feed(tmp_path: Path) -> None:
    for text in (WHOLE, WHOLE.rstrip("\n"), WHOLE + OBSOLETE):
        catalogue(tmp_path, text)
        assert load_catalogues(tmp_path).translate('Oui, "merci"', "a", "wo") == "Waaw, jërëjëf"


# Cut between two lines of a translation, nothing in the file tells.
SEAM = WHOLE.index('"jërëjëf"')


@pytest.mark.parametrize("keep", [length for length in range(2, len(WHOLE.rstrip("\n"))) if length not in (SEAM - 1, SEAM)])
def test_a_catalogue_that_was_copied_in_part_is_refused_and_never_half_said(tmp_path: Path, keep: int) -> None:
    catalogue(tmp_path, WHOLE[:keep])
    with pytest.raises(ContentError) as caught:
        load_catalogues(tmp_path)
    (fault,) = caught.value.faults
    assert fault.code in ("catalogue_cut", "catalogue_broken")


@pytest.mark.parametrize("line", ['msgstr "Waaw', 'msgstr "Waaw "yow" nii"', 'msgstr Waaw"', '#~ msgstr "Waaw'])
def test_a_missing_or_needless_quote_is_refused_at_its_line(tmp_path: Path, line: str) -> None:
    catalogue(tmp_path, f'msgctxt "a"\nmsgid "Oui"\nmsgstr "Waaw"\n\nmsgctxt "b"\nmsgid "Non"\nmsgstr ""\n{line}\n')
    with pytest.raises(ContentError) as caught:
        load_catalogues(tmp_path)
    assert [(fault.code, fault.line) for fault in caught.value.faults] in ([("catalogue_cut", 12)], [("catalogue_broken", 12)])


def test_dates_and_lists_read_as_in_each_language() -> None:
    assert readable_date(date(2026, 12, 2), "fr") == "2 décembre 2026"
    assert "2026" in readable_date(date(2026, 12, 2), "wo")
    assert readable_date(date(2026, 12, 2), "wo") != readable_date(date(2026, 12, 2), "fr")
    assert readable_list(["a", "b", "c"], "fr") == "a, b et c"
    assert readable_list([], "fr") == ""
