"""Figures for people to read on a terminal."""

import json
from collections.abc import Mapping
from typing import Any


def _percent(value: float | None) -> str:
    return "    -" if value is None else f"{100 * value:5.1f}"


def flat(figures: Mapping[str, Any]) -> str:
    """One figure a line."""
    return "\n".join(f"{name:<24} {value}" for name, value in figures.items())


def training(outcome: Any, *, as_json: bool) -> None:
    """What training came to."""
    if as_json:
        print(json.dumps({"result": outcome.result, "reasons": outcome.reasons, **outcome.about}, ensure_ascii=False, indent=1))
        return
    print(f"{outcome.result}: model {outcome.about.get('inputs', '-')}")
    for reason in outcome.reasons:
        print(f"  {reason}")
    scores = outcome.about.get("development")
    if scores:
        print(evaluation(scores))


def evaluation(found: Mapping[str, Any]) -> str:
    """The figures of one model as a table; shares in per cent."""
    lines = [f"{'':<22}{'messages':>9} {'top-1':>6} {'top-3':>6}"]
    rows = {"all": found, **found["by_language"], **found["by_register"]}
    lines += [f"{name[:22]:<22}{row['messages']:>9}  {_percent(row['top1'])}  {_percent(row['top3'])}" for name, row in rows.items()]
    danger, fallback, speed = found["danger"], found["fallback"], found["milliseconds"]
    lines += [
        "",
        f"macro-F1               {_percent(found['macro_f1'])}",
        f"danger recall          {_percent(danger['recall'])}   false alarms {_percent(danger['false_alarms'])}"
        f"   right kind {_percent(danger['right_kind'])}",
        f"out of scope recall    {_percent(found['out_of_scope_recall'])}",
        f"language               {_percent(found['language_accuracy'])}   "
        + "  ".join(f"{k} {_percent(v)}" for k, v in found["language_by_language"].items()),
        f"asks back              {_percent(fallback['rate'])}   right when it does not {_percent(fallback['accuracy_when_sure'])}"
        f"   (below {fallback['threshold']})",
        f"calibration error      {_percent(found['calibration_error'])}",
        f"time per message       p50 {speed['p50']} ms   p99 {speed['p99']} ms",
        "",
        f"{'entity':<22}{'marked':>9} {'prec.':>6} {'recall':>6} {'F1':>6}",
    ]
    lines += [
        f"{n:<22}{e['marked']:>9}  {_percent(e['precision'])}  {_percent(e['recall'])}  {_percent(e['f1'])}"
        for n, e in found["entities"].items()
    ]
    lines.append(f"places found and resolved to one department {_percent(found.get('places_resolved'))}")
    lines += ["", f"{'intent':<22}{'messages':>9} {'prec.':>6} {'recall':>6} {'F1':>6}"]
    weakest = sorted(found["by_intent"].items(), key=lambda item: item[1]["f1"])
    lines += [f"{n:<22}{e['messages']:>9}  {_percent(e['precision'])}  {_percent(e['recall'])}  {_percent(e['f1'])}" for n, e in weakest]
    for confusion in found.get("confusions", ()):
        lines.append(
            f"{confusion['count']:>4} x {confusion['true']} taken for {confusion['said']}: " + " / ".join(confusion["examples"])[:150]
        )
    return "\n".join(lines)


def comparison(found: Mapping[str, Any]) -> str:
    """Two models side by side."""
    first, second = found["first"], found["second"]
    rows = {"all": (first, second), **{k: (first["by_language"][k], second["by_language"][k]) for k in first["by_language"]}}
    lines = [f"{'top-1':<22}{'first':>8}{'second':>8}"]
    lines += [f"{name:<22}   {_percent(a['top1'])}   {_percent(b['top1'])}" for name, (a, b) in rows.items()]
    for name in ("recall", "false_alarms"):
        lines.append(f"{'danger ' + name.replace('_', ' '):<22}   {_percent(first['danger'][name])}   {_percent(second['danger'][name])}")
    lines.append(f"right only in the first {found['only_first_right']}, only in the second {found['only_second_right']}")
    return "\n".join(lines)


def checks(found: Mapping[str, Any]) -> str:
    """Errors first, then warnings and the balance."""
    lines = [f"error: {line}" for line in found["errors"]] + [f"warning: {line}" for line in found["warnings"]]
    lines += [f"doubtful label: {line}" for line in found.get("doubtful", ())]
    lines.append(f"{found['sentences']} sentences, {len(found['errors'])} errors, {len(found['warnings'])} warnings")
    return "\n".join(lines)
