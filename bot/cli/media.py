"""`dellusi media`: the files that people sent, for staff. Whoever opens one leaves a line."""

import getpass
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click

from bot.cli.flows_options import AS_JSON, LANGUAGE, print_json
from bot.cli.flows_publish import opened
from bot.domain.media import MediaState, ending_of
from bot.flowtools.wording import phrase
from bot.settings import load
from bot.storage import media as files
from bot.storage.database import Transaction
from bot.storage.vault import Unsealable

BY = click.option("--by", default=getpass.getuser, show_default="who is logged in", help="Who does it, for the record.")
_ID = 8


@click.group()
def media() -> None:
    """Voice notes, pictures and documents that people sent: list, play (or open) and drop them.

    They are kept sealed for BOT_MEDIA_DAYS days and then deleted. Each opening is on record with its day and its name.

    \b
    Example: dellusi media list
    """


@media.command("list")
@LANGUAGE
@AS_JSON
@click.option("--all", "everything", is_flag=True, help="Also what was refused, lost or deleted.")
def list_(lang: str | None, *, as_json: bool, everything: bool) -> None:
    """List the files that are here or still to be fetched, newest first.

    \b
    Example: dellusi media list --all --json
    Exit codes: 0 listed, 2 wrong use or the database does not answer.
    """
    with opened(load(), lang) as database:
        with database.reading() as tx:
            found = files.listed(tx, everything=everything)
        if as_json:
            print_json([asdict(one) | {"id": str(one.id), "created_at": one.created_at.isoformat()} for one in found])
            return
        for one in found:
            click.echo(_line(one, lang))
        if not found:
            click.echo(phrase("media_none", lang))


@media.command()
@click.argument("file_id", metavar="ID")
@LANGUAGE
@BY
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.  [default: ID and its ending, here]")
def play(file_id: str, lang: str | None, by: str, to: Path | None) -> None:
    """Write the file ID where you can listen to it or look at it; only you may read it there. Delete it afterwards.

    ID is the beginning of an id in `dellusi media list`. The record says who opened which file and when.

    \b
    Example: dellusi media play 3f2a81c0 --by Fatou --to /tmp/note.ogg
    Exit codes: 0 written, 1 the file is not here, 2 wrong use or the database does not answer.
    """
    with opened(load(), lang) as database:
        with database.writing() as tx:
            media_id, content_type, state = _one(tx, file_id, lang)
            try:
                content = files.open_content(tx, media_id, by)
            except Unsealable:
                click.echo(phrase("media_unsealable", lang, id=file_id), err=True)
                raise SystemExit(1) from None
        # The line about the opening is committed before anybody sees the content.
        if content is None:
            click.echo(phrase("media_not_here", lang, id=file_id, state=_state(state, lang)), err=True)
            raise SystemExit(1)
        path = to or Path(f"{str(media_id)[:_ID]}.{ending_of(content_type)}")
        _write(path, content, lang)
        click.echo(phrase("media_written", lang, path=path))


@media.command()
@click.argument("file_id", metavar="ID")
@LANGUAGE
@BY
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop(file_id: str, lang: str | None, by: str, *, yes: bool) -> None:
    """Delete the file ID now, here and at the provider. It cannot be brought back.

    \b
    Example: dellusi media drop 3f2a81c0 --by Fatou --yes
    Exit codes: 0 deleted, 1 there is nothing to delete, 2 wrong use or the database does not answer.
    """
    with opened(load(), lang) as database:
        with database.reading() as tx:
            media_id, _, state = _one(tx, file_id, lang)
        if not yes:
            click.confirm(phrase("media_confirm", lang, id=file_id), abort=True, err=True)
        with database.writing() as tx:
            dropped = files.drop(tx, media_id, by)
        code = "media_deleted" if dropped else "media_not_here"
        click.echo(phrase(code, lang, id=file_id, state=_state(state, lang)), err=not dropped)
    raise SystemExit(0 if dropped else 1)


@media.command()
@LANGUAGE
@AS_JSON
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many lines, the newest first.")
def log(lang: str | None, limit: int, *, as_json: bool) -> None:
    """Show who opened or deleted which file, and when.

    \b
    Example: dellusi media log --limit 20
    Exit codes: 0 shown, 2 wrong use or the database does not answer.
    """
    with opened(load(), lang) as database, database.reading() as tx:
        found = files.log_of(tx, limit)
    if as_json:
        print_json([asdict(one) | {"media_id": str(one.media_id), "at": one.at.isoformat()} for one in found])
        return
    for one in found:
        event = phrase(f"media_event_{one.event}", lang)
        click.echo(f"{one.at:%Y-%m-%d %H:%M}  {str(one.media_id)[:_ID]}  {event}  {one.by}")
    if not found:
        click.echo(phrase("media_none", lang))


def _one(tx: Transaction, beginning: str, lang: str | None) -> tuple[UUID, str, MediaState]:
    found = files.starting_with(tx, beginning) if len(beginning) >= _ID else []
    if len(found) != 1:
        raise click.UsageError(phrase("media_ambiguous_id" if found else "media_unknown_id", lang, id=beginning))
    return found[0]


def _line(one: files.Listed, lang: str | None) -> str:
    size = phrase("media_size", lang, count=max(1, round(one.size / 1024))) if one.size else "-"
    state = _state(one.state, lang) + (f" ({one.reason})" if one.reason else "")
    times = phrase("media_times_opened", lang, count=one.opened)
    return f"{str(one.id)[:_ID]}  {one.created_at:%Y-%m-%d %H:%M}  {one.kind:<12}  {size:>8}  {state}  {one.code or '-'}  {times}"


def _state(state: str, lang: str | None) -> str:
    return phrase(f"media_state_{state}", lang)


def _write(path: Path, content: bytes, lang: str | None) -> None:
    """Readable by its owner alone, and never over another file."""
    opener: Callable[[str, int], int] = lambda name, flags: os.open(name, flags, 0o600)  # noqa: E731
    try:
        with open(path, "xb", opener=opener) as out:
            out.write(content)
    except OSError as error:
        click.echo(phrase("media_cannot_write", lang, path=path, reason=error.strerror), err=True)
        raise SystemExit(2) from None
