"""Counts and times of referrals. Pure: cases go in, tables come out; small cells are hidden before anything leaves the region."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from bot.domain.referrals import OPEN, State

By = Literal["need", "place", "partner", "state"]
BYS: tuple[By, ...] = ("need", "place", "partner", "state")
Step = Literal["seen", "accepted", "contacted", "closed"]
STEPS: tuple[Step, ...] = ("seen", "accepted", "contacted", "closed")
# Fewer people than this can be told apart by whoever knows the place (the usual rule for published cells).
LEAST = 10
# Ends that left a need unmet.
_UNMET_ENDS = ("no_capacity", "out_of_scope", "not_eligible", "unreachable")


@dataclass(frozen=True, slots=True)
class Case:
    """One referral. `place` is a department, else a region; `at` are the first moments of its steps; no person is in it."""

    need: str
    place: str
    partner: str
    state: State
    opened_at: datetime
    at: Mapping[Step, datetime]
    reopened: bool = False
    outcome: str | None = None

    @property
    def unmet(self) -> bool:
        """Whether the need was not met: nobody took it in time, or it ended without help."""
        return self.outcome in _UNMET_ENDS or self.state == "declined"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `count` None is a hidden cell, and then everything in the line is. Times are medians in hours."""

    name: str
    count: int | None
    open: int | None
    unmet: int | None
    reopened: float | None
    hours: Mapping[Step, float | None]


def table(cases: Sequence[Case], by: By, *, least: int = LEAST) -> tuple[Row, ...]:
    """The cases by need, department, partner or state, largest first. Lines of fewer than `least` referrals are hidden, and where that
    is one line alone the next smallest with it: a total would give it away. 0 hides nothing."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(getattr(case, by), []).append(case)
    rows = sorted((_row(name, group) for name, group in groups.items()), key=lambda row: (-(row.count or 0), row.name))
    small = {row.name for row in rows if row.count is not None and row.count < least}
    if len(small) == 1:
        small |= {row.name for row in [row for row in rows if row.name not in small][-1:]}
    return tuple(_hidden(row) if row.name in small else row for row in rows)


def total(cases: Sequence[Case], *, least: int = LEAST) -> Row:
    """All of them in one line."""
    row = _row("", cases)
    return _hidden(row) if len(cases) < least else row


def _row(name: str, cases: Sequence[Case]) -> Row:
    share = sum(case.reopened for case in cases) / len(cases) if cases else 0.0
    hours = {step: _median(case.at[step] - case.opened_at for case in cases if step in case.at) for step in STEPS}
    return Row(name, len(cases), sum(case.state in OPEN for case in cases), sum(case.unmet for case in cases), share, hours)


def _hidden(row: Row) -> Row:
    return Row(row.name, None, None, None, None, dict.fromkeys(STEPS))


def _median(spans: Iterable[timedelta]) -> float | None:
    found = [span.total_seconds() / 3600 for span in spans]
    return median(found) if found else None


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (owasp.org, CSV Injection)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def bars(rows: Sequence[Row], title: str, label: Callable[[str], str]) -> str:
    """The counts of a table as an SVG of bars. Hidden lines have a hatched stub and no number."""
    line, left, width = 28, 240, 360
    most = max((row.count or 0 for row in rows), default=0) or 1
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 70}" height="{line * len(rows) + 50}" '
        f'font-family="sans-serif" font-size="14" role="img" aria-label="{_escaped(title)}">',
        f'<text x="8" y="24" font-size="16" font-weight="bold">{_escaped(title)}</text>',
    ]
    for number, row in enumerate(rows):
        y = 44 + number * line
        long = width * (row.count or 0) / most if row.count is not None else 10
        fill = "#2a6f77" if row.count is not None else "#cccccc"
        parts += [
            f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{_escaped(label(row.name))}</text>',
            f'<rect x="{left}" y="{y}" width="{long:.1f}" height="18" fill="{fill}"/>',
            f'<text x="{left + long + 6:.1f}" y="{y + 14}">{row.count if row.count is not None else f"&lt; {LEAST}"}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
