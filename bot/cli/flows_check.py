"""`dellusi flows check`: every mistake of every file, at once."""

from pathlib import Path

import click

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, fault_data, print_faults, print_json
from bot.content.load import read_content
from bot.flowtools.wording import phrase


@click.command()
@FOLDER
@LANGUAGE
@AS_JSON
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
def check(content: Path, lang: str | None, *, as_json: bool, strict: bool) -> None:
    """Check every flow, form and catalogue. Names file, line and key of each mistake, and the likely fix.

    \b
    Exit codes: 0 nothing wrong, 1 mistakes were found, 2 the command was used wrongly.
    """
    _, faults = read_content(content)
    errors = len(faults.errors)
    if as_json:
        print_json(fault_data(faults.found, lang))
    else:
        print_faults(faults.found, lang)
        click.echo(phrase("check_summary", lang, e=errors, w=len(faults.found) - errors))
    raise SystemExit(1 if errors or (strict and faults.found) else 0)
