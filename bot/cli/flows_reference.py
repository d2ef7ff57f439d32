"""`dellusi flows reference`: the part of the guides that is written from the code."""

from pathlib import Path

import click

from bot.cli.flows_options import FOLDER, LANGUAGE, usable
from bot.flowtools.reference import insert, reference
from bot.flowtools.wording import phrase

GUIDES = {"fr": "docs/flows.fr.md", "en": "docs/flows.md"}


@click.command("reference")
@FOLDER
@LANGUAGE
@click.option("--print", "printing", is_flag=True, help="Print it instead, in the language of --lang.")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; end with 1 when a guide is out of date.")
def reference_command(content: Path, lang: str | None, *, printing: bool, only_check: bool) -> None:
    """Write the reference into docs/flows.fr.md and docs/flows.md.

    \b
    Exit codes: 0 written or up to date, 1 with --check: out of date, 2 the content is broken.
    """
    from bot.cli.flows import COMMANDS

    loaded = usable(content, lang)
    made = {
        language: reference(loaded, {name: phrase(f"doc_command_{name}", language) for name in COMMANDS}, language) for language in GUIDES
    }
    if printing:
        click.echo(made[lang or "fr"])
        return
    stale = 0
    for language, name in GUIDES.items():
        path = content / name
        text = path.read_text(encoding="utf-8")
        new = insert(text, made[language])
        stale += new != text
        if new != text and not only_check:
            path.write_text(new, encoding="utf-8")
        if new != text:
            click.echo(phrase("reference_stale" if only_check else "schema_written", lang, file=name))
    raise SystemExit(1 if only_check and stale else 0)
