"""`dellusi nlu`: the commands of the understanding service, in its own environment; review and export, on the database, in ours."""

import os
from importlib import import_module
from pathlib import Path

import click

from bot.settings import PROJECT
from bot.supervisor import environment

# What needs the database and its keys, which the understanding service never gets.
OWN = {"review": "bot.cli.nlu_review", "export": "bot.cli.nlu_export"}


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def nlu(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Train, evaluate and serve what we hear; review what was not understood."""
    if arguments and arguments[0] in OWN:
        _run_own(ctx, arguments[0], arguments[1:])
        return
    if not arguments or arguments[0] in ("-h", "--help"):
        from bot.cli.nlu_words import say

        click.echo(say("own_commands"))
    folder = PROJECT / "nlu"
    python = folder / ".venv" / "bin" / "python"
    if not python.exists():
        click.echo(f"The understanding service is not installed ({python} is missing). Run `make setup` first.", err=True)
        ctx.exit(2)
    command = (str(python), "-m", "training", *map(_from_here, arguments or ("--help",)))
    os.chdir(folder)
    os.execve(command[0], command, environment.for_nlu(environment.inherited()))  # noqa: S606


def _run_own(ctx: click.Context, name: str, arguments: tuple[str, ...]) -> None:
    command: click.Command = getattr(import_module(OWN[name]), name)
    settings = {"help_option_names": ["-h", "--help"]}
    with command.make_context(f"nlu {name}", list(arguments), parent=ctx.parent, **settings) as own:
        command.invoke(own)


def _from_here(argument: str) -> str:
    """An argument that names an existing file is made absolute: the command runs in another folder."""
    return str(Path(argument).resolve()) if "/" in argument and not argument.startswith("-") and Path(argument).exists() else argument
