"""`dellusi faults`: every trouble of the provider at every step of a conversation, against a running service."""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict

import click

from bot.bootstrap import make_database
from bot.cli.flows_options import AS_JSON, print_json
from bot.domain.errors import Unavailable
from bot.faults.box import Box
from bot.faults.kinds import KINDS, STEPS
from bot.faults.matrix import Matrix, Outcome, table
from bot.faults.service import NotStarted, started
from bot.faults.talk import Cell
from bot.sandbox.remote import Unreachable
from bot.settings import load
from bot.storage import proof
from bot.storage.database import Database
from bot.supervisor.environment import inherited

_NAMES = [kind.name for kind in KINDS]


@click.group()
def faults() -> None:
    """What happens when the provider or the network has trouble."""


@faults.command()
@click.option("--url", help="The sandbox of a running service, with its settings in the environment.  [default: start one]")
@click.option("--seed", type=click.IntRange(0, 2**31), help="Plays the same cells with the same phones again.  [default: by chance]")
@click.option("--only", "names", multiple=True, metavar="WORDS", help="Only troubles whose name has these words; may be repeated.")
@click.option("--step", "steps", multiple=True, type=click.Choice(STEPS), help="Only this step; may be repeated.")
@click.option("--at-once", type=click.IntRange(1, 64), default=24, show_default=True, help="Conversations side by side.")
@click.option("--patience", type=click.FloatRange(1), default=110.0, show_default=True, help="Seconds that an answer may take.")
@AS_JSON
def run(
    url: str | None, seed: int | None, names: tuple[str, ...], steps: tuple[str, ...], at_once: int, patience: float, *, as_json: bool
) -> None:
    """Play each trouble at each step of a conversation with referral, and count what came of it.

    In every cell a phone goes the whole way: greeting, need, intake, consent, questions, referral; the caseworker gets the notice and
    takes it, and the person is told. There must be one intake, one referral, one notice and one reply to each message, and nothing lost.
    The table has the seconds from the message until the answer was there. A service is started for it, without the
    understanding of free text, and stopped afterwards; it takes less than five minutes.

    \b
    Examples:
      dellusi faults run
      dellusi faults run --only 429 --only "took it" --step referral --step notice
      dellusi faults run --seed 7 --json > faults.json
      . .run/environment.sh && dellusi faults run --url http://127.0.0.1:8008

    \b
    A service that runs already has limits for each person (BOT_PERSON_...): caseworkers are written to more often than they
    allow, so set them to 0 there.
    Exit codes: 0 every cell is as it must be, 1 one is not, 2 no service, or wrong use.
    """
    chosen = [kind for kind in KINDS if not names or any(name.casefold() in kind.name.casefold() for name in names)]
    if names and not chosen:
        raise click.UsageError("no such trouble; there are: " + ", ".join(_NAMES))
    seed = random.randrange(10_000) if seed is None else seed
    click.echo(f"seed {seed}", err=True)
    try:
        with _service(url, patience) as (box, settings):
            database = make_database(load(settings))
            try:
                matrix = Matrix(box, lambda sids: _count(database, sids), seed, at_once)
                outcome = matrix.play(chosen, steps or STEPS, _told if sys.stderr.isatty() else lambda _: None)
            finally:
                database.close()
    except NotStarted as problem:
        raise click.ClickException(f"The service did not start:\n{problem}") from None
    except (Unreachable, Unavailable):
        click.echo(f"No sandbox or no database answers ({url or 'our own service'}). Start a service: `dellusi run`.", err=True)
        raise SystemExit(2) from None
    _show(outcome, as_json=as_json)
    raise SystemExit(1 if outcome.bad else 0)


@contextmanager
def _service(url: str | None, patience: float) -> Iterator[tuple[Box, dict[str, str]]]:
    with started(inherited(), "--no-nlu") if url is None else nullcontext() as own:
        box = Box(own.sandbox if own else str(url), patience)
        box.listen()
        try:
            yield box, own.variables if own else inherited()
        finally:
            box.close()


def _count(database: Database, sids: list[str]) -> proof.Proof:
    with database.reading() as tx:
        return proof.count(tx, sids)


def _told(cell: Cell) -> None:
    click.echo(f"{'wrong' if cell.problem else 'good':6}{cell.seconds:6.1f} s  {cell.kind} / {cell.step} / {cell.channel}", err=True)


def _show(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        cells = [asdict(cell) for cell in outcome.cells]
        print_json({"seed": outcome.seed, "seconds": round(outcome.seconds, 1), "failed": len(outcome.bad), "cells": cells})
        return
    click.echo(table(outcome))
    click.echo(f"\n{len(outcome.cells)} cells, {len(outcome.bad)} wrong, {outcome.seconds:.0f} s, seed {outcome.seed}")
