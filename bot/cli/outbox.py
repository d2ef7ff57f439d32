"""`dellusi outbox`: what failed, what is in doubt, what waits; to send it again or to give it up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import click

from bot import telemetry
from bot.channels.twilio_codes import sentence_of
from bot.cli.flows_options import AS_JSON, LANGUAGE, print_json
from bot.cli.flows_publish import opened
from bot.content.messages import LANGUAGES, sentences
from bot.flowtools.wording import phrase
from bot.settings import load, preferred_language
from bot.storage import dead_letters
from bot.storage.database import Database, Transaction
from bot.storage.dead_letters import STATES, STUCK, Letter

_SHORT, _LEAST = 8, 4
IDS = click.argument("ids", nargs=-1, metavar="[ID]...")
STATE = click.option(
    "--state", "states", multiple=True, type=click.Choice(STATES), help="Only these states.  [default: failed, unknown, parked]"
)
CODE = click.option("--code", help="Only what has this code, e.g. 21606 or expired.")


@click.group()
def outbox() -> None:
    """What is to be sent: what failed, what is in doubt, what waits. No text, no name and no number is ever shown.

    \b
    due        goes out next, or again later       unknown    in doubt: perhaps sent, the provider is asked
    parked     waits for the person to write       failed     will not be tried again by itself
    """


@outbox.command(name="list")
@STATE
@CODE
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many, the oldest first.")
@LANGUAGE
@AS_JSON
def list_(states: tuple[str, ...], code: str | None, limit: int, lang: str | None, *, as_json: bool) -> None:
    """List what does not go out by itself.

    \b
    Examples:
      dellusi outbox list
      dellusi outbox list --state failed --code 21606 --json
    Exit codes: 0 nothing is stuck, 1 something is, 2 wrong use or the database does not answer.
    """
    wanted = states or STUCK
    with opened(load(), lang) as database, database.reading() as tx:
        letters, counts = dead_letters.listed(tx, wanted, code, limit), dead_letters.count(tx, wanted, code)
    if as_json:
        print_json({"counts": counts, "rows": [_data(letter, lang) for letter in letters]})
    else:
        _print(letters, counts, limit, lang)
    raise SystemExit(1 if letters else 0)


@outbox.command()
@click.argument("id_", metavar="ID")
@LANGUAGE
@AS_JSON
def show(id_: str, lang: str | None, *, as_json: bool) -> None:
    """Show one row, and what its code means. ID may be shortened.

    \b
    Example:
      dellusi outbox show 3f2a81c0
    """
    with opened(load(), lang) as database, database.reading() as tx:
        letter = _one(tx, id_, lang)
    if as_json:
        print_json(_data(letter, lang))
        return
    moments = {name: _moment(getattr(letter, f"{name}_at")) for name in ("created", "due", "expires", "finished")}
    subject, node = letter.partner or letter.subject_id, letter.node or "-"
    said = {"state": letter.state, "kind": letter.kind, "channel": letter.channel, "code": letter.code or "-", "attempts": letter.attempts}
    click.echo(phrase("outbox_show", lang, id=letter.id, subject=subject, node=node, sentence=_sentence(letter, lang), **said, **moments))


@outbox.command()
@IDS
@CODE
@click.option("--all", "every", is_flag=True, help="Everything that failed.")
@click.option("--doubtful", is_flag=True, help="Also what is in doubt: the person may read it twice.")
@LANGUAGE
@AS_JSON
def retry(ids: tuple[str, ...], code: str | None, lang: str | None, *, every: bool, doubtful: bool, as_json: bool) -> None:
    """Send again, now. Who stopped us meanwhile still gets nothing.

    \b
    Examples:
      dellusi outbox retry 3f2a81c0
      dellusi outbox retry --code 21606      after the sender was repaired
    Exit codes: 0 all of them, 1 some were left alone, 2 wrong use.
    """
    with opened(load(), lang) as database:
        with database.writing() as tx:
            chosen = _chosen(tx, ids, code, lang, every=every, states=("failed",))
            done = dead_letters.retry(tx, chosen, doubtful=doubtful)
        telemetry.log().info("outbox_retried", count=done)
    _report("outbox_retried", done, len(chosen) - done, lang, as_json=as_json)


@outbox.command()
@IDS
@CODE
@click.option("--all", "every", is_flag=True, help="Everything that failed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@LANGUAGE
@AS_JSON
def drop(ids: tuple[str, ...], code: str | None, lang: str | None, *, every: bool, yes: bool, as_json: bool) -> None:
    """Give up: never send it, and take it from the list.

    \b
    Examples:
      dellusi outbox drop 3f2a81c0
      dellusi outbox drop --code 30005 --yes
    """
    with opened(load(), lang) as database:
        with database.reading() as tx:
            chosen = _chosen(tx, ids, code, lang, every=every, states=STUCK)
        if not yes and chosen:
            click.confirm(phrase("outbox_confirm_drop", lang, count=len(chosen)), abort=True, err=True)
        done = _drop(database, chosen)
    _report("outbox_dropped", done, len(chosen) - done, lang, as_json=as_json)


def _drop(database: Database, chosen: Sequence[UUID]) -> int:
    with database.writing() as tx:
        done = dead_letters.drop(tx, chosen)
    telemetry.log().info("outbox_dropped", count=done)
    return done


def _chosen(tx: Transaction, ids: Sequence[str], code: str | None, lang: str | None, *, every: bool, states: Sequence[str]) -> list[UUID]:
    if ids:
        return [_one(tx, beginning, lang).id for beginning in ids]
    if code is None and not every:
        raise click.UsageError(phrase("outbox_needs_ids", lang))
    return dead_letters.ids(tx, states, code)


def _one(tx: Transaction, beginning: str, lang: str | None) -> Letter:
    if len(beginning) < _LEAST:
        raise click.UsageError(phrase("id_short", lang, id=beginning))
    found = dead_letters.starting_with(tx, beginning)
    if len(found) != 1:
        raise click.UsageError(phrase("id_ambiguous" if found else "id_unknown", lang, id=beginning))
    return found[0]


def _report(code: str, done: int, left: int, lang: str | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"done": done, "left": left})
    else:
        click.echo(phrase(code, lang, count=done))
        if left:
            click.echo(phrase("outbox_not_retried", lang, count=left))
    raise SystemExit(1 if left else 0)


def _print(letters: Sequence[Letter], counts: dict[str, int], limit: int, lang: str | None) -> None:
    if not letters:
        click.echo(phrase("outbox_none", lang))
        return
    for letter in letters:
        said = {"state": letter.state, "kind": letter.kind, "channel": letter.channel, "attempts": letter.attempts}
        line = phrase("outbox_line", lang, id=str(letter.id)[:_SHORT], code=letter.code or "-", created=_moment(letter.created_at), **said)
        click.echo(f"{line}  {_sentence(letter, lang)}")
    rest = sum(counts.values()) - len(letters)
    if rest > 0:
        click.echo(phrase("outbox_more", lang, count=rest, limit=limit + rest))
    click.echo(phrase("outbox_states", lang, counts=", ".join(f"{state} {count}" for state, count in sorted(counts.items()))))


def _sentence(letter: Letter, lang: str | None) -> str:
    """What the code of a row means: ours, or the provider's."""
    language = lang or preferred_language(LANGUAGES)
    ours = sentences(language).get(f"outbox_code_{letter.code}")
    if letter.state == "unknown":
        return phrase("outbox_in_doubt", language)
    if not letter.code:
        return "-"
    return ours or sentence_of(letter.code, language) or phrase("outbox_no_sentence", language, code=letter.code)


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "-"


def _data(letter: Letter, lang: str | None) -> dict[str, object]:
    moments = {name: _iso(getattr(letter, name)) for name in ("created_at", "due_at", "expires_at", "finished_at")}
    return {
        "id": str(letter.id),
        "state": letter.state,
        "kind": letter.kind,
        "subject": str(letter.subject_id),
        "partner": letter.partner,
        "node": letter.node,
        "channel": letter.channel,
        "code": letter.code,
        "meaning": _sentence(letter, lang),
        "attempts": letter.attempts,
        **moments,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
