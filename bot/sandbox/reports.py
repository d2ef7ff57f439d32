"""What becomes of an accepted message, and what is told about it: the plan of statuses, and reports that differ from it."""

import re
from collections.abc import Sequence

from bot.sandbox.callbacks import Manner
from bot.sandbox.messages import Step

# Only these end a message; a script that tells other words leaves it where it is.
_ENDS = frozenset({"delivered", "undelivered", "failed", "read"})
_REPORT = re.compile(r"(?:(?P<mark>forged|foreign):)?(?P<word>[a-z_-]+)(?::(?P<code>\d{1,6}))?(?:@(?P<at>\d+(?:\.\d+)?))?")


def plan(first: Sequence[str], bad: int | None, manner: Manner, *, queued: float = 0.0, read: bool = False) -> tuple[Step, ...]:
    """The true statuses: the words of `first`, then delivered, or refused with `bad`; `queued` seconds later than usual."""
    steps: list[tuple[str, int | None]] = [(word, None) for word in first]
    if bad in {21610, 30001, 30036}:
        steps.append(("failed", bad))
    elif bad is not None and bad >= 63000:
        steps.append(("undelivered", bad))
    else:
        steps += [("sent", None), ("undelivered" if bad else "delivered", bad)]
        if read and not bad:
            steps.append(("read", None))
    return tuple(Step(word, queued + manner.delay * number, code) for number, (word, code) in enumerate(steps, 1))


def scripted(reports: Sequence[str], manner: Manner) -> tuple[Step, ...]:
    """The reports of a fault. Raises ValueError for one that cannot be read.

    `delivered`, `undelivered:30008`, `delivered@5`, `forged:sent`, `foreign:sent`, and any word that nobody knows.
    """
    return tuple(_step(report, manner.delay * number) for number, report in enumerate(reports, 1))


def _step(report: str, after: float) -> Step:
    read = _REPORT.fullmatch(report)
    if read is None:
        raise ValueError(report)
    code, at, mark = read["code"], read["at"], read["mark"]
    return Step(read["word"], float(at) if at else after, int(code) if code else None, forged=mark == "forged", foreign=mark == "foreign")


def truth(reports: Sequence[Step], manner: Manner) -> tuple[Step, ...]:
    """The plan of a message about which these reports are told: delivered once one of them says so, else the last end.

    One that nothing is told about is delivered all the same.
    """
    if not reports:
        return plan((), None, manner)
    ends = [step for step in reports if step.word in _ENDS and not step.forged and not step.foreign]
    good = [step for step in ends if step.word in {"delivered", "read"}]
    last = (good or ends)[-1:]
    return (Step("sent", manner.delay), *(Step(step.word, manner.delay * 2, step.error_code) for step in last))
