"""What texts cost as SMS, and what `dellusi flows check` says about it and about translations."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.flows_check import check as command
from bot.content.load import load_content
from bot.flowtools.costs import Prices
from bot.flowtools.pathcosts import PathCosts
from bot.flowtools.sources import sources
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)
BYE = "Bon courage. Nous restons là pour vous : envoyez MENU."


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(command, ["--content", str(folder), "--lang", "fr", *options])


def say(folder: Path, text: str) -> None:
    """Give the shipped goodbye another text."""
    path = folder / "flows" / "thank_bye.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines) if "say:" in line)
    lines[number] = f'    say: "{text}"'
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_shipped_flows_are_within_every_budget() -> None:
    result = run(PROJECT, "--strict")
    assert result.exit_code == 0, result.output


def test_a_long_text_is_over_the_budget_in_its_language(folder: Path) -> None:
    say(folder, "a" * 320)
    result = run(folder)
    assert result.exit_code == 1
    assert "flows/thank_bye.yml:" in result.output
    assert "thank_bye.bye.say [fr]: erreur: Ce texte coûte 3 SMS" in result.output


def test_the_letter_that_makes_a_text_dear_is_named_with_a_cheaper_wording(folder: Path) -> None:
    say(folder, "a" * 145 + " merci😀")
    result = run(folder)
    assert result.exit_code == 1
    assert "Les signes 😀" in result.output
    assert "3 SMS au lieu de 1" in result.output
    assert "merci😀 -> merci" in result.output


def test_letters_that_our_rendering_replaces_cost_nothing(folder: Path) -> None:
    say(folder, "dégâts, leçon… ŋ " * 9)
    result = run(folder)
    assert "dear_letters" not in result.output
    assert "step_too_dear" not in result.output
    assert result.exit_code == 0, result.output


def test_the_budget_can_be_moved(folder: Path) -> None:
    assert run(folder, "--budget", "1").exit_code == 1
    assert run(folder, "--path-budget", "20").exit_code == 1


def test_the_dearest_way_of_a_flow_is_the_sum_of_its_texts() -> None:
    prices = Prices(CONTENT)
    costs = {(cost.flow, cost.language): cost for cost in PathCosts(CONTENT, prices).all()}
    price = {source.text.context: prices.of(source, "fr").cost.segments for source in sources(CONTENT)}
    person = costs["person", "fr"]
    contexts = [text.context for node in person.nodes for text in CONTENT.flows.flows["person"].nodes[node].say]
    assert person.segments == sum(price[context] for context in contexts)
    assert person.messages == len(contexts)


def test_the_longest_value_is_what_is_counted() -> None:
    price = next(Prices(CONTENT).of(source, "fr") for source in sources(CONTENT) if source.text.context == "words.status_accepted")
    longest = max((partner.acronym or partner.name for partner in CONTENT.directory.partners.values() if partner.usable), key=len)
    assert longest in price.sent
    assert "WWWWWW" in price.sent


def test_costs_are_shown_as_a_table_and_as_json() -> None:
    assert "register" in run(PROJECT, "--costs").output
    data = json.loads(run(PROJECT, "--costs", "--json").output)
    assert {cost["language"] for cost in data["costs"]} == {"fr", "wo"}
    assert data["faults"] == []


CATALOGUE = Path("flows/translations/wo/LC_MESSAGES/flows.po")


@pytest.mark.parametrize(
    ("before", "after", "code", "exit_code"),
    [
        ('msgctxt "thank_bye.bye.say"', 'msgctxt "thank_bye.gone.say"', "translation_missing", 0),
        ('\nmsgctxt "thank_bye.bye.say"', '\n#, fuzzy\nmsgctxt "thank_bye.bye.say"', "translation_outdated", 0),
        ("{{ hotline.child }}", "{{ hotline.samu }}", "placeholders_differ", 1),
        ('msgstr "Waaw"', 'msgstr "Waaw, loolu laa bëgg dëgg-dëgg"', "label_too_long", 0),
    ],
)
def test_what_is_wrong_in_a_catalogue_is_told(folder: Path, before: str, after: str, code: str, exit_code: int) -> None:
    path = folder / CATALOGUE
    head, _, tail = path.read_text(encoding="utf-8").partition("\nmsgctxt")
    tail = "\nmsgctxt" + tail
    where = tail.rfind(before) if code == "placeholders_differ" else tail.find(before)
    path.write_text(head + tail[:where] + after + tail[where + len(before) :], encoding="utf-8")
    result = run(folder, "--json")
    assert code in {fault["code"] for fault in json.loads(result.output)}
    assert result.exit_code == exit_code, result.output


def test_a_changed_french_text_makes_its_translation_outdated(folder: Path) -> None:
    say(folder, BYE + " Merci.")
    result = run(folder)
    assert "Le texte français a changé depuis cette traduction" in result.output
    assert run(folder, "--strict").exit_code == 1
