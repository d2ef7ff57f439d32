"""Extracting texts, bringing catalogues up to date without losing anything, counting how far a language is."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract as babel_extract
from babel.messages.pofile import read_po
from click.testing import CliRunner, Result

from bot.cli.flows_check import check
from bot.cli.flows_test import test as conversations
from bot.cli.flows_translate import translate
from bot.content.load import load_content
from bot.flowtools.catalogues import REVIEW, path_of
from bot.flowtools.extraction import KEYWORDS, template
from bot.flowtools.sources import sources
from bot.settings import PROJECT

BYE = "thank_bye.bye.say"


def run(folder: Path, command: str, *options: str) -> Result:
    return CliRunner().invoke(translate, [command, "--content", str(folder), "--lang", "fr", *options])


def replace_in(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def entry(folder: Path, context: str, language: str = "wo") -> dict[str, object]:
    catalogue = read_po(BytesIO(path_of(folder, language).read_bytes()), locale=language)
    (found,) = [message for message in catalogue if message.context == context]
    return {
        "text": found.string,
        "fuzzy": found.fuzzy,
        "review": REVIEW in found.auto_comments,
        "comments": found.auto_comments,
        "mine": found.user_comments,  # Babel reads the French of before as one of these
    }


@pytest.fixture
def goodbye(folder: Path) -> Path:
    """The file of the shipped goodbye."""
    return folder / "flows" / "thank_bye.yml"


@pytest.fixture
def said(folder: Path) -> str:
    """What the shipped goodbye says in French."""
    return load_content(folder).flows.flows["thank_bye"].nodes["bye"].say[0].source


def test_what_is_extracted_is_what_is_looked_up_when_the_service_speaks() -> None:
    extracted = {(message.context, message.id) for message in template(PROJECT) if message.id}
    spoken = {(source.text.context, source.text.source) for source in sources(load_content(PROJECT))}
    assert extracted == spoken


def test_the_extractor_is_an_extraction_method_of_babel() -> None:
    path = PROJECT / "flows" / "menu.yml"
    with path.open("rb") as file:
        found = list(babel_extract("bot.flowtools.extraction:extract", file, KEYWORDS))
    line, text, comments, _ = next(one for one in found if one[3] == "menu.choose.reask")
    assert path.read_text(encoding="utf-8").splitlines()[line - 1].strip().startswith("reask:")
    assert str(text).startswith("Répondez par un numéro")
    assert any("Que cherchez-vous" in comment for comment in comments)
    assert any(comment.startswith("SMS :") for comment in comments)


def test_the_shipped_catalogues_are_up_to_date_and_complete() -> None:
    assert run(PROJECT, "update", "--check").exit_code == 0
    assert run(PROJECT, "status").exit_code == 0


def test_a_changed_text_becomes_fuzzy_and_keeps_its_translation_and_its_comments(folder: Path, goodbye: Path, said: str) -> None:
    old = entry(folder, BYE)
    replace_in(path_of(folder, "wo"), f'msgctxt "{BYE}"', f'# Vu avec Awa.\nmsgctxt "{BYE}"')
    replace_in(goodbye, said, said + " Merci.")
    assert run(folder, "update").exit_code == 0
    new = entry(folder, BYE)
    assert new["text"] == old["text"]
    assert new["fuzzy"]
    assert new["review"] == old["review"]
    assert new["mine"] == ["Vu avec Awa.", f'| msgid "{said}"']
    assert run(folder, "status").exit_code == 1


def test_a_text_that_leaves_and_returns_gets_its_translation_back(folder: Path, goodbye: Path) -> None:
    old, flow = entry(folder, BYE), goodbye.read_text(encoding="utf-8")
    replace_in(goodbye, "say:", "say: [")
    goodbye.write_text(flow.replace("name: bye", "name: gone").replace("say: ", "say: Tout autre chose, sans rapport. #"), encoding="utf-8")
    run(folder, "update")
    assert "#~ msgctxt" in path_of(folder, "wo").read_text(encoding="utf-8")
    goodbye.write_text(flow, encoding="utf-8")
    run(folder, "update")
    assert entry(folder, BYE)["text"] == old["text"]
    assert not entry(folder, BYE)["fuzzy"]


def test_a_text_whose_step_is_renamed_keeps_its_translation(folder: Path, goodbye: Path) -> None:
    old = entry(folder, BYE)
    replace_in(goodbye, "name: bye", "name: farewell")
    run(folder, "update")
    new = entry(folder, "thank_bye.farewell.say")
    assert new["text"] == old["text"]
    assert not new["fuzzy"]


def test_updating_twice_changes_nothing_more(folder: Path, goodbye: Path, said: str) -> None:
    replace_in(goodbye, said, "Au revoir.")
    run(folder, "update")
    first = path_of(folder, "wo").read_bytes()
    run(folder, "update")
    assert path_of(folder, "wo").read_bytes() == first


def test_a_reviewer_takes_the_mark_away_for_good(folder: Path) -> None:
    path = path_of(folder, "wo")
    head, _, tail = path.read_text(encoding="utf-8").partition(f'msgctxt "{BYE}"')
    before, _, comments = head.rpartition(f"#. {REVIEW}\n")
    path.write_text(f'{before}{comments}msgctxt "{BYE}"{tail}', encoding="utf-8")
    run(folder, "update")
    assert not entry(folder, BYE)["review"]


def test_a_language_is_added_by_one_file_and_one_line(folder: Path) -> None:
    assert run(folder, "update", "--language", "ff").exit_code == 0
    replace_in(folder / "flows" / "words.yml", "languages:\n", "languages:\n  ff: [pulaar, pular, fulfulde]\n")
    path = path_of(folder, "ff")
    text = path.read_text(encoding="utf-8")
    head, _, tail = text.partition(f'msgctxt "{BYE}"')
    path.write_text(head + f'msgctxt "{BYE}"' + tail.replace('msgstr ""', 'msgstr "A jaaraama"', 1), encoding="utf-8")
    standing = json.loads(run(folder, "status", "--json", "--language", "ff").output)
    assert standing[0]["translated"] == 1
    assert not standing[0]["complete"]
    talk = folder / "talk.yml"
    talk.write_text(
        'tests:\n  - name: Jaaraama\n    language: ff\n    steps:\n      - say: "merci beaucoup"\n      - expect: "jaaraama"\n',
        encoding="utf-8",
    )
    result = CliRunner().invoke(conversations, [str(talk), "--content", str(folder)])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(check, ["--content", str(folder)]).exit_code == 0


def test_a_language_that_nobody_knows_is_refused(folder: Path) -> None:
    result = run(folder, "update", "--language", "wolof")
    assert result.exit_code == 2
    assert "« wolof »" in result.output


def test_the_template_is_the_same_every_time(folder: Path) -> None:
    run(folder, "extract")
    path = folder / "flows" / "translations" / "flows.pot"
    first = path.read_bytes()
    run(folder, "extract")
    assert path.read_bytes() == first
    assert b'msgctxt "menu.choose.say"' in first
