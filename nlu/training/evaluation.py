"""Measure one model, or two side by side."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from training.cases import Case, read_cases
from training.parser import Parser
from training.scoring import Answer, confusions, score


def answers_of(model: Path, cases: list[Case]) -> list[tuple[Case, Answer]]:
    """Every case with the model's answer."""
    parsed = Parser(model).parse_all([case.text for case in cases])
    return [(case, Answer.of(answer, took)) for case, (answer, took) in zip(cases, parsed, strict=True)]


def evaluate(path: Path, model: Path, say: Callable[[str], None], mistakes: Path | None = None) -> dict[str, Any]:
    """All figures of `training.scoring.score`, and the worst confusions. Raises DataError, FileNotFoundError."""
    cases = read_cases(path)
    say(f"measuring {model.name} on {len(cases)} messages")
    pairs = answers_of(model, cases)
    if mistakes:
        mistakes.write_text(
            "".join(json.dumps(_mistake(*pair), ensure_ascii=False) + "\n" for pair in pairs if pair[0].intent != pair[1].intent),
            encoding="utf-8",
        )
    return {**score(pairs), "confusions": confusions(pairs)}


def _mistake(case: Case, answer: Answer) -> dict[str, Any]:
    return {"text": case.text, "lang": case.language, "true": case.intent, "ranking": answer.ranking[:4], "danger": answer.danger}


def compare(first: Path, second: Path, path: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Both models' figures, and how many messages only one of them gets right."""
    cases = read_cases(path)
    say(f"measuring two models on {len(cases)} messages")
    left, right = answers_of(first, cases), answers_of(second, cases)
    only = [(a.intent == case.intent, b.intent == case.intent) for (case, a), (_, b) in zip(left, right, strict=True)]
    return {
        "first": score(left),
        "second": score(right),
        "only_first_right": sum(a and not b for a, b in only),
        "only_second_right": sum(b and not a for a, b in only),
    }
