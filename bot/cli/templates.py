"""`dellusi templates`: what may be said on WhatsApp when a person has not written for a day, and what Meta thinks of it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from bot.channels.twilio import client_for
from bot.channels.twilio_templates import TwilioTemplates
from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_json
from bot.cli.flows_publish import opened
from bot.content.templates import load_templates
from bot.domain.errors import SendError
from bot.domain.templates import Opinion, Template
from bot.flowtools.wording import phrase
from bot.pipeline.approvals import note_opinion
from bot.settings import load
from bot.storage import templates as store
from bot.storage.database import Database

T = TypeVar("T")


@click.group()
def templates() -> None:
    """The messages of config/templates.yml: sent to Meta for approval, and what became of them.

    Outside 24 hours after a person's last message, WhatsApp lets nothing else through.
    """


@templates.command()
@FOLDER
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@LANGUAGE
@AS_JSON
def push(content: Path, lang: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Make what is new at Twilio and submit it to Meta. Safe to run again; a changed text is a new template.

    \b
    Examples:
      dellusi templates push --dry-run
      dellusi templates push
    Exit codes: 0 done, 1 Twilio refused one, 2 wrong use, or Twilio or the database does not answer.
    """
    described = list(load_templates(content).templates.values())
    settings = load()
    account = TwilioTemplates(client_for(settings))
    known = _or_away(account.known, lang)
    outcomes: list[tuple[Template, str, dict[str, str]]] = []
    with opened(settings, lang) as database:
        for template in described:
            outcomes.append((template, *_push(database, account, template, known.get(template.name), dry_run=dry_run)))
    _report(outcomes, lang, as_json=as_json)
    raise SystemExit(1 if any(code == "templates_failed" for _, code, _ in outcomes) else 0)


@templates.command()
@FOLDER
@LANGUAGE
@AS_JSON
def status(content: Path, lang: str | None, *, as_json: bool) -> None:
    """Ask what Meta decided. Only an approved template is ever sent; a rejected one becomes an incident.

    \b
    Example:
      dellusi templates status --json
    Exit codes: 0 all are approved, 1 some are not, 2 wrong use, or Twilio or the database does not answer.
    """
    described = list(load_templates(content).templates.values())
    settings = load()
    account = TwilioTemplates(client_for(settings))
    outcomes: list[tuple[Template, str, dict[str, str]]] = []
    with opened(settings, lang) as database:
        for template in described:
            outcomes.append((template, "templates_line", _look(database, account, template, lang)))
    _report(outcomes, lang, as_json=as_json)
    raise SystemExit(0 if all(values["approval"] == "approved" for _, _, values in outcomes) else 1)


def _push(
    database: Database, account: TwilioTemplates, template: Template, sid: str | None, *, dry_run: bool
) -> tuple[str, dict[str, str]]:
    """The code of what happened, and its values."""
    if dry_run and sid is None:
        return "templates_would", {}
    try:
        seen = account.opinion(sid) if sid else Opinion("unsent")
        if dry_run or (sid and seen.approval != "unsent"):
            if sid and not dry_run:
                _note(database, template, sid, seen)
            return "templates_kept", {"approval": seen.approval}
        made = sid or account.create(template)
        _note(database, template, made, account.submit(template, made))
    except SendError as error:
        return "templates_failed", {"code": error.code}
    return ("templates_submitted" if sid else "templates_pushed"), {}


def _look(database: Database, account: TwilioTemplates, template: Template, lang: str | None) -> dict[str, str]:
    with database.reading() as tx:
        row = store.by_names(tx, [template.name]).get(template.name)
    if row is None:
        return {"approval": "unsent", "reason": ""}
    opinion = _or_away(lambda: account.opinion(row.content_sid), lang)
    _note(database, template, row.content_sid, opinion)
    return {"approval": opinion.approval, "reason": opinion.reason}


def _note(database: Database, template: Template, sid: str, opinion: Opinion) -> None:
    with database.writing() as tx:
        note_opinion(tx, template.name, sid, opinion)


def _or_away(ask: Callable[[], T], lang: str | None) -> T:
    try:
        return ask()
    except SendError as error:
        click.echo(phrase("templates_away", lang, code=error.code), err=True)
        raise SystemExit(2) from None


def _report(outcomes: list[tuple[Template, str, dict[str, str]]], lang: str | None, *, as_json: bool) -> None:
    if as_json:
        print_json([{"name": template.name, "outcome": code.removeprefix("templates_"), **values} for template, code, values in outcomes])
        return
    for template, code, values in outcomes:
        approval = phrase(f"approval_{values['approval']}", lang) if "approval" in values else ""
        reason = f" ({values['reason']})" if values.get("reason") else ""
        click.echo(phrase(code, lang, name=template.name, **{**values, "approval": approval, "reason": reason}))
    if not outcomes:
        click.echo(phrase("templates_none", lang))
