"""`dellusi members`: who answers for a partner, and who stands in."""

from datetime import date
from uuid import UUID

import click

from bot.bootstrap import make_contents, make_runtime
from bot.casework import joining
from bot.casework.pins import pin_hash
from bot.cli.flows_options import AS_JSON, LANGUAGE, print_json
from bot.cli.flows_publish import opened
from bot.cli.members_import import import_
from bot.content import Content
from bot.content.reading import nearest
from bot.domain.addresses import CHANNEL_TYPES, Address, ChannelType
from bot.domain.members import Member
from bot.flowtools.wording import phrase
from bot.pipeline import covering
from bot.pipeline.leaving import leave
from bot.settings import load
from bot.storage import members as store
from bot.storage import standing
from bot.storage.database import Transaction

_SHORT, _LEAST = 8, 4
_STANDINGS = {
    "invited": "members_invited_not",
    "refused": "members_refused",
    "absent": "members_absent",
    "present": "members_present",
}


@click.group()
def members() -> None:
    """Who answers for a partner by text. Nobody hears of a referral before they have answered our first text with OUI."""


members.add_command(import_)


@members.command()
@click.argument("partner")
@click.argument("phone")
@click.option("--channel", type=click.Choice(CHANNEL_TYPES), default="sms", show_default=True)
@click.option("--role", default="", help="What they do there; never a name.")
@click.option("--language", type=click.Choice(("fr", "wo")), default="fr", show_default=True)
@click.option("--digest", is_flag=True, help="One message a day for what is not urgent.")
@click.option("--pin", is_flag=True, help="Ask for a PIN of four to eight digits, for a person's details by text.")
@LANGUAGE
def add(partner: str, phone: str, channel: ChannelType, role: str, language: str, lang: str | None, *, digest: bool, pin: bool) -> None:
    """Invite a phone to answer for a partner. It gets one text, and counts once it has answered OUI.

    \b
    Examples:
      dellusi members add baos_diourbel +221770000123
      dellusi members add caosp +221770000124 --language wo --digest
    Exit codes: 0 invited, 2 wrong use: no such partner, no phone number, invited before.
    """
    settings = load()
    with opened(settings, lang) as database:
        content = make_contents(settings, database).current
        _check(content, partner, phone, lang)
        address = Address(channel, phone)
        secret = click.prompt(phrase("members_pin", lang), hide_input=True, confirmation_prompt=True) if pin else ""
        if pin and not (secret.isdecimal() and 4 <= len(secret) <= 8):
            raise click.UsageError(phrase("members_pin_form", lang))
        with database.writing() as tx:
            number, hashed = joining.new_number(tx, address), pin_hash(tx.vault, address, secret) if pin else None
            made = store.add(tx, partner=partner, address=address, number=number, role=role, language=language, digest=digest, pin=hashed)
            if made is None:
                raise click.UsageError(phrase("members_known", lang, name=partner))
            joining.invite(content, tx, made)
    click.echo(phrase("members_invited", lang, id=_short(made), name=partner))


@members.command(name="list")
@click.option("--partner", help="Only those of one partner.")
@LANGUAGE
@AS_JSON
def list_(partner: str | None, lang: str | None, *, as_json: bool) -> None:
    """List the members: since when, whether they answered, when they are away. Phone numbers are not shown.

    \b
    Example:
      dellusi members list --partner caosp
    Exit codes: 0 everybody answered, 1 somebody has not answered, said no, or stopped our messages, 2 wrong use.
    """
    with opened(load(), lang) as database, database.reading() as tx:
        found, today = [one for one in store.everyone(tx) if partner in (None, one.partner)], tx.now.date()
        silent = standing.silent(tx, [one.address for one in found])
    if as_json:
        print_json([_data(one, today) | {"stopped": one.address in silent} for one in found])
    elif not found:
        click.echo(phrase("members_none", lang))
    else:
        for one in found:
            click.echo(_line(one, today, lang) + (f"  {phrase('members_stopped', lang)}" if one.address in silent else ""))
    raise SystemExit(0 if all(one.verified_at and one.address not in silent for one in found) else 1)


@members.command()
@click.argument("id")
@LANGUAGE
def verify(id: str, lang: str | None) -> None:  # noqa: A002 - what the argument is called in the help
    """Send the first text again, to whoever has not answered or said no.

    \b
    Example:
      dellusi members verify 3f2a81c0
    """
    settings = load()
    with opened(settings, lang) as database, database.writing() as tx:
        one = _one(tx, id, lang)
        if one.verified_at is not None:
            raise click.UsageError(phrase("members_verified", lang, id=_short(one)))
        store.invite_again(tx, one.id, joining.new_number(tx, one.address))
        again = store.get(tx, one.id) or one
        joining.invite(make_contents(settings, database).current, tx, again)
    click.echo(phrase("members_invited", lang, id=_short(one), name=one.partner))


