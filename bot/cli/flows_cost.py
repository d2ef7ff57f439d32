"""`dellusi flows cost`: what our replies cost, and what our way of sending them saves."""

from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_faults, print_json, usable
from bot.content import Content
from bot.content.reading import Faults
from bot.flowtools.replycosts import reply_costs, transcript
from bot.flowtools.scripts import Script, read_scripts
from bot.flowtools.wording import phrase

INTAKE, PAGE = "flows/tests/intake_wo.yml", "docs/intake-wo.md"


@click.command()
@FOLDER
@LANGUAGE
@AS_JSON
@click.option("--write", "writing", is_flag=True, help=f"Write the whole intake in Wolof to {PAGE}.")
def cost(content: Path, lang: str | None, *, as_json: bool, writing: bool) -> None:
    """Count the SMS of every reply in the conversations of flows/tests/, beside the same texts sent as they are.

    \b
    Example: dellusi flows cost --lang en
    Exit codes: 0 counted, 2 a file is broken.
    """
    loaded = usable(content, lang)
    costs = list(reply_costs(loaded, _scripts(content, loaded, "*.yml", lang)))
    if writing:
        (script,) = _scripts(content, loaded, Path(INTAKE).name, lang)
        (content / PAGE).write_text(transcript(loaded, script), encoding="utf-8")
    if as_json:
        print_json([asdict(one) for one in costs])
        return
    for one in costs:
        click.echo(phrase("reply_cost", lang, **asdict(one)))
    if writing:
        click.echo(phrase("schema_written", lang, file=PAGE))


def _scripts(folder: Path, loaded: Content, pattern: str, lang: str | None) -> list[Script]:
    faults = Faults()
    found = read_scripts(sorted((folder / "flows" / "tests").glob(pattern)), folder, loaded, faults)
    if faults.errors:
        print_faults(faults.found, lang, err=True)
        raise SystemExit(2)
    return found
