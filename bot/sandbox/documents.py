"""What the control API is sent: JSON objects, read strictly, with a reason when something in them is wrong."""

from typing import Any

from flask import request

from bot.sandbox.callbacks import Manner
from bot.sandbox.faults import KINDS, Fault
from bot.sandbox.reports import scripted


class Wrong(Exception):
    """The document cannot be used; the text says what is wrong with it."""


def document() -> dict[str, Any]:
    """The body of this request. Raises `Wrong`."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise Wrong("send a JSON object")
    return given


def number(given: dict[str, Any], name: str, default: float, most: float) -> float:
    """A number of the document, up to `most` in either direction. Raises `Wrong`."""
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > most:
        raise Wrong(f"{name} is a number up to {most:g}")
    return float(value)


def fault(line: Any) -> Fault:
    """One line of a script of faults. Raises `Wrong`."""
    if not isinstance(line, dict) or line.get("do") not in KINDS:
        raise Wrong(f"do is one of {', '.join(KINDS)}")
    if line.get("channel") not in {None, "sms", "whatsapp"}:
        raise Wrong("channel is sms or whatsapp")
    left = line.get("next", 1)
    return Fault(
        kind=line["do"],
        left=None if left is None else max(1, int(number(line, "next", 1, 1e9))),
        code=int(number(line, "code", 30008, 1e6)),
        seconds=abs(number(line, "seconds", 30.0, 120.0)),
        share=abs(number(line, "share", 1.0, 1.0)),
        to=line.get("to"),
        channel=line.get("channel"),
        containing=str(line.get("containing") or ""),
        reports=_reports(line.get("reports") or []),
    )


def _reports(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise Wrong("reports is a list like delivered, undelivered:30008, sent@5")
    try:
        scripted([str(report) for report in given], Manner())
    except ValueError as problem:
        raise Wrong(f"{problem} is no report; write delivered, undelivered:30008, sent@5, forged:sent or foreign:sent") from None
    return tuple(str(report) for report in given)
