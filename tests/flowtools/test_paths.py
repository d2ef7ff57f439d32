"""The book of paths: finite, readable, and marked so that only what is read changes a mark."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.flows import flows
from bot.content.flows import read_flow
from bot.content.load import load_content
from bot.content.reading import Faults, read_text
from bot.engine.conditions import parse_condition
from bot.engine.definition import Flow
from bot.flowtools.book import Book
from bot.flowtools.paths import judge, paths_of
from bot.flowtools.ways import ways_of
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)
FLOWS = CONTENT.flows.flows


def flow(text: str) -> Flow:
    section = read_text(text.encode(), "essai.yml", Faults())
    made = read_flow(section) if section else None
    assert made is not None
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(flows, ["paths", *arguments])


@pytest.mark.parametrize("name", FLOWS)
def test_the_paths_of_a_shipped_flow_take_each_of_its_ways(name: str) -> None:
    one = FLOWS[name]
    found = paths_of(one)
    assert found.complete
    taken = {(move.node, move.go) for path in found.found for move in path.moves}
    possible = {(node.name, way.go) for node in one.nodes.values() for way in ways_of(node)}
    # What no answer can lead to: a `go` below routes that cover everything.
    assert {pair for pair in possible if pair not in taken} <= {(node.name, node.go) for node in one.nodes.values() if node.ask}


LOOP = """
flow: loop
about: essai
nodes:
  - name: ask
    say: "Encore ?"
    ask: {answer: yes_no, save_as: more}
    route:
      - {answer: "yes", go: again}
      - {answer: "no", go: end}
  - {name: again, say: "Encore.", go: ask}
"""


def test_a_loop_is_walked_once() -> None:
    found = paths_of(flow(LOOP)).found
    assert [[move.node for move in path.moves] for path in found] == [["ask", "again", "ask"], ["ask"]]


def test_a_condition_on_an_answer_of_the_same_path_is_decided() -> None:
    violence = paths_of(FLOWS["danger_violence"]).found
    for path in violence:
        said = {move.node: move.values for move in path.moves}
        if "refer_soon" in said and said["now"] == ("yes",):
            pytest.fail("a person in danger now is never referred as if there were time")


@pytest.mark.parametrize(
    ("condition", "known", "verdict"),
    [
        ("results.need is job", {"need": "job"}, True),
        ("results.need is job", {"need": "health"}, False),
        ("results.need is job", {}, None),
        ("results.need is job and contact.place is known", {"need": "health"}, False),
        ("results.need is job or results.urgent is yes", {"urgent": "yes"}, True),
        ("results.age < 18", {"age": "17"}, True),
    ],
)
def test_a_condition_is_decided_by_what_is_known(condition: str, known: dict[str, str], verdict: object) -> None:
    assert judge(parse_condition(condition), known) is verdict


def test_a_page_reads_as_a_conversation_in_the_language_and_on_the_channel() -> None:
    lines = [line for page in Book(CONTENT, "wo", "whatsapp", "fr").pages(FLOWS["training"]) for line in page.lines]
    assert ("person", "Bambey") in lines
    assert any(who == "bot" and "[Waaw]" in text for who, text in lines)
    sms = [line for page in Book(CONTENT, "fr", "sms", "fr").pages(FLOWS["training"]) for line in page.lines]
    assert any("\n1 Oui\n2 Non" in text for _, text in sms)


def marks(folder: Path) -> dict[tuple[str, str, str, tuple[str, ...]], str]:
    content = load_content(folder)
    return {
        (page.path.flow, language, channel, tuple(move.node + move.by + "".join(move.values) for move in page.path.moves)): page.mark
        for language in ("fr", "wo")
        for channel in ("sms", "whatsapp")
        for one in content.flows.flows.values()
        for page in Book(content, language, channel, "fr").pages(one)
    }


def test_a_changed_text_changes_the_marks_of_the_paths_that_show_it_and_of_no_other(folder: Path) -> None:
    before = marks(folder)
    path = folder / "flows" / "register.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("C'est votre droit", "Vous en avez le droit"), encoding="utf-8")
    after = marks(folder)
    assert set(before) == set(after)
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {key for key in before if key[0] == "register" and any(move.startswith("refused") for move in key[3])}


def test_an_earlier_book_leaves_only_what_is_new(tmp_path: Path, folder: Path) -> None:
    signed = tmp_path / "signed.json"
    assert run("--json", "--output", str(signed), "--content", str(folder)).exit_code == 0
    assert run("--json", "--since", str(signed), "--content", str(folder)).output.strip() == "[]"
    path = folder / "flows" / "thank_bye.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("bon courage", "bonne route"), encoding="utf-8")
    left = json.loads(run("--json", "--since", str(signed), "--content", str(folder)).output)
    assert {(page["flow"], page["channel"]) for page in left} == {("thank_bye", "sms"), ("thank_bye", "whatsapp")}


def test_wrong_use_is_told() -> None:
    assert run("nowhere").exit_code == 2
    assert run("--language", "xx").exit_code == 2
    assert run("--since", str(PROJECT / "README.md")).exit_code == 2