@members.command()
@click.argument("id")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day.  [default: today]")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; without it the absence has no end yet.")
@click.option("--back", is_flag=True, help="They are there again.")
@LANGUAGE
def absent(id: str, since: object, until: object, lang: str | None, *, back: bool) -> None:  # noqa: A002
    """Say when somebody is away: deputies read meanwhile, and what nobody can read is routed elsewhere.

    What the partner holds stays when somebody is back before its deadline; else another service takes over. An absence without a last
    day is longer than any deadline.

    \b
    Examples:
      dellusi members absent 3f2a81c0 --from 2026-12-21 --to 2027-01-03
      dellusi members absent 3f2a81c0 --back
    """
    first, last = _day(since), _day(until)
    if first and last and last < first:
        raise click.UsageError(phrase("members_days", lang))
    settings = load()
    with opened(settings, lang) as database, database.writing() as tx:
        one = _one(tx, id, lang)
        store.set_absence(tx, one.id, None if back else first or tx.now.date(), None if back else last)
        one = store.get(tx, one.id) or one
        helped = bool(back or one.deputy is None) or joining.ask_stand_in(make_contents(settings, database).current, tx, one)
        click.echo(_line(one, tx.now.date(), lang))
        if not helped:
            click.echo(phrase("members_nobody_stands_in", lang, id=_short(one)))
    moved = 0 if back else covering.play(make_runtime(settings), one.partner)
    if moved:
        click.echo(phrase("members_covered", lang, count=moved, name=one.partner))


@members.command()
@click.argument("id")
@click.argument("deputy", required=False)
@LANGUAGE
def deputy(id: str, deputy: str | None, lang: str | None) -> None:  # noqa: A002
    """Name who stands in for a member; without a second id nobody does.

    \b
    Example:
      dellusi members deputy 3f2a81c0 9b11e7d2
    """
    with opened(load(), lang) as database, database.writing() as tx:
        one, other = _one(tx, id, lang), _one(tx, deputy, lang) if deputy else None
        if other is not None and other.id == one.id:
            raise click.UsageError(phrase("members_own_deputy", lang))
        store.set_deputy(tx, one.id, other.id if other else None)
        click.echo(_line(store.get(tx, one.id) or one, tx.now.date(), lang))


@members.command()
@click.argument("id")
@click.argument("choice", type=click.Choice(("on", "off")))
@LANGUAGE
def digest(id: str, choice: str, lang: str | None) -> None:  # noqa: A002
    """One message a day for what is not urgent, or one for each referral."""
    with opened(load(), lang) as database, database.writing() as tx:
        one = _one(tx, id, lang)
        store.set_digest(tx, one.id, digest=choice == "on")
        click.echo(_line(store.get(tx, one.id) or one, tx.now.date(), lang))


@members.command()
@click.argument("id")
@LANGUAGE
def remove(id: str, lang: str | None) -> None:  # noqa: A002
    """Somebody left. What they followed is brought to their colleagues' mind; where nobody is left to read it, another service takes over.

    \b
    Example:
      dellusi members remove 3f2a81c0
    """
    settings = load()
    with opened(settings, lang) as database:
        with database.reading() as tx:
            one = _one(tx, id, lang)
        count = leave(make_runtime(settings), one)
    click.echo(phrase("members_removed", lang, id=_short(one), name=one.partner, count=count))


def _check(content: Content, partner: str, phone: str, lang: str | None) -> None:
    known = content.directory.partners
    if partner not in known:
        hint = nearest(partner, known)
        raise click.UsageError(phrase("members_no_partner", lang, name=partner, hint=hint or "-"))
    if not Address("sms", phone).has_number:
        raise click.UsageError(phrase("members_no_phone", lang))


def _one(tx: Transaction, beginning: str, lang: str | None) -> Member:
    if len(beginning) < _LEAST:
        raise click.UsageError(phrase("id_short", lang, id=beginning))
    found = store.starting_with(tx, beginning.lower())
    one = store.get(tx, UUID(str(found[0]))) if len(found) == 1 else None
    if one is None:
        raise click.UsageError(phrase("id_ambiguous" if len(found) > 1 else "id_unknown", lang, id=beginning))
    return one


def _day(given: object) -> date | None:
    return given.date() if given is not None and hasattr(given, "date") else None


def _short(one: Member) -> str:
    return str(one.id)[:_SHORT]


def _line(one: Member, today: date, lang: str | None) -> str:
    away = f"{one.absent_from or ''}..{one.absent_to or ''}" if one.absent_from else "-"
    standing, deputy = phrase(_STANDINGS[one.standing(today)], lang), str(one.deputy)[:_SHORT] if one.deputy else "-"
    return phrase("members_line", lang, id=_short(one), name=one.partner, role=one.role or "-", state=standing, days=away, deputy=deputy)


def _data(one: Member, today: date) -> dict[str, object]:
    return {
        "id": str(one.id),
        "partner": one.partner,
        "role": one.role,
        "channel": one.address.channel,
        "language": one.language,
        "digest": one.digest,
        "standing": one.standing(today),
        "absent_from": one.absent_from and one.absent_from.isoformat(),
        "absent_to": one.absent_to and one.absent_to.isoformat(),
        "deputy": one.deputy and str(one.deputy),
    }
