"""`dellusi flows`: what we say, checked and shown."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from bot.content.load import read_content
from bot.content.messages import LANGUAGES, describe
from bot.domain.errors import Fault
from bot.settings import PROJECT

FOLDER = click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=PROJECT,
    show_default="the project",
    help="The folder that holds flows/, config/ and nlu/.",
)
LANGUAGE = click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the messages.  [default: the terminal's, else French]")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@click.group()
def flows() -> None:
    """Check, show, test and publish what we say."""


@flows.command()
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
    found = sorted(faults.found, key=lambda fault: (fault.severity != "error", fault.file, fault.line))
    errors = [fault for fault in found if fault.severity == "error"]
    if as_json:
        click.echo(json.dumps([asdict(fault) | {"sentence": describe(fault, lang)} for fault in found], ensure_ascii=False, indent=2))
    else:
        for fault in found:
            click.secho(describe(fault, lang), fg=_colour(fault))
        summary = {"fr": "{e} erreur(s), {w} avertissement(s).", "en": "{e} error(s), {w} warning(s)."}[lang or "fr"]
        click.echo(summary.format(e=len(errors), w=len(found) - len(errors)))
    raise SystemExit(1 if errors or (strict and found) else 0)


def _colour(fault: Fault) -> str:
    return "red" if fault.severity == "error" else "yellow"
