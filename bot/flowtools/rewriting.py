"""Writing what came into the expectations of conversations, for an author to review in the diff."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.flowtools.hearing import plain
from bot.flowtools.playing import Verdict
from bot.flowtools.scripts import Step

# Enough words to know a sentence again, few enough to survive a change at its end.
_WORDS = 5


def rewrite(path: Path, verdicts: Iterable[Verdict]) -> int:
    """Bring the failed `expect` lines of one file up to date. How many were rewritten; those without any answer stay."""
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = _changes(verdicts)
    for line in sorted(changed, reverse=True):
        end = _end(lines, line)
        indent = re.match(r"\s*-\s*", lines[line - 1])
        lines[line - 1 : end] = [f"{indent[0] if indent else '- '}expect: {changed[line]}"]
    if changed:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(changed)


def _changes(verdicts: Iterable[Verdict]) -> dict[int, str]:
    """Line -> the new list of fragments."""
    changes: dict[int, str] = {}
    for verdict in verdicts:
        missed = {miss.line for miss in verdict.misses if miss.code == "expected_missing"}
        for step, reply in _answered(verdict):
            if step.line in missed and reply:
                changes[step.line] = _fragments(step, reply)
    return changes


def _answered(verdict: Verdict) -> Iterable[tuple[Step, str]]:
    reply = ""
    replies: Mapping[int, str] = verdict.replies
    for step in verdict.script.steps:
        if step.acts:
            reply = replies.get(step.line, "")
        elif step.verb == "expect":
            yield step, reply


def _fragments(step: Step, reply: str) -> str:
    kept = [text for text in step.texts if plain(text) in plain(reply)]
    said = [line for line in reply.splitlines() if line.strip() and not re.match(r"\d+ ", line)]
    new = [" ".join(line.split()[:_WORDS]) for line in said if not any(plain(text) in plain(line) for text in kept)]
    return json.dumps([*kept, *new], ensure_ascii=False)


def _end(lines: list[str], start: int) -> int:
    """The line behind a step: the next line that begins a step or stands further left."""
    depth = len(lines[start - 1]) - len(lines[start - 1].lstrip())
    for number in range(start, len(lines)):
        written = lines[number]
        if written.strip() and len(written) - len(written.lstrip()) <= depth:
            return number
    return len(lines)
