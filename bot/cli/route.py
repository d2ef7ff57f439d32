"""`dellusi route`: who would take a referral, and why."""

from datetime import UTC, datetime
from pathlib import Path

import click
from wolof.spelling import fold_text

from bot.bootstrap import make_contents
from bot.casework import people
from bot.cli.flows_options import AS_JSON, LANGUAGE, print_json
from bot.cli.flows_publish import opened
from bot.content import Content
from bot.content.load import load_around
from bot.content.reading import Faults, nearest
from bot.domain.directory import NEEDS
from bot.domain.errors import ContentError
from bot.domain.places import place_of
from bot.domain.referrals import DEADLINES, Urgency
from bot.domain.routing import Case, Routing, Staffing
from bot.domain.routing import route as routed
from bot.flowtools.wording import phrase
from bot.settings import load
from bot.storage import referrals


@click.group()
def route() -> None:
    """Who takes a referral for a need and a place, who comes next, who cannot, and why."""


@route.command()
@click.argument("need")
@click.argument("place")
@click.option("--urgency", type=click.Choice(tuple(DEADLINES)), default="normal", show_default=True)
@click.option("--language", type=click.Choice(("fr", "wo")), default="fr", show_default=True, help="What the person speaks.")
@LANGUAGE
@AS_JSON
def explain(need: str, place: str, urgency: Urgency, language: str, lang: str | None, *, as_json: bool) -> None:
    """Explain a routing as it would be now, with today's loads and absences.

    \b
    Examples:
      dellusi route explain training Mbacké
      dellusi route explain santé Touba --urgency urgent --json
    Exit codes: 0 a partner takes it, 1 only the coordinator is left, 2 wrong use.
    """
    settings = load()
    with opened(settings, lang) as database:
        content = make_contents(settings, database).current
        need = _need(content, need, lang)
        found = content.places.resolve(place)
        if not found.candidates:
            raise click.UsageError(phrase("route_no_place", lang, name=place))
        with database.reading() as tx:
            staffing = people.staffing(content, tx)
    case = Case(need, found.candidates[0], urgency, language, datetime.now(UTC))
    routing = routed(content.directory, case, staffing)
    if as_json:
        print_json(_data(content, routing, need))
    else:
        _print(content, routing, need, lang)
    raise SystemExit(1 if routing.why == "coordinator" else 0)


@route.command(name="dry-run")
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="Referrals of so many days.")
@LANGUAGE
@AS_JSON
def dry_run(folder: str, days: int, lang: str | None, *, as_json: bool) -> None:
    """Hold a changed directory against the referrals of the last month: who would have got which instead. Nothing is changed.

    FOLDER is a checkout with the changed config/. Everybody counts as present, on both sides.

    \b
    Example:
      dellusi route dry-run ../draft --days 30
    Exit codes: 0 nothing would change, 1 something would, 2 wrong use or a fault in the folder.
    """
    settings, faults = load(), Faults()
    around = load_around(Path(folder), faults, home=settings.region, sandbox=settings.sandbox)
    if faults.errors:
        raise ContentError(faults.errors)
    changed: dict[tuple[str, str, str, str], int] = {}
    total = 0
    with opened(settings, lang) as database:
        content = make_contents(settings, database).current
        with database.reading() as tx:
            for row in referrals.opened_since(tx, days):
                case = Case(row.need, place_of(row.place) if row.place else None, row.urgency, "fr", row.opened_at)
                before, after = (routed(directory, case, Staffing()).partner.id for directory in (content.directory, around.directory))
                total += 1
                if before != after:
                    key = (row.need, _department(row.place), before, after)
                    changed[key] = changed.get(key, 0) + 1
    lines = [
        {"need": need, "place": place, "before": was, "after": now, "count": count} for (need, place, was, now), count in changed.items()
    ]
    if as_json:
        print_json({"referrals": total, "changed": lines})
    else:
        click.echo(phrase("route_dry", lang, total=total, count=sum(changed.values()), days=days))
        for line in lines:
            click.echo(phrase("route_dry_line", lang, **line))
    raise SystemExit(1 if changed else 0)


def _need(content: Content, said: str, lang: str | None) -> str:
    """A need by its code, or as caseworkers read it in any language: `formation`."""
    words: dict[str, str] = {
        fold_text(content.word_for("needs", need, language)): need for language in ("fr", *content.catalogues.languages) for need in NEEDS
    }
    found = next((need for need in NEEDS if need == said.lower()), None) or words.get(fold_text(said))
    if found is None:
        hint = nearest(said.lower(), NEEDS) or nearest(fold_text(said), words) or ", ".join(NEEDS)
        raise click.UsageError(phrase("route_no_need", lang, name=said, hint=hint))
    return found


def _department(code: str) -> str:
    place = place_of(code) if code else None
    return place.department or place.region if place else "-"


def _print(content: Content, routing: Routing, need: str, lang: str | None) -> None:
    click.echo(phrase("route_takes", lang, name=routing.partner.name, why=content.reason_of(routing, need)))
    for number, candidate in enumerate(routing.candidates[1:], 2):
        late = phrase("route_late", lang) if candidate.late else ""
        click.echo(phrase("route_next", lang, number=number, name=candidate.partner.name, load=candidate.load, late=late))
    for one in routing.passed:
        click.echo(phrase("route_passed", lang, name=one.partner.name, why=phrase(f"route_{one.obstacle}", lang, until=one.until or "-")))


def _data(content: Content, routing: Routing, need: str) -> dict[str, object]:
    return {
        "partner": routing.partner.id,
        "why": routing.why,
        "reason": content.reason_of(routing, need),
        "next": [{"partner": one.partner.id, "why": one.why, "load": one.load, "late": one.late} for one in routing.candidates[1:]],
        "passed": [{"partner": one.partner.id, "obstacle": one.obstacle} for one in routing.passed],
    }
