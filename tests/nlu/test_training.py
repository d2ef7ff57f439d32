"""Hand files, cases, hashes, the gate and the command line."""

import json
from pathlib import Path

import pytest
from components.names import ENTITIES, INTENTS
from training import checks
from training.cases import read_cases
from training.commands import main
from training.data import DEVELOPMENT, TRAINING, DataError, Sentence, Span, read_file, read_folder, unmark
from training.inputs import input_files, input_hash
from training.scoring import Answer, score
from training.trainer import objections

HAND = """version: "3.1"
# Voice: fisherman, 38
# Register: everyday
nlu:
- intent: greet
  examples: |
    - salam
    - bonjour de [Kayar](place)
"""


def hand(folder: Path, text: str = HAND) -> Path:
    path = folder / "fr" / "fisherman.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_hand_file_is_read_with_marks_and_lines(tmp_path: Path) -> None:
    hand(tmp_path)
    first, second = read_folder(tmp_path)
    assert (first.text, first.intent, first.language, first.hand, first.register, first.line) == (
        "salam",
        "greet",
        "fr",
        "fisherman",
        "everyday",
        7,
    )
    assert (second.text, second.spans) == ("bonjour de Kayar", (Span("place", "Kayar", 11, 16),))


def test_a_broken_hand_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = hand(tmp_path, HAND + "  rubbish\n")
    with pytest.raises(DataError, match=r"fisherman\.yml:9"):
        list(read_file(path, "fr"))


def test_marks_may_be_written_as_json() -> None:
    assert unmark('à [Tuba]{"entity": "place", "value": "Touba"}') == ("à Tuba", (Span("place", "Tuba", 2, 6),))


def test_cases_come_from_json_lines_and_folders(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(
        json.dumps({"text": "salam", "intent": "greet", "lang": "wo", "register": "sms", "entities": []}) + "\n", encoding="utf-8"
    )
    assert read_cases(file)[0].language == "wo"
    hand(tmp_path / "hands")
    assert read_cases(tmp_path / "hands")[1].entities == (("place", "Kayar"),)
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"cases\.jsonl:1"):
        read_cases(file)


def test_scores_count_danger_by_alarm(tmp_path: Path) -> None:
    hand(tmp_path)
    cases = read_cases(tmp_path)
    answers = [
        Answer((("greet", 0.9),), "fr", None, (), 1.0),
        Answer((("danger_minor", 0.9),), "wo", "danger_minor", (("place", "kayar", None),), 1.0),
    ]
    found = score(list(zip(cases, answers, strict=True)))
    assert (found["top1"], found["danger"]["false_alarms"], found["language_accuracy"]) == (0.5, 0.5, 0.5)
    assert found["entities"]["place"]["f1"] == 1.0


def development(top1: float, french: float = 0.8, wolof: float = 0.8, danger: float = 0.95) -> dict[str, object]:
    return {"messages": 1700, "top1": top1, "danger": {"recall": danger}, "by_language": {"fr": {"top1": french}, "wo": {"top1": wolof}}}


def test_the_gate_refuses_what_is_worse_and_unequal() -> None:
    assert objections(development(0.81), development(0.80)) == []
    assert objections(development(0.799), development(0.80)) == []
    assert len(objections(development(0.75), development(0.80))) == 1
    assert len(objections(development(0.81, danger=0.85), development(0.80))) == 1
    assert len(objections(development(0.81, wolof=0.75), None)) == 1
    assert objections(None, development(0.8)) == []


def test_any_input_changes_the_hash(tmp_path: Path) -> None:
    root = tmp_path / "nlu"
    hand(root / "data")
    before = input_hash(root)
    (root / "config.yml").write_text("pipeline: []", encoding="utf-8")
    assert input_hash(root) != before
    assert [path.name for path in input_files(root)] == ["fisherman.yml", "config.yml"]


def test_faults_of_a_sentence_are_named() -> None:
    sentence = Sentence("a ] b", "nonsense", (Span("colour", " ", 0, 1),), "fr", "x", "", "f.yml", 3)
    faults = list(checks.shape_faults(sentence))
    assert len(faults) == 5
    assert all(fault.startswith("f.yml:3") for fault in faults)


def test_the_same_words_under_two_intents_are_an_error() -> None:
    pair = [Sentence("je veux une aide", "find_offer", line=1), Sentence("Je veux une  aidé", "start_intake", line=2)]
    assert len(list(checks.contradictions(pair))) == 1


def test_a_development_sentence_near_a_training_sentence_is_reported() -> None:
    train = [Sentence("je cherche un petit travail à Touba", "job_search")]
    assert len(list(checks.overlaps(train, [Sentence("je cherche un travail à touba", "job_search")]))) == 1
    assert list(checks.overlaps(train, [Sentence("bonjour à toute la famille", "greet")])) == []


def test_the_sentences_of_the_project_have_no_errors() -> None:
    assert checks.check(lambda line: None)["errors"] == []


def test_every_intent_and_entity_has_sentences() -> None:
    sentences = read_folder(TRAINING)
    assert {sentence.intent for sentence in sentences} == set(INTENTS)
    assert {span.entity for sentence in sentences for span in sentence.spans} == set(ENTITIES)
    assert {sentence.intent for sentence in read_folder(DEVELOPMENT)} == set(INTENTS)


@pytest.mark.parametrize("command", [[], ["train"], ["evaluate"], ["compare"], ["serve"], ["benchmark"], ["check"]])
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    assert stopped.value.code == 0
    assert len(capsys.readouterr().out) > 200


def test_what_cannot_run_exits_with_two(tmp_path: Path) -> None:
    assert main(["evaluate", str(tmp_path / "absent.jsonl")]) == 2


def test_a_benchmark_measures_the_shipped_classifier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "text,label\n" + "\n".join(f"je cherche du travail {at},a\nje suis malade {at},b" for at in range(6))
    (tmp_path / "train.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "test.csv").write_text("text,label\ndu travail svp,a\nmalade,b\n", encoding="utf-8")
    assert main(["benchmark", str(tmp_path / "train.csv"), str(tmp_path / "test.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 1.0
    (tmp_path / "test.csv").write_text("a,b\n", encoding="utf-8")
    assert main(["benchmark", str(tmp_path / "train.csv"), str(tmp_path / "test.csv")]) == 1
