"""A flow as a tree and as a picture."""

import json
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from bot.cli.flows_show import show
from bot.content.load import load_content
from bot.engine.definition import END, Text
from bot.flowtools.layout import lay_out
from bot.flowtools.picture import picture
from bot.flowtools.tree import tree
from bot.flowtools.ways import ways_of
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)
FLOWS = CONTENT.flows.flows
SVG = "{http://www.w3.org/2000/svg}"


def french(text: Text) -> str:
    return text.source


@pytest.mark.parametrize("name", FLOWS)
def test_a_picture_has_one_box_a_node_and_one_arrow_a_pair_of_nodes(name: str) -> None:
    flow = FLOWS[name]
    root = ElementTree.fromstring(picture(flow, french, "fr"))  # noqa: S314 - our own text
    boxes = [group.get("id") for group in root.iter(f"{SVG}g") if group.get("id")]
    assert sorted(str(box) for box in boxes) == sorted(flow.nodes)
    pairs = {(node.name, way.go) for node in flow.nodes.values() for way in ways_of(node) if way.go != END}
    arrows = [path for path in root.iter(f"{SVG}path") if "way" in (path.get("class") or "")]
    assert len(arrows) == len(pairs)


@pytest.mark.parametrize("name", FLOWS)
def test_boxes_never_cover_each_other(name: str) -> None:
    flow = FLOWS[name]
    edges = list({(node.name, way.go): None for node in flow.nodes.values() for way in ways_of(node) if way.go != END})
    layout = lay_out(flow.first, dict.fromkeys(flow.nodes, (100.0, 50.0)), edges)
    for one, other in combinations(layout.boxes.values(), 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y


def test_arrows_point_down_except_those_that_go_back() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "c")]
    layout = lay_out("a", dict.fromkeys("abc", (10.0, 10.0)), edges)
    assert layout.back == {("c", "a")}
    assert layout.boxes["a"].y < layout.boxes["b"].y < layout.boxes["c"].y
    assert len(layout.bends["a", "c"]) == 2


def test_the_same_flow_gives_the_same_picture() -> None:
    assert picture(FLOWS["menu"], french, "fr") == picture(FLOWS["menu"], french, "fr")


def test_the_tree_shows_every_node_once_with_its_texts_in_the_language_asked_for() -> None:
    lines = list(tree(FLOWS["register"], lambda text: CONTENT.translate(text, "wo"), "fr"))
    text = "\n".join(lines)
    assert "réponse « yes » → intake" in text
    assert "Ndax nangu nga" in text
    assert text.count("formulaire : intake") == 1
    assert "(déjà montré)" in text


def test_the_command_lists_shows_and_draws(tmp_path: Path) -> None:
    runner = CliRunner()
    assert "register" in runner.invoke(show, ["--lang", "fr"]).output
    assert json.loads(runner.invoke(show, ["register", "--json"]).output)["first"] == "consent"
    target = tmp_path / "register.svg"
    assert runner.invoke(show, ["register", "--svg", str(target)]).exit_code == 0
    assert ElementTree.parse(target).getroot().tag == f"{SVG}svg"  # noqa: S314 - our own file


def test_a_mistyped_flow_is_told_with_the_nearest_name() -> None:
    result = CliRunner().invoke(show, ["registre", "--lang", "fr"])
    assert result.exit_code == 2
    assert "« register »" in result.output
