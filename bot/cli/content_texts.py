"""`dellusi content sources` and `dellusi content texts`: where what we say comes from, and how it reads side by side."""

from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_json, usable
from bot.flowtools.catalogues import read_files
from bot.flowtools.facts import facts, untraced
from bot.flowtools.sidebyside import side_by_side
from bot.flowtools.wording import phrase

TABLE = "docs/texts.md"


@click.command()
@FOLDER
@LANGUAGE
@AS_JSON
def sources(content: Path, lang: str | None, *, as_json: bool) -> None:
    """Say on what every told fact rests: text, entry of the directory, day it was checked, source.

    \b
    Example: dellusi content sources --json
    Exit codes: 0 every fact has an entry, 1 a text names something without one, 2 the content is broken.
    """
    loaded = usable(content, lang)
    found, missing = list(facts(loaded)), list(untraced(loaded))
    if as_json:
        print_json({"facts": [asdict(fact) for fact in found], "untraced": [{"text": text, "names": name} for text, name in missing]})
        raise SystemExit(1 if missing else 0)
    for fact in found:
        click.echo(f"{fact.text}: {fact.kind} {fact.entry}  {fact.checked or '-'}")
        for source in fact.source:
            click.echo(f"    {source}")
    for text, name in missing:
        click.secho(phrase("untraced", lang, text=text, name=name), fg="red")
    raise SystemExit(1 if missing else 0)


@click.command()
@FOLDER
@LANGUAGE
@click.option("--write", "writing", is_flag=True, help=f"Write it to {TABLE}.")
@click.option("--check", "only_check", is_flag=True, help=f"Change nothing; end with 1 when {TABLE} is out of date.")
def texts(content: Path, lang: str | None, *, writing: bool, only_check: bool) -> None:
    """Show every text in every language side by side, with the state of its review.

    \b
    Example: dellusi content texts --write
    Exit codes: 0 shown, written or up to date, 1 with --check: out of date, 2 the content is broken.
    """
    table = side_by_side(usable(content, lang), read_files(content))
    path = content / TABLE
    if not (writing or only_check):
        click.echo(table, nl=False)
        return
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if table != old:
        if writing:
            path.write_text(table, encoding="utf-8")
        click.echo(phrase("schema_written" if writing else "reference_stale", lang, file=TABLE))
    raise SystemExit(1 if table != old and not writing else 0)
