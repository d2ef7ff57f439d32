"""`dellusi flows publish | rollback | versions`: which version new conversations begin with, and what becomes of those that wait."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from bot.bootstrap import make_database
from bot.cli.asking import agreed
from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_faults, print_json
from bot.content import Content
from bot.content.load import load_around
from bot.content.reading import Faults, nearest
from bot.domain.errors import ContentError, Fault, Unavailable
from bot.engine.definition import FlowSet
from bot.flowtools.catalogues import check_catalogues, read_files
from bot.flowtools.costs import STEP_BUDGET, Prices, check_costs
from bot.flowtools.pathcosts import PATH_BUDGET, PathCosts, check_paths
from bot.flowtools.voices import check_voices
from bot.flowtools.wording import phrase
from bot.publishing import signing, versions
from bot.publishing.plan import Choice, Fate, Row, table
from bot.settings import Settings, load
from bot.storage.database import Database

AUTHOR = click.option("--author", default=getpass.getuser, show_default="who is logged in", help="Who publishes, for the record.")
NOTE = click.option("--note", default="", help="Why, for the record.")


@contextmanager
def opened(settings: Settings, lang: str | None) -> Iterator[Database]:
    """The database of the service. One that is away is told, and the command ends with code 2."""
    database = make_database(settings)
    try:
        yield database
    except Unavailable:
        click.echo(phrase("publish_database_away", lang), err=True)
        raise SystemExit(2) from None
    finally:
        database.close()


@click.command()
@FOLDER
@LANGUAGE
@AS_JSON
@AUTHOR
@NOTE
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--move", "moves", multiple=True, metavar="OLD=NEW", help="A step's new name: flow.step=flow.step, or flow=flow.")
@click.option("--move-all", is_flag=True, help="Move every waiting conversation whose step exists or has a new name.")
@click.option("--require-signatures", is_flag=True, help="Refuse changed paths that nobody signed (dellusi flows sign).")
@click.option("--yes", is_flag=True, help="Do not ask before publishing.")
def publish(
    content: Path,
    lang: str | None,
    author: str,
    note: str,
    moves: tuple[str, ...],
    *,
    as_json: bool,
    dry_run: bool,
    move_all: bool,
    require_signatures: bool,
    yes: bool,
) -> None:
    """Make the flows on disk the version that new conversations begin with. The service takes it up within seconds.

    Whoever waits in the middle of a conversation ends it on the version that they began with, unless you move them. Nobody is asked
    again for what they have answered, and nobody is left where there is no way on: publishing refuses first.

    \b
    Examples:
      dellusi flows publish --dry-run
      dellusi flows publish --note "Hotline of the ministry added"
      dellusi flows publish --move register.consent=register.agreement --move-all
    Exit codes: 0 published (or could be), 1 mistakes, missing signatures or people without a way on, 2 wrong use.
    """
    settings = load()
    made = _draft(content, settings, lang)
    choice = Choice(_map(moves, made.content.flows, lang), move_all)
    with opened(settings, lang) as database:
        active, fates = versions.dry_run(database, made, choice)
        unsigned = _unsigned(database, made, active) if require_signatures else 0
        stranded = sum(fate.outcome == "needs_map" for fate in fates)
        same = active == made.version and not (moves or move_all)
        go = not (dry_run or same or stranded or unsigned)
        if not as_json:
            _show(made.version, active, table(fates), lang)
            _refusals(stranded, unsigned, lang)
            if same:
                click.echo(phrase("publish_same", lang, version=made.version))
        if go:
            if not yes:
                agreed(phrase("publish_confirm", lang, version=made.version))
            fates = _publish(database, made, choice, author, note, lang)
            if not as_json:
                click.echo(phrase("publish_done", lang, version=made.version, count=sum(fate.landing is not None for fate in fates)))
        if as_json:
            print_json(_data(made.version, active, fates, unsigned, published=go))
    raise SystemExit(1 if stranded or unsigned else 0)


def _draft(content: Path, settings: Settings, lang: str | None) -> versions.Draft:
    """The draft, after every check that `flows check` makes of mistakes."""
    made, faults = versions.draft(content, home=settings.region, sandbox=settings.sandbox)
    errors = [fault for fault in faults if fault.severity == "error"]
    if made is not None:
        errors += [fault for fault in _more_faults(made.content, content) if fault.severity == "error"]
    if made is None or errors:
        print_faults(errors, lang, err=True)
        click.echo(phrase("publish_refused", lang, count=len(errors)), err=True)
        raise SystemExit(1)
    return made


def _more_faults(loaded: Content, folder: Path) -> list[Fault]:
    prices = Prices(loaded)
    found = [*check_catalogues(loaded, read_files(folder)), *check_costs(loaded, STEP_BUDGET, prices)]
    found += check_voices(loaded, folder)
    return [*found, *check_paths(loaded, PathCosts(loaded, prices), PATH_BUDGET)]


def _publish(database: Database, made: versions.Draft, choice: Choice, author: str, note: str, lang: str | None) -> list[Fate]:
    try:
        return versions.publish(database, made, choice, author, note)
    except versions.Stranded as error:
        _refusals(sum(fate.outcome == "needs_map" for fate in error.fates), 0, lang)
        raise SystemExit(1) from None


def _map(moves: tuple[str, ...], flows: FlowSet, lang: str | None) -> dict[str, str]:
    """The new names of steps. A name that the draft does not have is told with the nearest one."""
    nodes = [f"{flow.name}.{name}" for flow in flows.flows.values() for name in flow.nodes]
    nodes += [f"{form.name}.{asked.name}" for form in flows.forms.values() for asked in form.questions]
    found: dict[str, str] = {}
    for move in moves:
        old, separator, new = (part.strip() for part in move.partition("="))
        known = nodes if "." in old else [*flows.flows, *flows.forms]
        if not separator or not old or new not in known:
            hint = nearest(new, known)
            told = phrase("publish_bad_move", lang, move=move) + (" " + phrase("hint", lang, hint=hint) if hint else "")
            click.echo(told, err=True)
            raise SystemExit(2)
        found[old] = new
    return found


def _unsigned(database: Database, made: versions.Draft, active: str | None) -> int:
    with database.reading() as tx:
        shown = versions.stored_content(tx, made.beside, active) if active else None
        return len(signing.unsigned(tx, made.content, shown))


def _refusals(stranded: int, unsigned: int, lang: str | None) -> None:
    if stranded:
        click.secho(phrase("publish_needs_map", lang, count=stranded), fg="red", err=True)
    if unsigned:
        click.secho(phrase("publish_unsigned", lang, count=unsigned), fg="red", err=True)


def _show(version: str, active: str | None, rows: list[Row], lang: str | None) -> None:
    from rich.console import Console
    from rich.table import Table

    click.echo(phrase("publish_head", lang, version=version, active=active or phrase("publish_files", lang)))
    if not rows:
        click.echo(phrase("publish_nobody", lang))
        return
    shown = Table()
    for column in ("step", "waiting", "outcome", "to"):
        shown.add_column(phrase(f"publish_column_{column}", lang), justify="right" if column == "waiting" else "left", overflow="fold")
    for row in rows:
        code = "publish_row_needs_map" if row.outcome == "needs_map" else f"publish_{row.outcome}"
        outcome = phrase(code, lang) + (f" ({phrase(f'publish_why_{row.why}', lang)})" if row.why else "")
        shown.add_row(f"{row.flow}.{row.node}".strip("."), str(row.waiting), outcome, row.to)
    Console().print(shown)


def _data(version: str, active: str | None, fates: list[Fate], unsigned: int, *, published: bool) -> dict[str, object]:
    rows = [asdict(row) for row in table(fates)]
    return {"version": version, "active": active, "published": published, "unsigned": unsigned, "waiting": rows}


@click.command()
@click.argument("version", required=False)
@FOLDER
@LANGUAGE
@AUTHOR
@NOTE
def rollback(version: str | None, content: Path, lang: str | None, author: str, note: str) -> None:
    """Make the version before the active one, or VERSION, active again.

    Conversations stay as they are. Those that the undone publication moved, and whose people wrote nothing since, are put back
    exactly as they were.

    \b
    Examples:
      dellusi flows rollback
      dellusi flows rollback 3f2a --note "The new question confused people"
    Exit codes: 0 done, 1 the version can no longer be used, 2 there is no such version.
    """
    settings = load()
    beside = load_around(content, Faults(), home=settings.region, sandbox=settings.sandbox)
    with opened(settings, lang) as database:
        try:
            target, back = versions.rollback(database, beside, version, author, note)
        except versions.UnknownVersion:
            click.echo(phrase("rollback_unknown", lang, version=version) if version else phrase("rollback_nothing", lang), err=True)
            raise SystemExit(2) from None
        except ContentError as error:
            faults: list[Fault] = error.faults
            print_faults(faults, lang, err=True)
            raise SystemExit(1) from None
    click.echo(phrase("rollback_done", lang, version=target, count=back))


@click.command("versions")
@LANGUAGE
@AS_JSON
def versions_command(lang: str | None, *, as_json: bool) -> None:
    """List the stored versions: name, when, who, why, whether active, and how many conversations wait on each.

    \b
    Examples:
      dellusi flows versions
      dellusi flows versions --json
    Exit codes: 0 listed, 2 the database does not answer.
    """
    with opened(load(), lang) as database:
        stored, elsewhere = versions.listed(database)
    if as_json:
        print_json([asdict(one) | {"last": _last(one)} for one in stored])
        return
    for one in stored:
        mark = "*" if one.active else " "
        what = f"{one.last.at:%Y-%m-%d %H:%M} UTC  {one.last.author}  {one.last.note}" if one.last else phrase("versions_from_files", lang)
        click.secho(f"{mark} {one.version}  {phrase('versions_waiting', lang, count=one.waiting)}  {what}".rstrip(), bold=one.active)
    if not any(one.active for one in stored):
        click.echo(phrase("versions_none", lang))
    if elsewhere:
        click.echo(phrase("versions_elsewhere", lang, count=elsewhere))


def _last(one: versions.Stored) -> dict[str, object] | None:
    return asdict(one.last) | {"at": one.last.at.isoformat()} if one.last else None
