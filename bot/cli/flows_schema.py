"""`dellusi flows schema`: completion and checking in editors."""

import json
from pathlib import Path

import click

from bot.cli.flows_options import FOLDER, LANGUAGE, usable
from bot.content import Content
from bot.flowtools.schema import Names, schema
from bot.flowtools.wording import phrase

FILES = {"flow": "flow.schema.json", "form": "form.schema.json"}


@click.command("schema")
@FOLDER
@LANGUAGE
@click.option("--check", "only_check", is_flag=True, help="Change nothing; end with 1 when a file is out of date.")
def schema_command(content: Path, lang: str | None, *, only_check: bool) -> None:
    """Write flows/flow.schema.json and flows/form.schema.json, which editors use to complete and check while you type.

    \b
    The first line of a flow tells the editor (VS Code with the YAML extension, IntelliJ, Neovim):
      # yaml-language-server: $schema=flow.schema.json
    and that of a form:
      # yaml-language-server: $schema=../form.schema.json
    Exit codes: 0 up to date or written, 1 with --check: out of date, 2 the content is broken.
    """
    made = schemas(usable(content, lang))
    stale = [name for name, text in made.items() if _read(content / "flows" / name) != text]
    for name in stale:
        if not only_check:
            (content / "flows" / name).write_text(made[name], encoding="utf-8")
        click.echo(phrase("schema_stale" if only_check else "schema_written", lang, file=f"flows/{name}"))
    raise SystemExit(1 if only_check and stale else 0)


def schemas(content: Content) -> dict[str, str]:
    """File name -> text, explained in French: the language of those who write flows."""
    names = Names(content.intents, content.entities, content.catalogues.languages)
    return {file: json.dumps(schema(part, names, "fr"), ensure_ascii=False, indent=2) + "\n" for part, file in FILES.items()}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
