"""`dellusi flows diff`: what changed, in words."""

from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_json, usable
from bot.flowtools.differing import changes
from bot.flowtools.wording import phrase


@click.command()
@click.argument("before", type=click.Path(exists=True, file_okay=False, path_type=Path))
@FOLDER
@LANGUAGE
@AS_JSON
def diff(before: Path, content: Path, lang: str | None, *, as_json: bool) -> None:
    """Say in words what changed from the flows in the folder BEFORE (a copy of the project) to those on disk.

    \b
    Example: git worktree add /tmp/before v0.1.0 && dellusi flows diff /tmp/before
    Exit codes: 0 nothing changed, 1 something changed, 2 one of them is broken.
    """
    found = list(changes(usable(before, lang), usable(content, lang), lang))
    if as_json:
        print_json([asdict(change) | {"sentence": change.describe(lang)} for change in found])
    else:
        for change in found:
            click.echo(change.describe(lang))
        click.echo(phrase("diff_summary", lang, count=len(found)))
    raise SystemExit(1 if found else 0)
