"""`dellusi nlu`: the commands of the understanding service, in its own environment."""

import os
from pathlib import Path

import click

from bot.settings import PROJECT
from bot.supervisor import environment


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def nlu(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Train, evaluate and serve what we hear."""
    folder = PROJECT / "nlu"
    python = folder / ".venv" / "bin" / "python"
    if not python.exists():
        click.echo(f"The understanding service is not installed ({python} is missing). Run `make setup` first.", err=True)
        ctx.exit(2)
    command = (str(python), "-m", "training", *map(_from_here, arguments or ("--help",)))
    os.chdir(folder)
    os.execve(command[0], command, environment.for_nlu(environment.inherited()))  # noqa: S606


def _from_here(argument: str) -> str:
    """An argument that names an existing file is made absolute: the command runs in another folder."""
    return str(Path(argument).resolve()) if "/" in argument and not argument.startswith("-") and Path(argument).exists() else argument
