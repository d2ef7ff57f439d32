"""Every told fact rests on an entry with a source, and the reviewer's table is what is in the files."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from bot.cli.content import content
from bot.content.load import load_content
from bot.engine.definition import Text
from bot.flowtools.facts import facts, told, untraced
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(content, arguments)


def names_in(words: str) -> list[str]:
    flow = CONTENT.flows.flows["thank_bye"]
    node = flow.nodes[flow.first]
    planted = replace(flow, nodes={**flow.nodes, flow.first: replace(node, say=(Text(words, "thank_bye.planted"),))})
    flows = replace(CONTENT.flows, flows={**CONTENT.flows.flows, flow.name: planted})
    return [name for text, name in untraced(replace(CONTENT, flows=flows)) if text == "thank_bye.planted"]


def test_every_number_site_and_organisation_in_a_text_has_an_entry() -> None:
    assert not list(untraced(CONTENT))


def test_every_fact_has_a_source_and_every_named_organisation_is_verified() -> None:
    found = list(facts(CONTENT))
    assert all(fact.source and all(fact.source) for fact in found)
    assert all(fact.verified for fact in found if fact.kind != "offer")


def test_every_offer_that_may_be_told_is_listed() -> None:
    listed = {fact.entry for fact in facts(CONTENT) if fact.kind == "offer"}
    assert listed == {offer.id for offer in CONTENT.directory.offer_list}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Appelez le 33 123 45 67 ou le 1919.", "1919"),
        ("Appelez le 800 111 222.", "800 111 222"),
        ("L'AMDS vous aide.", "AMDS"),
        ("Voyez www.exemple.sn.", "www.exemple.sn"),
    ],
)
def test_a_planted_fact_without_an_entry_is_found(words: str, name: str) -> None:
    assert name in names_in(words)


@pytest.mark.parametrize(
    "words", ["Envoyez MENU ou PASSER.", "Le BAOS vous oriente.", "Le {{ hotline.samu }} est gratuit.", "Avant 14 jours."]
)
def test_commands_and_known_names_are_no_findings(words: str) -> None:
    assert not names_in(words)


def test_sources_are_listed_for_people_and_machines() -> None:
    result = run("sources", "--json")
    assert result.exit_code == 0
    data = json.loads(result.output)
    assert data["untraced"] == []
    assert {"text", "kind", "entry", "source", "checked", "verified"} == set(data["facts"][0])
    assert "https://" in run("sources").output


def test_the_reviewers_table_is_current() -> None:
    result = run("texts", "--check")
    assert result.exit_code == 0, "run `dellusi content texts --write`"


def test_the_reviewers_table_holds_every_text_in_every_language_once() -> None:
    table = (PROJECT / "docs" / "texts.md").read_text(encoding="utf-8")
    for source in told(CONTENT):
        assert table.count(f"| `{source.text.context}` |") == 1
        assert CONTENT.translate(source.text, "wo") in table
