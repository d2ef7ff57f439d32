"""`dellusi content`: the directory of partners and offers, checked and asked."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from bot.cli.content_answers import asked_data, asked_lines, owners_answers
from bot.cli.content_texts import sources, texts
from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE
from bot.content.directory import load_directory
from bot.content.directory_checks import check_today
from bot.content.messages import LANGUAGES, describe
from bot.content.places import load_places
from bot.content.reading import Faults, nearest
from bot.domain.directory import NEEDS, Directory, Offer, Partner
from bot.domain.places import Place, PlaceIndex
from bot.domain.routing import Case, Routing, route
from bot.settings import preferred_language

WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "summary": "{e} erreur(s), {w} avertissement(s). {partners} partenaires, {offers} offres, {regions} régions.",
        "nothing_stale": "Rien à revoir : toutes les fiches ont été vérifiées il y a moins de 90 jours.",
        "stale": "{id} : vérifiée le {checked}{until}",
        "until": ", finie le {day}",
        "asked": "   demandé à {partner} le {asked} : {answer}",
        "no_answer": "pas encore de réponse",
        "goes_on": "oui, valable jusqu'au {until}",
        "over": "non, l'aide n'existe plus : retirez la fiche (on: no)",
        "not_asked": "   personne n'a été interrogé",
        "answers_unknown": "Sans base de données (BOT_DATABASE_URL), les réponses des responsables ne sont pas connues ici.",
        "ownerless": "{n} fiches de partenaires vérifiées et en service n'ont pas de responsable (owner).",
        "unconfirmed": "{name} : {day}",
        "unknown_place": "Je ne trouve pas le lieu « {place} ».",
        "which_place": "« {place} » peut être : {options}. Ecrivez-le autrement, par exemple « {example} ».",
        "takes": "Prend une demande : {partner} ({why})",
        "then": "Ensuite : {partners}",
        "serve": "Aident pour ce besoin : {partners}",
        "offers": "Ce que les personnes lisent :",
        "no_offer": "Aucune offre à dire aujourd'hui.",
        "secretariat": "le secrétariat de la région",
        "on_call": "de permanence",
        "serves_here": "aide dans cette région",
        "serves_everywhere": "aide partout",
        "reception": "accueille tout le monde dans la région",
        "coordinator": "dernier recours de la région",
    },
    "en": {
        "summary": "{e} error(s), {w} warning(s). {partners} partners, {offers} offers, {regions} regions.",
        "nothing_stale": "Nothing to review: every entry was checked less than 90 days ago.",
        "stale": "{id}: checked on {checked}{until}",
        "until": ", over on {day}",
        "asked": "   asked of {partner} on {asked}: {answer}",
        "no_answer": "no answer yet",
        "goes_on": "yes, until {until}",
        "over": "no, it is over: switch the entry off (on: no)",
        "not_asked": "   nobody was asked",
        "answers_unknown": "Without a database (BOT_DATABASE_URL) the answers of owners are not known here.",
        "ownerless": "{n} partner entries that are verified and switched on have no owner.",
        "unconfirmed": "{name}: {day}",
        "unknown_place": "There is no place “{place}”.",
        "which_place": "“{place}” may be: {options}. Write it differently, for instance “{example}”.",
        "takes": "Takes a referral: {partner} ({why})",
        "then": "Then: {partners}",
        "serve": "Help with this need: {partners}",
        "offers": "What people read:",
        "no_offer": "No offer may be told today.",
        "secretariat": "the region's secretariat",
        "on_call": "on call",
        "serves_here": "helps in this region",
        "serves_everywhere": "helps everywhere",
        "reception": "receives everyone in the region",
        "coordinator": "the region's last resort",
    },
}
TODAY = click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Look from this day.  [default: today]")


@click.group()
def content() -> None:
    """Check the directory of partners and offers.

    \b
    Example: dellusi content who-serves training Mbacké
    """


content.add_command(sources)
content.add_command(texts)


@content.command()
@FOLDER
@LANGUAGE
@AS_JSON
@TODAY
def check(content: Path, lang: str | None, today: datetime | None, *, as_json: bool) -> None:
    """Check places, regions, partners, offers, hotlines and holidays.

    \b
    Exit codes: 0 nothing wrong, 1 mistakes were found, 2 the command was used wrongly.
    """
    directory, _, faults = _load(content)
    check_today(directory, _day(today), faults)
    found = sorted(faults.found, key=lambda fault: (fault.severity != "error", fault.file, fault.line))
    if as_json:
        _print([asdict(fault) | {"sentence": describe(fault, lang)} for fault in found])
    else:
        for fault in found:
            click.secho(describe(fault, lang), fg="red" if fault.severity == "error" else "yellow")
        count = len(faults.errors)
        sizes = {"partners": len(directory.partners), "offers": len(directory.offer_list), "regions": len(directory.country.regions)}
        click.echo(_word("summary", lang, e=count, w=len(found) - count, **sizes))
    raise SystemExit(1 if faults.errors else 0)


@content.command()
@FOLDER
@LANGUAGE
@AS_JSON
@TODAY
def stale(content: Path, lang: str | None, today: datetime | None, *, as_json: bool) -> None:
    """List what has to be checked again: entries older than 90 days, offers that are over, feasts without a confirmed date.

    With the service's settings (BOT_DATABASE_URL) it also says whose owner was asked whether an offer goes on, and what they answered.

    \b
    Example: dellusi content stale --today 2027-03-01
    Exit codes: 0 nothing to review, 1 something has to be reviewed, 2 the directory cannot be read.
    """
    directory = _usable(content, lang)[0]
    day = _day(today)
    questions = owners_answers()
    entries, feasts = directory.stale(day), directory.calendar.unconfirmed(day)
    if as_json:
        _print(
            {
                "entries": [{**_stale_entry(e), "asked": asked_data(e, questions)} for e in entries],
                "feasts": [{"name": f.name, "day": f.day.isoformat()} for f in feasts],
            }
        )
        raise SystemExit(1 if entries or feasts else 0)
    for entry in entries:
        until = _word("until", lang, day=entry.valid_until) if isinstance(entry, Offer) and entry.valid_until else ""
        click.secho(_word("stale", lang, id=entry.id, checked=entry.checked, until=until), fg="yellow")
        for key, values in asked_lines(entry, day, questions):
            answer = _word(str(values.pop("answer")), lang, **values) if "answer" in values else ""
            click.echo(_word(key, lang, answer=answer, **values))
    if questions is None and any(isinstance(entry, Offer) and entry.valid_until for entry in entries):
        click.echo(_word("answers_unknown", lang), err=True)
    for feast in feasts:
        click.secho(_word("unconfirmed", lang, name=feast.name, day=feast.day), fg="yellow")
    if not entries and not feasts:
        click.echo(_word("nothing_stale", lang))
    ownerless = sum(partner.usable and not partner.owner for partner in directory.partners.values())
    if ownerless:
        click.echo(_word("ownerless", lang, n=ownerless))
    raise SystemExit(1 if entries or feasts else 0)


@content.command("who-serves")
@click.argument("need", type=click.Choice(NEEDS), metavar="NEED")
@click.argument("place")
@FOLDER
@LANGUAGE
@AS_JSON
@TODAY
def who_serves(need: str, place: str, content: Path, lang: str | None, today: datetime | None, *, as_json: bool) -> None:
    """Say who takes a referral for NEED in PLACE, who else helps, and what people read.

    NEED is one of job, training, business, business_trouble, health, listening, papers, housing_food, school, legal,
    family_tracing, family_debt, protection, migration, other, complaint, data_request, file. PLACE is any spelling of its name.

    \b
    Example: dellusi content who-serves training Mbacké
    Exit codes: 0 found, 1 no offer may be told, 2 the place is unknown or may be several.
    """
    directory, places = _usable(content, lang)
    where, day = _resolve(places, place, lang), _day(today)
    routing = route(directory, Case(need, where, "normal", "fr", datetime.combine(day, time(10), tzinfo=UTC)))
    serving, offers = directory.who_serves(need, where), directory.offers(need, where, day)
    if as_json:
        _print(_as_data(where, routing, serving, offers))
    else:
        _show(routing, serving, offers, lang)
    raise SystemExit(0 if offers else 1)


def _load(folder: Path) -> tuple[Directory, PlaceIndex, Faults]:
    faults = Faults()
    places = load_places(folder / "config" / "places.csv", "config/places.csv", faults)
    return load_directory(folder / "config", places, faults, home="diourbel", sandbox=True), places, faults


def _usable(folder: Path, lang: str | None) -> tuple[Directory, PlaceIndex]:
    directory, places, faults = _load(folder)
    for fault in faults.errors:
        click.secho(describe(fault, lang), fg="red", err=True)
    if faults.errors:
        raise SystemExit(2)
    return directory, places


def _resolve(places: PlaceIndex, text: str, lang: str | None) -> Place:
    known = places.get(text)
    candidates = (known,) if known else places.resolve(text).candidates
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        options = ", ".join(place.code for place in candidates)
        click.echo(_word("which_place", lang, place=text, options=options, example=candidates[0].code), err=True)
    else:
        close = nearest(text, [place.name for place in places.places.values()])
        click.echo(_word("unknown_place", lang, place=text) + (f" {close} ?" if close else ""), err=True)
    raise SystemExit(2)


def _show(routing: Routing, serving: tuple[Partner, ...], offers: tuple[Offer, ...], lang: str | None) -> None:
    click.secho(_word("takes", lang, partner=routing.partner.name, why=_word(routing.why, lang)), bold=True)
    click.echo(_word("then", lang, partners=", ".join(partner.name for partner in routing.alternatives) or "-"))
    click.echo(_word("serve", lang, partners=", ".join(partner.name for partner in serving) or "-"))
    click.echo(_word("offers" if offers else "no_offer", lang))
    for offer in offers:
        click.echo(f"  - {offer.text}")


def _as_data(where: Place, routing: Routing, serving: tuple[Partner, ...], offers: tuple[Offer, ...]) -> dict[str, object]:
    return {
        "place": where.code,
        "takes": {"partner": routing.partner.id, "why": routing.why},
        "then": [partner.id for partner in routing.alternatives],
        "serve": [partner.id for partner in serving],
        "offers": [{"id": offer.id, "text": offer.text, "checked": offer.checked.isoformat()} for offer in offers],
    }


def _stale_entry(entry: Partner | Offer) -> dict[str, str | None]:
    until = entry.valid_until if isinstance(entry, Offer) else None
    kind = "offer" if isinstance(entry, Offer) else "partner"
    return {"kind": kind, "id": entry.id, "checked": entry.checked.isoformat(), "valid_until": until.isoformat() if until else None}


def _day(today: datetime | None) -> date:
    return (today or datetime.now(UTC)).date()


def _word(key: str, lang: str | None, **values: object) -> str:
    return WORDS[lang or preferred_language(LANGUAGES)][key].format(**values)


def _print(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
