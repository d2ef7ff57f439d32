"""The intent classifier on other people's data, for comparing it with other classifiers."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from components.concepts import word_lists
from components.model import Example, IntentModel, Settings
from components.paths import LEXICON
from wolof import tokenise

from training.data import ROOT, DataError


def read_csv(path: Path) -> list[tuple[str, str]]:
    """(text, label) of every row. Raises DataError without the two columns, FileNotFoundError without the file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {"text", "label"} <= set(rows.fieldnames or ()):
            raise DataError(f"{path}: needs the columns text,label")
        return [(row["text"] or "", row["label"] or "") for row in rows]


def shipped_settings() -> Settings:
    """The settings of the intent classifier in `config.yml`."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return Settings.from_config(next(entry for entry in pipeline if entry["name"].endswith("IntentClassifier")))


def benchmark(train: Path, test: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Accuracy and macro-F1 on the test rows, with the shipped views, word lists and respellings. Raises DataError."""
    learnt, asked = read_csv(train), read_csv(test)
    if not learnt or not asked:
        raise DataError("both files need at least one row")
    say(f"training on {len(learnt)} texts of {len({label for _, label in learnt})} labels")
    settings = shipped_settings()
    concepts = word_lists(LEXICON)
    examples = [Example(text, label) for text, label in learnt]
    model = IntentModel.fit(examples, settings, concepts)
    labels = model.linear.labels
    said = [labels[int(np.argmax(model.scores(tokenise(text))))] for text, _ in asked]
    truth = [label for _, label in asked]
    return {"train": len(learnt), "test": len(asked), "labels": len(labels), **_figures(truth, said)}


def _figures(truth: list[str], said: list[str]) -> dict[str, float]:
    scores = []
    for label in sorted(set(truth)):
        right = sum(t == s == label for t, s in zip(truth, said, strict=True))
        scores.append(2 * right / (truth.count(label) + said.count(label)))
    accuracy = sum(t == s for t, s in zip(truth, said, strict=True)) / len(truth)
    return {"accuracy": round(accuracy, 4), "macro_f1": round(sum(scores) / len(scores), 4)}
