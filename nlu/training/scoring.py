"""How well answers agree with the truth."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from components.calibration import expected_calibration_error
from components.names import DANGER_INTENTS, OUT_OF_SCOPE
from wolof import fold_text

from training.cases import Case

# Below this confidence the bot asks back instead of acting.
FALLBACK: Final = 0.35


@dataclass(frozen=True, slots=True)
class Answer:
    """The parts of one parse that are measured."""

    ranking: tuple[tuple[str, float], ...]
    language: str | None
    danger: str | None
    entities: tuple[tuple[str, str, Any], ...]
    milliseconds: float

    @classmethod
    def of(cls, parsed: dict[str, Any], milliseconds: float) -> "Answer":
        """From Rasa's JSON."""
        ranking = tuple((entry["name"], entry["confidence"]) for entry in parsed.get("intent_ranking", ()))
        entities = tuple((entity["entity"], entity["value"], entity.get("canonical")) for entity in parsed.get("entities", ()))
        return cls(ranking, parsed.get("language"), (parsed.get("danger") or {}).get("intent"), entities, milliseconds)

    @property
    def intent(self) -> str | None:
        """The first intent."""
        return self.ranking[0][0] if self.ranking else None

    @property
    def confidence(self) -> float:
        """Of the first intent."""
        return self.ranking[0][1] if self.ranking else 0.0


Pairs = Sequence[tuple[Case, Answer]]


def _share(values: Iterable[bool]) -> float | None:
    found = list(values)
    return round(sum(found) / len(found), 4) if found else None


def _accuracy(pairs: Pairs) -> dict[str, Any]:
    return {
        "messages": len(pairs),
        "top1": _share(answer.intent == case.intent for case, answer in pairs),
        "top3": _share(case.intent in [name for name, _ in answer.ranking[:3]] for case, answer in pairs),
    }


def _grouped(pairs: Pairs, key: Callable[[Case], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[tuple[Case, Answer]]] = defaultdict(list)
    for case, answer in pairs:
        groups[key(case)].append((case, answer))
    return {name: _accuracy(groups[name]) for name in sorted(groups) if name}


def intent_scores(pairs: Pairs) -> dict[str, dict[str, Any]]:
    """Precision, recall, F1 and count of every intent that occurs in the cases."""
    truth, said = Counter(c.intent for c, _ in pairs), Counter(a.intent for _, a in pairs)
    right = Counter(case.intent for case, answer in pairs if case.intent == answer.intent)
    scores = {}
    for name in sorted(truth):
        precision, recall = right[name] / said[name] if said[name] else 0.0, right[name] / truth[name]
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        scores[name] = {"messages": truth[name], "precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}
    return scores


def danger_scores(pairs: Pairs) -> dict[str, Any]:
    """Recall: any danger intent first or flagged when danger is true; false alarms: the same when it is not."""
    alarmed = [bool(answer.danger) or answer.intent in DANGER_INTENTS for _, answer in pairs]
    true = [case.intent in DANGER_INTENTS for case, _ in pairs]
    return {
        "recall": _share(alarm for alarm, real in zip(alarmed, true, strict=True) if real),
        "false_alarms": _share(alarm for alarm, real in zip(alarmed, true, strict=True) if not real),
        "right_kind": _share(answer.intent == case.intent for (case, answer), real in zip(pairs, true, strict=True) if real),
    }


def entity_scores(pairs: Pairs) -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 by entity type, on folded values; only cases with marked entities count."""
    hit: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for case, answer in pairs:
        if case.entities is None:
            continue
        true = Counter((name, fold_text(value)) for name, value in case.entities)
        said = Counter((name, fold_text(value)) for name, value, _ in answer.entities)
        for counter, source in ((hit, true & said), (wanted, true), (found, said)):
            for (name, _), count in source.items():
                counter[name] += count
    return {name: _f1(hit[name], wanted[name], found[name]) for name in sorted(wanted | found)}


def places_resolved(pairs: Pairs) -> float | None:
    """The share of marked places that were found and come to one region and department; ambiguous names count against it."""
    resolved: list[bool] = []
    for case, answer in pairs:
        paths = {fold_text(value): canonical for name, value, canonical in answer.entities if name == "place"}
        resolved += [bool(paths.get(fold_text(value))) for name, value in case.entities or () if name == "place"]
    return _share(resolved)


def _f1(hit: int, wanted: int, found: int) -> dict[str, Any]:
    precision, recall = hit / found if found else 0.0, hit / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"marked": wanted, "precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def score(pairs: Pairs) -> dict[str, Any]:
    """Every figure, ready for JSON. Shares lie between 0 and 1, times are milliseconds."""
    confidences = np.array([answer.confidence for _, answer in pairs] or [0.0])
    right = np.array([answer.intent == case.intent for case, answer in pairs] or [False], dtype=float)
    sure = confidences >= FALLBACK
    times = np.array([answer.milliseconds for _, answer in pairs] or [0.0])
    by_intent = intent_scores(pairs)
    return {
        **_accuracy(pairs),
        "macro_f1": round(float(np.mean([entry["f1"] for entry in by_intent.values()])), 4) if by_intent else None,
        "by_language": _grouped(pairs, lambda case: case.language),
        "by_register": _grouped(pairs, lambda case: case.register),
        "by_intent": by_intent,
        "danger": danger_scores(pairs),
        "out_of_scope_recall": _share(answer.intent == OUT_OF_SCOPE for case, answer in pairs if case.intent == OUT_OF_SCOPE),
        "language_accuracy": _share(answer.language == case.language for case, answer in pairs if case.language),
        "language_by_language": {
            name: _share(answer.language == name for case, answer in pairs if case.language == name)
            for name in sorted({case.language for case, _ in pairs if case.language})
        },
        "entities": entity_scores(pairs),
        "places_resolved": places_resolved(pairs),
        "fallback": {
            "threshold": FALLBACK,
            "rate": round(float(1 - sure.mean()), 4),
            "accuracy_when_sure": round(float(right[sure].mean()), 4) if sure.any() else None,
        },
        "calibration_error": round(expected_calibration_error(confidences, right), 4),
        "milliseconds": {"p50": round(float(np.percentile(times, 50)), 2), "p99": round(float(np.percentile(times, 99)), 2)},
    }


def confusions(pairs: Pairs, most: int = 15) -> list[dict[str, Any]]:
    """The commonest mistakes with up to three examples each."""
    examples: dict[tuple[str, str], list[str]] = defaultdict(list)
    for case, answer in pairs:
        if case.intent != answer.intent:
            examples[case.intent, answer.intent or "nothing"].append(case.text)
    worst = sorted(examples.items(), key=lambda item: (-len(item[1]), item[0]))[:most]
    return [{"true": true, "said": said, "count": len(texts), "examples": texts[:3]} for (true, said), texts in worst]
