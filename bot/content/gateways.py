"""config/gateways/<name>.yml: how an HTTP SMS gateway speaks."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from bot.content.reading import Faults, Section, read_file
from bot.domain.errors import ContentError
from bot.domain.gateways import FIELDS, Asking, Gateway, Hearing, Leaving, Reporting, Rule
from bot.domain.messages import Status
from bot.domain.sending import Verdict

FOLDER = "config/gateways"
_METHODS = ("GET", "POST")
_STATUSES = {status.name.lower(): status for status in Status}
_VERDICTS = tuple(verdict.value for verdict in Verdict)


def gateway_names(folder: Path) -> tuple[str, ...]:
    """The gateways that are described in the folder that holds config/."""
    return tuple(sorted(path.stem for path in (folder / FOLDER).glob("*.yml")))


def load_gateway(folder: Path, name: str) -> Gateway:
    """The description of a gateway. Raises `ContentError` with every mistake of its file."""
    faults = Faults()
    section = read_file(folder / FOLDER / f"{name}.yml", f"{FOLDER}/{name}.yml", faults)
    gateway = _gateway(name, section) if section else None
    if gateway is None or faults.errors:
        raise ContentError(faults.errors)
    return gateway


def _gateway(name: str, section: Section) -> Gateway | None:
    send, message, report = (_needed(section, key) for key in ("send", "message", "report"))
    leaving = section.section("optout")
    joined = section.flag("joined", default=True)
    section.optional("source")
    gateway = None
    if send and message and report:
        gateway = Gateway(name, _asking(send), _hearing(message), _reporting(report), _leaving(leaving), joined)
    for part in (send, message, report, leaving, section):
        if part:
            part.finish()
    return gateway


def _needed(section: Section, key: str) -> Section | None:
    found = section.section(key)
    if found is None:
        section.fault(key, "missing_key", name=key)
    return found


def _asking(send: Section) -> Asking:
    return Asking(
        method="GET" if send.choice("method", _METHODS) == "GET" else "POST",
        numbers="digits" if send.choice("numbers", ("plus", "digits"), "plus") == "digits" else "plus",
        parameters=_values(send, "parameters"),
        gsm7=_values(send, "gsm7"),
        ucs2=_values(send, "ucs2"),
        headers=_values(send, "headers"),
        accepted=_pattern(send, "accepted"),
        id=_pattern(send, "id"),
        refusals=tuple(_rule(rule) for rule in send.sections("refusals", "code")),
    )


def _hearing(message: Section) -> Hearing:
    return Hearing(
        methods=_methods(message),
        id=message.text("id"),
        sender=message.text("from"),
        recipient=message.optional("to") or "",
        text=message.text("text"),
        coding=message.optional("coding") or "",
        binary=message.optional("binary") or "",
        answer=message.optional("answer") or "",
    )


def _reporting(report: Section) -> Reporting:
    words = report.section("words")
    return Reporting(
        methods=_methods(report),
        by_reference=report.flag("by_reference"),
        id=report.optional("id") or "",
        word=report.text("word"),
        code=report.optional("code") or "",
        words={key.lower(): _STATUSES[found] for key in words.keys if (found := words.choice(key, _STATUSES))} if words else {},
        verdicts=_verdicts(report),
        answer=report.optional("answer") or "",
    )


def _leaving(optout: Section | None) -> Leaving:
    return Leaving(optout.text("from")) if optout else Leaving()


def _verdicts(report: Section) -> Mapping[str, Verdict]:
    found = report.section("verdicts")
    return {key.lower(): Verdict(verdict) for key in found.keys if (verdict := found.choice(key, _VERDICTS))} if found else {}


def _rule(rule: Section) -> Rule:
    verdict = rule.choice("verdict", _VERDICTS)
    made = Rule(rule.text("code"), Verdict(verdict or "never"), rule.number("status"), _pattern(rule, "match"))
    if made.status is None and not made.match:
        rule.fault("code", "missing_key", name="match")
    rule.finish()
    return made


def _methods(part: Section) -> tuple[str, ...]:
    written = part.words("methods")
    for method in written:
        if method not in _METHODS:
            part.fault("methods", "not_allowed", value=method, allowed=", ".join(_METHODS))
    return written or ("POST",)


def _values(part: Section, key: str) -> Mapping[str, str]:
    """Parameter -> its value; what stands in braces has to be something that we can fill in."""
    found = part.section(key)
    values = {name: found.text(name) for name in found.keys} if found else {}
    for name, value in values.items():
        try:
            unknown = [field for _, field, _, _ in Formatter().parse(value) if field is not None and field not in FIELDS]
        except ValueError:
            unknown = [value]
        if found and unknown:
            found.fault(name, "not_allowed", value=unknown[0], allowed=", ".join(FIELDS))
    return values


def _pattern(part: Section, key: str) -> str:
    written = part.optional(key) or ""
    try:
        re.compile(written)
    except re.error:
        part.fault(key, "not_allowed", value=written, allowed="re")
        return ""
    return written
