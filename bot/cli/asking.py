"""Asking an admin before something that cannot be taken back, in words of either language."""

import click

_YES = frozenset({"o", "oui", "y", "yes"})


def agreed(question: str) -> None:
    """Go on only after a yes. Everything else, and Enter alone, ends the command with code 1."""
    answer = click.prompt(f"{question} [oui/yes]", default="", show_default=False, err=True)
    if str(answer).strip().lower() not in _YES:
        raise click.Abort
