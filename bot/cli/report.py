"""`dellusi report`: what became of the referrals."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import xlsxwriter

from bot.bootstrap import make_contents
from bot.cli.flows_options import AS_JSON, LANGUAGE, print_json
from bot.cli.flows_publish import opened
from bot.content import Content
from bot.domain.report import BYS, LEAST, STEPS, By, Row, bars, harmless, table, total
from bot.flowtools.wording import phrase
from bot.settings import load
from bot.storage import reporting

_COLUMNS = ("count", "open", "unmet", "reopened", *STEPS)


@click.command()
@click.option("--by", type=click.Choice(BYS), default="need", show_default=True)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day.  [default: 90 days ago]")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Day after the last.  [default: now]")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file: .csv, .xlsx or .svg.")
@click.option("--inside", is_flag=True, help="Show small numbers, too: for the region alone, never to be passed on.")
@LANGUAGE
@AS_JSON
def report(
    by: By, since: datetime | None, until: datetime | None, out: Path | None, lang: str | None, *, inside: bool, as_json: bool
) -> None:
    """Count referrals by need, department, partner or state, with median times and needs that were not met.

    Lines of fewer than 10 referrals are hidden, for in a small place few people can be told apart.

    \b
    Examples:
      dellusi report
      dellusi report --by place --from 2026-10-01 --out needs.xlsx
      dellusi report --by partner --inside --json
    Exit codes: 0 done, 2 wrong use.
    """
    if out is not None and out.suffix not in (".csv", ".xlsx", ".svg"):
        raise click.UsageError(phrase("report_suffix", lang, value=out.suffix or out.name))
    settings, least = load(), 0 if inside else LEAST
    now = datetime.now(UTC)
    begin = since.replace(tzinfo=UTC) if since else now - timedelta(days=90)
    end = until.replace(tzinfo=UTC) if until else now
    with opened(settings, lang) as database:
        content = make_contents(settings, database).current
        with database.reading() as tx:
            cases = reporting.cases(tx, begin, end)
    rows, whole = table(cases, by, least=least), total(cases, least=least)
    if out is not None:
        try:
            _write(out, content, by, rows, whole, lang)
        except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
            raise click.UsageError(phrase("report_cannot_write", lang, path=out, reason=_reason(error))) from None
        click.echo(phrase("report_written", lang, path=out))
    elif as_json:
        print_json(
            {"from": begin.isoformat(), "to": end.isoformat(), "by": by, "rows": [_data(row) for row in rows], "total": _data(whole)}
        )
    else:
        for line in _lines(content, by, rows, whole, lang):
            click.echo("  ".join(f"{cell:<28}" if at == 0 else f"{cell:>10}" for at, cell in enumerate(line)))


def _write(out: Path, content: Content, by: By, rows: tuple[Row, ...], whole: Row, lang: str | None) -> None:
    if out.suffix == ".svg":
        out.write_text(
            bars(rows, phrase("report_title", lang, by=phrase(f"report_{by}", lang)), lambda name: _name(content, by, name, lang))
        )
        return
    lines = [[harmless(cell) for cell in line] for line in _lines(content, by, rows, whole, lang)]
    if out.suffix == ".csv":
        written = io.StringIO()
        csv.writer(written).writerows(lines)
        # Spreadsheets read UTF-8 only behind this mark.
        out.write_text("\ufeff" + written.getvalue(), encoding="utf-8", newline="")
        return
    # Nothing is ever a formula or a link: every cell is written as a text or a number.
    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            for at, cell in enumerate(line):
                sheet.write_string(number, at, cell)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 36)


def _reason(error: Exception) -> str:
    """Why, in the words of the system; the exporter of spreadsheets wraps its error."""
    cause = error if isinstance(error, OSError) else next((one for one in error.args if isinstance(one, OSError)), error)
    return getattr(cause, "strerror", None) or str(cause)


def _lines(content: Content, by: By, rows: tuple[Row, ...], whole: Row, lang: str | None) -> list[list[str]]:
    head = [phrase(f"report_{by}", lang), *(phrase(f"report_{name}", lang) for name in _COLUMNS)]
    body = [[_name(content, by, row.name, lang), *_cells(row)] for row in rows]
    return [head, *body, [phrase("report_total", lang), *_cells(whole)]]


def _cells(row: Row) -> list[str]:
    if row.count is None:
        return [f"< {LEAST}", *("-" for _ in _COLUMNS[1:])]
    share = f"{row.reopened or 0:.0%}"
    return [str(row.count), str(row.open), str(row.unmet), share, *(_hours(row.hours[step]) for step in STEPS)]


def _hours(hours: float | None) -> str:
    return "-" if hours is None else f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"


def _name(content: Content, by: By, name: str, lang: str | None) -> str:
    if by == "partner":
        return content.value(f"partner.{name}", "fr") or name
    groups = {"need": "needs", "state": "states"}
    return content.word_for(groups[by], name, "fr") if by in groups and lang != "en" else name


def _data(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "count": row.count,
        "open": row.open,
        "unmet": row.unmet,
        "reopened": row.reopened,
        "median_hours": dict(row.hours),
    }
