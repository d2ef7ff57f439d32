"""Options that every command about flows takes, and how their findings are printed."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from bot.content import Content
from bot.content.load import load_content
from bot.content.messages import LANGUAGES, describe
from bot.domain.errors import ContentError, Fault
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


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Errors first, then by file and line."""
    return sorted(faults, key=lambda fault: (fault.severity != "error", fault.file, fault.line))


def print_faults(faults: Iterable[Fault], lang: str | None, *, err: bool = False) -> None:
    """One line a mistake, coloured on a terminal."""
    for fault in in_order(faults):
        click.secho(describe(fault, lang), fg="red" if fault.severity == "error" else "yellow", err=err)


def fault_data(faults: Iterable[Fault], lang: str | None) -> list[dict[str, object]]:
    """Faults for machines."""
    return [asdict(fault) | {"sentence": describe(fault, lang)} for fault in in_order(faults)]


def print_json(data: object) -> None:
    """Data for machines."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def usable(folder: Path, lang: str | None) -> Content:
    """The content of the folder. Broken content is told, every mistake of it, and the command ends with code 2."""
    try:
        return load_content(folder)
    except ContentError as error:
        print_faults(error.faults, lang, err=True)
        raise SystemExit(2) from None
