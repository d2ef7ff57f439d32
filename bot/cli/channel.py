"""`dellusi channel`: what each channel can do, and what the provider received that never reached us."""

import re
from datetime import UTC, datetime, timedelta

import click

from bot.bootstrap import make_runtime
from bot.cli.flows_options import AS_JSON, LANGUAGE, print_json
from bot.domain.errors import SettingsError, Unavailable
from bot.domain.ports import Channel
from bot.flowtools.wording import phrase
from bot.pipeline.reconcile import Reconciled
from bot.pipeline.reconcile import reconcile as take_in
from bot.settings import load

_SPAN = re.compile(r"^(\d{1,4})(m|h|d|j)$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "j": "days"}


@click.group()
def channel() -> None:
    """The ways to people: what each can do, and what was lost on it."""


@channel.command()
@LANGUAGE
@AS_JSON
def show(lang: str | None, *, as_json: bool) -> None:
    """Show the channels of this service and what each can do.

    \b
    Example:
      dellusi channel show --json
    """
    channels = make_runtime(load()).channels.values()
    if as_json:
        print_json([_data(found) for found in channels])
        return
    for found in channels:
        click.echo(_line(found, lang))


@channel.command()
@click.option("--since", metavar="WHEN", help="2h, 3d, or a day as 2026-12-01.  [default: the last look, and a little more]")
@click.option("--dry-run", is_flag=True, help="Only count what is missing.")
@LANGUAGE
@AS_JSON
def reconcile(since: str | None, lang: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Take in what the provider received for us and we did not.

    The timers do so by themselves every BOT_RECONCILE_MINUTES. What is older than BOT_LATE_MINUTES is kept, and its sender reads
    once that we are back; words about a danger and STOP are always heard. Doing it twice changes nothing.

    \b
    Examples:
      dellusi channel reconcile --dry-run
      dellusi channel reconcile --since 6h       after an outage that is known
    Exit codes: 0 nothing was missing, 1 something was or the log did not answer, 2 wrong use.
    """
    rt, begin = make_runtime(load()), _since(since, lang)
    if not rt.logs:
        raise click.UsageError(phrase("channel_no_log", lang))
    try:
        found = take_in(rt, begin, write=not dry_run)
    except Unavailable as error:
        raise SettingsError(str(error)) from None
    if as_json:
        print_json({**_counts(found), "dry_run": dry_run})
    else:
        _print(found, lang, dry_run=dry_run)
    raise SystemExit(1 if found.missed or found.failed else 0)


def _since(written: str | None, lang: str | None) -> datetime | None:
    if written is None:
        return None
    span = _SPAN.match(written)
    if span:
        return datetime.now(UTC) - timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        return datetime.fromisoformat(written).replace(tzinfo=UTC)
    except ValueError:
        raise click.UsageError(phrase("channel_since", lang, value=written)) from None


def _counts(found: Reconciled) -> dict[str, object]:
    counts = {"listed": found.listed, "missed": found.missed, "late": found.late}
    return {"since": found.since.isoformat(), **counts, "failed": list(found.failed)}


def _print(found: Reconciled, lang: str | None, *, dry_run: bool) -> None:
    counts = {"listed": found.listed, "missed": found.missed, "late": found.late}
    click.echo(phrase("channel_reconciled", lang, since=f"{found.since:%Y-%m-%d %H:%M}", **counts))
    if dry_run:
        click.echo(phrase("channel_dry", lang))
    if found.failed:
        click.echo(phrase("channel_log_failed", lang, names=", ".join(found.failed)), err=True)


def _line(found: Channel, lang: str | None) -> str:
    able = found.capabilities
    two_way = phrase("channel_yes" if able.two_way else "channel_no", lang)
    segments = able.longest or phrase("channel_unlimited", lang)
    sender = found.sender or "-"
    return phrase(
        "channel_line",
        lang,
        channel=found.type,
        sender=sender,
        two_way=two_way,
        buttons=able.buttons,
        entries=able.entries,
        segments=segments,
    )


def _data(found: Channel) -> dict[str, object]:
    able = found.capabilities
    window = able.window.total_seconds() / 3600 if able.window else None
    return {
        "channel": found.type,
        "sender": found.sender,
        "two_way": able.two_way,
        "replies_can_stop": able.replies_can_stop,
        "buttons": able.buttons,
        "entries": able.entries,
        "media": able.media,
        "window_hours": window,
        "segments_of_one_text": able.longest,
        "joined": able.joined,
        "listed": able.listed,
    }
