"""`dellusi flows publish`, `rollback`, `versions` and `sign` as an admin uses them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.flows import flows
from bot.settings import PROJECT
from tests.pipeline.world import World, environment
from tests.publishing import people
from tests.publishing.conftest import Edit

HELLO = "Bonjour et bienvenue."


class Admin:
    """Types commands; the settings name the database of the test."""

    def __init__(self, url: str) -> None:
        self._environment = environment(database_url=url, sandbox="yes", twilio_api_url="http://127.0.0.1:1")

    def types(self, *arguments: str, given: str = "") -> Result:
        return CliRunner().invoke(flows, [*arguments], env=self._environment, input=given)

    def publishes(self, folder: Path, *arguments: str) -> Result:
        return self.types("publish", "--content", str(folder), "--lang", "fr", "--author", "Fatou", *arguments)


@pytest.fixture
def admin(world: World, database_url: str) -> Admin:
    return Admin(database_url)


def test_a_dry_run_names_who_waits_and_changes_nothing(world: World, admin: Admin, edited: Edit) -> None:
    assert admin.publishes(PROJECT, "--yes").exit_code == 0
    people.gather(world, 1)
    folder = edited("forms/intake.yml", "  - name: followed_by\n", "  - name: helper\n    save_as: followed_by\n")
    edited("translations/wo/LC_MESSAGES/flows.po", "form.intake.followed_by.say", "form.intake.helper.say")
    before = people.states(world)
    result = admin.publishes(folder, "--dry-run", "--move-all", "--json")
    rows = {f"{row['flow']}.{row['node']}": row for row in json.loads(result.output)["waiting"]}
    assert rows["intake.followed_by"] | {"outcome": "stays", "why": "gone"} == rows["intake.followed_by"]
    assert rows["intake.place"]["to"] == "intake.place"
    shown = admin.publishes(folder, "--dry-run", "--move", "intake.followed_by=intake.helper").output
    assert "intake.helper" in shown
    assert "reste sur sa version" in shown
    assert people.states(world) == before
    assert world.one("SELECT count(*) FROM flow_activations") == 1


def test_a_publication_asks_first_and_is_listed_with_who_and_why(admin: Admin, world: World) -> None:
    folder = PROJECT
    assert admin.types("publish", "--content", str(folder), given="n\n").exit_code == 1
    assert world.one("SELECT count(*) FROM flow_activations") == 0
    result = admin.publishes(folder, "--yes", "--note", "Première version")
    assert result.exit_code == 0, result.output
    listed = admin.types("versions", "--lang", "fr").output
    assert "Fatou  Première version" in listed
    assert listed.startswith("* ")
    assert "déjà active" in admin.publishes(folder, "--yes").output


def test_mistakes_are_told_and_nothing_is_published(admin: Admin, world: World, edited: Edit) -> None:
    result = admin.publishes(edited("welcome.yml", "go: menu", "go: meni"), "--yes")
    assert result.exit_code == 1
    assert "flows/welcome.yml:" in result.output
    assert "meni" in result.output
    assert world.one("SELECT count(*) FROM flow_versions") == 0


@pytest.mark.parametrize("move", ["intake.place", "intake.place=intake.plase", "=intake.place", "welcome=menu.hello"])
def test_a_map_that_leads_nowhere_is_wrong_use(admin: Admin, world: World, move: str) -> None:
    result = admin.publishes(PROJECT, "--move", move, "--yes")
    assert result.exit_code == 2
    assert move in result.output


def test_people_without_a_way_on_stop_a_publication_until_their_step_has_a_new_name(admin: Admin, world: World, edited: Edit) -> None:
    people.gather(world, 1)
    folder = edited("forms/intake.yml", "  - name: followed_by\n", "  - name: helper\n    save_as: followed_by\n")
    edited("translations/wo/LC_MESSAGES/flows.po", "form.intake.followed_by.say", "form.intake.helper.say")
    refused = admin.publishes(folder, "--yes")
    assert refused.exit_code == 1
    assert "--move" in refused.output
    assert world.one("SELECT count(*) FROM flow_activations") == 0
    assert admin.publishes(folder, "--yes", "--move", "intake.followed_by=intake.helper").exit_code == 0
    assert people.waiting(world)["intake.helper"] == 1


def test_going_back_step_by_step_meets_the_versions_before(admin: Admin, world: World, edited: Edit) -> None:
    def publish(folder: Path) -> str:
        assert admin.publishes(folder, "--yes").exit_code == 0
        return str(world.one("SELECT version FROM flow_activations ORDER BY seq DESC LIMIT 1"))

    names = [publish(PROJECT), publish(edited("welcome.yml", 'about: "Accueil', 'about: "Encore'))]
    names.append(publish(edited("welcome.yml", 'about: "Encore', 'about: "Toujours')))
    assert len(set(names)) == 3
    assert names[1] in admin.types("rollback", "--lang", "fr").output
    assert names[0] in admin.types("rollback", "--lang", "fr").output
    assert admin.types("rollback").exit_code == 2
    assert names[2] in admin.types("rollback", names[2][:8], "--lang", "fr").output
    assert admin.types("rollback", "zz").exit_code == 2


def test_a_version_that_the_program_can_no_longer_use_is_not_gone_back_to(admin: Admin, world: World) -> None:
    admin.publishes(PROJECT, "--yes")
    world.change("INSERT INTO flow_versions VALUES ('abcd', '\\x00', now())")
    assert admin.types("rollback", "abcd").exit_code == 1
    assert world.one("SELECT count(*) FROM flow_activations") == 1


def test_changed_paths_want_a_signature_and_no_others(admin: Admin, world: World, edited: Edit) -> None:
    assert admin.publishes(PROJECT, "--require-signatures", "--yes").exit_code == 1
    signed = admin.types("sign", "--by", "Awa Diop", "--yes", "--lang", "fr")
    assert signed.exit_code == 0
    assert admin.types("sign", "--status").exit_code == 0
    assert admin.publishes(PROJECT, "--require-signatures", "--yes").exit_code == 0
    folder = edited("out_of_scope.yml", "version: 1", "version: 2")
    assert admin.publishes(folder, "--require-signatures", "--yes").exit_code == 0
    text = (folder / "flows/welcome.yml").read_text(encoding="utf-8")
    assert HELLO in text
    edited("welcome.yml", HELLO, "Salut et bienvenue.")
    catalogue = folder / "flows/translations/wo/LC_MESSAGES/flows.po"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace(HELLO, "Salut et bienvenue."), encoding="utf-8")
    refused = admin.publishes(folder, "--require-signatures", "--yes", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["unsigned"] == 2
    assert admin.types("sign", "welcome", "--content", str(folder), "--language", "fr", "--by", "Awa Diop", "--yes").exit_code == 0
    assert admin.publishes(folder, "--require-signatures", "--yes").exit_code == 0


def test_a_signature_needs_a_name_and_a_flow_that_is_there(admin: Admin, world: World) -> None:
    assert admin.types("sign").exit_code == 2
    assert admin.types("sign", "nothing", "--by", "Awa").exit_code == 2


def test_a_database_that_is_away_is_said_plainly(world: World) -> None:
    result = Admin("postgresql://nobody@127.0.0.1:9/none").types("versions", "--lang", "fr")
    assert result.exit_code == 2
    assert "ne répond pas" in result.output
