"""`dellusi incidents`: what needs an admin."""

import getpass
from uuid import UUID

import click

from bot.cli.flows_options import AS_JSON, LANGUAGE, print_json
from bot.cli.flows_publish import opened
from bot.flowtools.wording import phrase
from bot.pipeline.watching import sentence
from bot.settings import load
from bot.storage import incidents as store
from bot.storage.database import Transaction
from bot.storage.incidents import IncidentRow

_SHORT, _LEAST = 8, 4


@click.group()
def incidents() -> None:
    """What needs an admin: a sender that is refused, a template that Meta rejected, work that waits too long.

    With BOT_ADMIN_ADDRESSES a text says so at once, and once a day while it goes on.
    """


@incidents.command(name="list")
@click.option("--closed", is_flag=True, help="Also what is over.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many, the latest first.")
@LANGUAGE
@AS_JSON
def list_(limit: int, lang: str | None, *, closed: bool, as_json: bool) -> None:
    """List what is open.

    \b
    Examples:
      dellusi incidents list
      dellusi incidents list --closed --json
    Exit codes: 0 nothing is open, 1 something is, 2 wrong use or the database does not answer.
    """
    with opened(load(), lang) as database, database.reading() as tx:
        matters = store.listed(tx, closed=closed, limit=limit)
    if as_json:
        print_json([_data(matter, lang) for matter in matters])
    elif not matters:
        click.echo(phrase("incidents_none", lang))
    else:
        for matter in matters:
            click.echo(_line(matter, lang))
    raise SystemExit(1 if any(matter.closed_at is None for matter in matters) else 0)


@incidents.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--by", default=getpass.getuser, show_default="who is logged in", help="Who dealt with it, for the record.")
@LANGUAGE
@AS_JSON
def close(ids: tuple[str, ...], by: str, lang: str | None, *, as_json: bool) -> None:
    """Say that something is dealt with. It opens again when it happens again.

    \b
    Example:
      dellusi incidents close 3f2a81c0 --by Fatou
    """
    with opened(load(), lang) as database, database.writing() as tx:
        count = store.close(tx, [_one(tx, beginning, lang) for beginning in ids], by)
    if as_json:
        print_json({"closed": count})
    else:
        click.echo(phrase("incidents_closed", lang, count=count))


def _one(tx: Transaction, beginning: str, lang: str | None) -> UUID:
    if len(beginning) < _LEAST:
        raise click.UsageError(phrase("id_short", lang, id=beginning))
    found = store.starting_with(tx, beginning.lower())
    if len(found) != 1:
        raise click.UsageError(phrase("id_ambiguous" if found else "id_unknown", lang, id=beginning))
    return found[0]


def _line(matter: IncidentRow, lang: str | None) -> str:
    code = "incidents_line" if matter.closed_at is None else "incidents_closed_line"
    last = f"{matter.last_at:%Y-%m-%d %H:%M}"
    return phrase(code, lang, id=str(matter.id)[:_SHORT], last=last, by=matter.closed_by, sentence=sentence(matter, lang))


def _data(matter: IncidentRow, lang: str | None) -> dict[str, object]:
    moments = ("first_at", "last_at", "told_at", "closed_at")
    return {
        "id": str(matter.id),
        "kind": matter.kind,
        "subject": matter.subject,
        "code": matter.code,
        "times": matter.times,
        "sentence": sentence(matter, lang),
        "closed_by": matter.closed_by,
        **{name: at.isoformat() if (at := getattr(matter, name)) else None for name in moments},
    }
