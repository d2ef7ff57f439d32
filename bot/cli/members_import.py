"""`dellusi members import`: members join by one file, as a spreadsheet saves it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from bot.bootstrap import make_contents
from bot.casework import roster
from bot.casework.roster import Planned
from bot.cli.flows_options import AS_JSON, LANGUAGE, fault_data, print_faults, print_json
from bot.cli.flows_publish import opened
from bot.content.parsing import Faults
from bot.content.roster import COLUMNS, Roster, heading, read_roster
from bot.flowtools.wording import phrase
from bot.settings import load

# Numbers of the sandbox. The PIN is left out: it has no place in a file that is kept.
_EXAMPLE = (
    ("baos_diourbel", "+221770000123", "sms", "accueil", "fr", "non", "+221770000124"),
    ("baos_diourbel", "+221770000124", "whatsapp", "responsable", "wo", "non", ""),
    ("caosp", "+221770000125", "sms", "conseil", "fr", "oui", ""),
)
_FATES = ("new", "changed", "unchanged", "fault")


@click.command(name="import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen, line by line.")
@click.option("--example", is_flag=True, help="Print a file to fill in, with every column.")
@LANGUAGE
@AS_JSON
def import_(file: Path | None, lang: str | None, *, dry_run: bool, example: bool, as_json: bool) -> None:
    """Let everybody of a file join: each new phone is invited as by `members add`, what changed is changed, the rest stays as it is.

    FILE is CSV in UTF-8, with semicolons or commas, as a spreadsheet saves it. One line is one phone for one partner. Columns, in any
    order: partenaire, téléphone, canal, fonction, langue, résumé quotidien, suppléant (the number of another line or member), code PIN;
    or partner, phone, channel, role, language, digest, deputy, pin. With one mistake in it nothing of the file is taken; all mistakes
    are told at once. Whoever is not in the file stays: `members remove` is for those who left.

    \b
    Examples:
      dellusi members import --example > membres.csv
      dellusi members import membres.csv --dry-run
      dellusi members import membres.csv
    Exit codes: 0 done, or nothing to do, 1 the file has mistakes and nothing was taken, 2 wrong use, or no database.
    """
    if example:
        click.echo(example_file(), nl=False)
        return
    if file is None:
        raise click.UsageError(phrase("roster_no_file", lang))
    settings, faults = load(), Faults()
    with opened(settings, lang) as database:
        content = make_contents(settings, database).current
        try:
            found = read_roster(file, tuple(content.directory.partners), faults)
        except OSError as error:
            raise click.UsageError(phrase("unreadable", lang, reason=error.strerror or "")) from None
        with (database.reading if dry_run or faults.errors else database.writing)() as tx:
            planned = roster.plan(tx, found, file.name, faults)
            invited = 0 if dry_run or faults.errors else roster.carry_out(content, tx, planned)
    if as_json:
        print_json(_data(found, planned, faults, lang, dry_run=dry_run, invited=invited))
    else:
        _print(found, planned, faults, lang, dry_run=dry_run, invited=invited)
    raise SystemExit(1 if faults.errors else 0)


def example_file() -> str:
    """A file to fill in. The mark in front is what tells a spreadsheet that it is UTF-8."""
    head = [heading(column) for column in COLUMNS if column != "pin"]
    return "\ufeff" + "".join(";".join(line) + "\r\n" for line in (head, *_EXAMPLE))


def masked(number: str) -> str:
    """What is shown of a number: its last two digits."""
    return f"...{number[-2:]}"


def _rows(found: Roster, planned: Sequence[Planned], faults: Faults) -> list[dict[str, object]]:
    """Each line in order, those with a mistake too. Mistakes that need the members themselves are on lines that could be read."""
    wrong = {fault.line for fault in faults.errors}
    rows: list[dict[str, object]] = [{"line": line, "fate": "fault"} for line in found.faulty]
    for one in planned:
        entry = one.entry
        row: dict[str, object] = {
            "line": entry.line,
            "fate": "fault" if entry.line in wrong else one.fate,
            "partner": entry.partner,
            "channel": entry.address.channel,
            "phone": masked(entry.address.value),
            "role": entry.role,
            "changes": list(one.changes) if one.fate == "changed" else [],
        }
        rows.append(row)
    return sorted(rows, key=lambda row: int(str(row["line"])))


def _data(found: Roster, planned: Sequence[Planned], faults: Faults, lang: str | None, *, dry_run: bool, invited: int) -> dict[str, object]:
    rows = _rows(found, planned, faults)
    counts = Counter(str(row["fate"]) for row in rows)
    written = not dry_run and not faults.errors
    totals: dict[str, object] = {fate: counts[fate] for fate in _FATES}
    return {"dry_run": dry_run, "written": written, **totals, "invited": invited, "lines": rows, "faults": fault_data(faults.found, lang)}


def _print(found: Roster, planned: Sequence[Planned], faults: Faults, lang: str | None, *, dry_run: bool, invited: int) -> None:
    print_faults(faults.found, lang, err=True)
    rows = _rows(found, planned, faults)
    for row in rows if dry_run else ():
        changes = ", ".join(heading(column) for column in COLUMNS if column in list(_listed(row.get("changes"))))
        told = phrase(f"roster_{row['fate']}", lang) + (f" ({changes})" if changes else "")
        cells = (row["line"], row.get("partner", "-"), row.get("channel", "-"), row.get("phone", "-"), row.get("role") or "-")
        click.echo("{:>5}  {:<24}  {:<8}  {:<6}  {:<24}  {}".format(*cells, told))
    counts = Counter(str(row["fate"]) for row in rows)
    click.echo(phrase("roster_summary", lang, total=len(rows), **{fate: counts[fate] for fate in _FATES}))
    if faults.errors:
        click.echo(phrase("roster_refused", lang), err=True)
    else:
        click.echo(phrase("roster_dry", lang) if dry_run else phrase("roster_done", lang, count=invited))


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
