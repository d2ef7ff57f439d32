"""Tables of referrals: small cells hidden, formulas harmless."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.report import Case, bars, harmless, table, total

NOW = datetime(2026, 12, 2, tzinfo=UTC)


def cases(**counts: int) -> list[Case]:
    return [
        Case(need, "Mbacké", "caosp", "offered", NOW, {"seen": NOW + timedelta(hours=4)}) for need, n in counts.items() for _ in range(n)
    ]


def test_a_line_under_ten_is_hidden_and_never_alone() -> None:
    found = {row.name: row.count for row in table(cases(job=40, health=12, legal=3), "need")}
    assert found == {"job": 40, "health": None, "legal": None}


def test_two_small_lines_hide_each_other() -> None:
    found = {row.name: row.count for row in table(cases(job=40, health=12, legal=3, papers=2), "need")}
    assert found == {"job": 40, "health": 12, "legal": None, "papers": None}


def test_a_hidden_line_tells_nothing_else_either() -> None:
    hidden = table(cases(legal=3, job=2), "need")[0]
    assert (hidden.count, hidden.open, hidden.unmet, hidden.reopened, set(hidden.hours.values())) == (None, None, None, None, {None})
    assert total(cases(legal=3)).count is None


@given(st.dictionaries(st.sampled_from(("job", "health", "legal", "papers", "school")), st.integers(1, 30), min_size=1))
def test_no_number_under_ten_is_ever_shown_nor_found_by_subtraction(counts: dict[str, int]) -> None:
    rows = table(cases(**counts), "need")
    assert all(row.count is None or row.count >= 10 for row in rows)
    hidden = [row for row in rows if row.count is None]
    assert len(hidden) != 1 or len(rows) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+221", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("Mbacké") == "Mbacké"


def test_a_picture_escapes_its_words() -> None:
    assert "<script" not in bars(table(cases(job=12), "need"), "<script>", lambda name: "<script>" + name)
