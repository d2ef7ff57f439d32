"""`dellusi members`: joining by one's own yes, being away, leaving."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from bot.cli.members import members as command
from bot.domain.addresses import Address
from bot.storage.database import Database
from tests.pipeline.world import AWA, CASEWORKER, World, environment

URL: list[str] = []
NEW, OTHER = "+221770000777", "+221770000778"


@pytest.fixture(autouse=True)
def _address(database_url: str) -> None:
    URL[:] = [database_url]


def types(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, [*arguments, "--lang", "fr"], env=environment(database_url=URL[0]), input=typed)


def ids() -> list[str]:
    return [row["id"] for row in json.loads(CliRunner().invoke(command, ["list", "--json"], env=environment(database_url=URL[0])).output)]


def joins(world: World, phone: str = NEW, partner: str = "caosp", *more: str) -> str:
    """Invite a phone, and have it answer yes; its id."""
    known = set(ids())
    assert types("add", partner, phone, *more).exit_code == 0
    world.dispatch()
    asked = world.sms.texts(phone)[-1]
    number = asked.split("OUI ")[1][:2]
    assert "recevrez" in world.say(f"oui {number}", phone)
    return next(iter(set(ids()) - known))


def test_nobody_counts_before_their_own_yes(database: Database, world: World) -> None:
    assert types("add", "caosp", NEW).exit_code == 0
    assert types("list").exit_code == 1
    assert "n'a pas répondu" in types("list").output
    world.dispatch()
    assert "OUI" in world.sms.texts(NEW)[-1]
    assert NEW not in types("list").output


def test_who_stopped_us_is_listed_so(world: World) -> None:
    joins(world)
    world.say("ARRET", NEW)
    listed = types("list")
    assert listed.exit_code == 1
    assert "a arrêté nos messages" in listed.output


def test_whoever_has_answered_is_not_asked_again(world: World) -> None:
    one = joins(world)
    assert types("verify", one[:8]).exit_code == 2
    assert "déjà répondu OUI" in types("verify", one[:8]).output


def test_a_yes_makes_a_caseworker_and_a_no_ends_it(world: World) -> None:
    joins(world)
    assert types("list").exit_code == 0
    types("add", "baos_diourbel", OTHER)
    world.dispatch()
    number = world.sms.texts(OTHER)[-1].split("OUI ")[1][:2]
    assert "ne recevrez rien" in world.say(f"non {number}", OTHER)
    assert "a dit non" in types("list").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "caospp", NEW), "caosp"),
        (("add", "caosp", "77 000 07 77"), "indicatif"),
        (("absent", "0000"), "0000"),
        (("remove", "ab"), "4"),
    ],
)
def test_what_is_wrong_is_said(database: Database, arguments: tuple[str, ...], said: str) -> None:
    result = types(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_the_same_phone_is_invited_for_a_partner_once(database: Database) -> None:
    assert types("add", "caosp", NEW).exit_code == 0
    assert types("add", "caosp", NEW).exit_code == 2


def test_a_deputy_reads_while_a_member_is_away(world: World) -> None:
    one = joins(world)
    two = joins(world, OTHER)
    assert types("deputy", one[:8], two[:8]).exit_code == 0
    assert types("absent", one[:8], "--to", "2099-12-20").exit_code == 0
    assert "en absence" in types("list").output
    world.pass_(minutes=5)
    world.dispatch()
    assert "Vous remplacez" in world.sms.texts(OTHER)[-1]
    assert types("absent", one[:8], "--back").exit_code == 0
    assert types("absent", one[:8], "--from", "2026-12-20", "--to", "2026-12-01").exit_code == 2
    assert types("deputy", one[:8], one[:8]).exit_code == 2


def test_a_deputy_reads_from_when_to_when(world: World) -> None:
    one, two = joins(world), joins(world, OTHER)
    types("deputy", one[:8], two[:8])
    types("absent", one[:8], "--from", "2099-12-21", "--to", "2099-12-24")
    types("absent", one[:8], "--from", "2099-12-21")
    world.pass_(minutes=5)
    while world.dispatch():
        pass
    closed, open_ = [text for text in world.sms.texts(OTHER) if "Vous remplacez" in text]
    assert "du 21 décembre 2099 au 24 décembre 2099." in closed
    assert "à partir du 21 décembre 2099." in open_


@pytest.mark.parametrize("said", ["", "non", "oui, then stop", "oui, then away"])
def test_a_deputy_who_cannot_stand_in_is_not_written_to_and_the_admin_knows(world: World, said: str) -> None:
    one = joins(world)
    known = set(ids())
    types("add", "caosp", OTHER)
    world.dispatch()
    number = world.sms.texts(OTHER)[-1].split("OUI ")[1][:2]
    two = next(iter(set(ids()) - known))
    if said:
        world.say(f"{said[:3]} {number}", OTHER)
    if said.endswith("stop"):
        world.say("ARRET", OTHER)
    if said.endswith("away"):
        types("absent", two[:8])
    types("deputy", one[:8], two[:8])
    assert "personne ne remplace" in types("absent", one[:8], "--to", "2099-12-20").output
    world.pass_(minutes=5)
    world.dispatch()
    assert not [text for text in world.sms.texts(OTHER) if "Vous remplacez" in text]
    assert "personne ne remplace" not in types("absent", one[:8], "--back").output


def test_whoever_leaves_loses_no_referral(world: World) -> None:
    code = world.refer()
    world.change("UPDATE referrals SET partner = 'onfp', state = 'accepted' WHERE code = :code", code=code)
    one = joins(world, NEW, "onfp")
    joins(world, CASEWORKER, "ard_diourbel")
    assert types("remove", one[:8]).exit_code == 0
    assert len(ids()) == 1
    # Nobody reads for this partner any more, so the region's coordinator holds it now.
    assert world.rows("SELECT state, partner FROM referrals WHERE code = :code", code=code) == [("offered", "ard_diourbel")]
    world.dispatch()
    assert code in world.sms.texts(CASEWORKER)[-1]
    assert f"Demande {code} : elle passe à un autre service" in world.sms.texts(AWA)[-1]
    assert "ne répond" in world.one("SELECT reason FROM referrals WHERE code = :code", code=code)


def test_an_absence_beyond_the_deadline_says_how_much_goes_elsewhere_and_a_short_one_moves_nothing(world: World) -> None:
    code = world.refer()
    world.change("UPDATE referrals SET partner = 'onfp', state = 'accepted', due_at = :due", due=world.clock() + timedelta(days=3))
    one = joins(world, NEW, "onfp")
    joins(world, CASEWORKER, "ard_diourbel")
    tomorrow = (world.clock() + timedelta(days=1)).date()
    assert "passent" not in types("absent", one[:8], "--to", f"{tomorrow}").output
    assert "1 demande(s) de onfp passent à un autre service" in types("absent", one[:8]).output
    assert world.rows("SELECT state, partner FROM referrals WHERE code = :code", code=code) == [("offered", "ard_diourbel")]


def test_whoever_joins_hears_of_what_waits_for_somebody(world: World) -> None:
    code = world.refer()
    world.change("UPDATE referrals SET partner = 'onfp' WHERE code = :code", code=code)
    joins(world, NEW, "onfp")
    world.dispatch()
    assert any(f"Nouvelle demande {code}" in text for text in world.sms.texts(NEW))


def test_a_pin_is_four_to_eight_digits_and_never_kept_in_clear(world: World) -> None:
    assert types("add", "caosp", NEW, "--pin", typed="12\n12\n").exit_code == 2
    assert types("add", "caosp", NEW, "--pin", typed="4711\n4711\n").exit_code == 0
    assert b"4711" not in world.one("SELECT pin FROM members")
    assert world.one("SELECT address FROM members") != Address("sms", NEW).value.encode()
