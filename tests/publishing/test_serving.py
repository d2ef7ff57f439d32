"""Workers serve what is published, take a new version up while they run, and refuse a broken one."""

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from bot import worker
from bot.content.files import collect, pack, version_of
from bot.content.load import around
from bot.content.store import MOST_KEPT, ContentStore
from bot.publishing import versions
from bot.publishing.plan import Choice
from bot.settings import PROJECT
from bot.storage import flow_versions
from bot.storage.database import Database
from tests.pipeline.world import AWA, MODOU, World, shipped
from tests.publishing import people
from tests.publishing.conftest import Edit

HELLO = "Bonjour et bienvenue."
PLACE = "Dans quelle ville ou quel département vivez-vous ?"


def _plant(world: World, files: dict[str, bytes], *, version: str = "") -> str:
    """Make files active that no check has seen."""
    version = version or version_of(files)
    with world.rt.database.writing() as tx:
        flow_versions.keep(tx, version, pack(files))
        flow_versions.activate(tx, version, "publish", "tests", "")
    world.pass_(seconds=4)
    return version


def test_a_new_version_is_served_without_a_restart_within_seconds(world: World, edited: Edit) -> None:
    assert HELLO in world.say("bonjour")
    people.publish(world, edited("welcome.yml", HELLO, "Salut et bienvenue."))
    assert "Salut et bienvenue." in world.say("bonjour", MODOU)


def test_a_version_is_not_looked_for_at_every_message(world: World, edited: Edit) -> None:
    versions.publish(world.rt.database, people.draft(edited("welcome.yml", HELLO, "Salut.")), Choice({}), "tests", "")
    assert not world.rt.contents.refresh()
    world.pass_(seconds=4)
    assert world.rt.contents.refresh()
    assert not world.rt.contents.refresh()


def test_who_waits_ends_on_the_words_they_began_with_and_begins_anew_with_todays(world: World, edited: Edit) -> None:
    people.keep_shipped(world, PROJECT)
    world.say("inscription")
    world.say("oui")
    people.publish(world, edited("forms/intake.yml", PLACE, "Où vivez-vous ?"))
    assert PLACE in world.say("1")
    world.say("inscription", MODOU)
    world.say("oui", MODOU)
    assert "Où vivez-vous ?" in world.say("1", MODOU)


def test_a_wolof_conversation_keeps_the_translations_of_its_version(world: World, edited: Edit) -> None:
    people.keep_shipped(world, PROJECT)
    world.say("wolof")
    world.say("inscription")
    world.say("oui")
    before = world.say("encore")
    people.publish(world, edited("forms/intake.yml", "Avez-vous 18 ans ou plus ?", "Quel âge ?"))
    assert world.say("encore") == before


def test_a_change_of_subject_goes_on_in_todays_version(world: World, edited: Edit) -> None:
    people.keep_shipped(world, PROJECT)
    world.say("bonjour")
    made, _ = people.publish(world, edited("register.yml", "Pour vous aider, nous notons :", "Nous notons :"))
    assert "Nous notons" in world.say("inscription")
    assert "Pour vous aider" not in "".join(world.sms.texts(AWA))
    assert world.one("SELECT flows_version FROM sessions") == made.version


def test_a_consent_names_the_version_whose_text_was_read(world: World, edited: Edit) -> None:
    kept = people.keep_shipped(world, PROJECT)
    world.say("inscription")
    people.publish(world, edited("register.yml", "Pour vous aider, nous notons :", "Nous notons :"))
    world.say("oui")
    assert world.one("SELECT flows_version FROM consents") == kept


def test_silence_is_answered_on_the_version_that_waits(world: World, edited: Edit) -> None:
    people.keep_shipped(world, PROJECT)
    world.say("inscription")
    world.say("oui")
    people.publish(world, edited("forms/intake.yml", "Bonjour. Nous attendons votre réponse.", "Nous attendons."))
    world.pass_(days=7)
    world.time_out()
    world.dispatch()
    assert world.sms.texts(AWA)[-1].startswith("Bonjour. Nous attendons")


def test_a_danger_that_only_todays_version_knows_is_heard_in_an_older_conversation(world: World, edited: Edit) -> None:
    world.pass_(seconds=4)
    files = {name: raw for name, raw in collect(PROJECT / "flows").items() if name != "danger_self_harm.yml"}
    _plant(world, files)
    world.rt.contents.refresh()
    assert "danger_self_harm" not in world.rt.content.flows.flows
    world.say("inscription")
    people.publish(world, PROJECT)
    world.say("j'ai envie de mourir")
    assert world.one("SELECT flow FROM sessions") == "danger_self_harm"
    assert world.one("SELECT urgency FROM referrals") == "emergency"


@pytest.mark.parametrize(
    ("file", "broken"),
    [("welcome.yml", b"flow: welcome\nnodes: [\n"), ("welcome.yml", b"flow: welcome\nabout: x\nnodes:\n  - {name: a, go: nowhere}\n")],
)
def test_a_broken_version_is_refused_and_the_present_one_stays(world: World, file: str, broken: bytes) -> None:
    people.keep_shipped(world, PROJECT)
    _plant(world, {**collect(PROJECT / "flows"), file: broken})
    assert not world.rt.contents.refresh()
    assert HELLO in world.say("bonjour")


def test_a_version_whose_files_were_changed_is_refused(world: World) -> None:
    _plant(world, {**collect(PROJECT / "flows"), "welcome.yml": b"flow: welcome\n"}, version="0123456789abcdef")
    assert not world.rt.contents.refresh()
    assert HELLO in world.say("bonjour")


def test_a_process_that_starts_on_a_broken_version_serves_the_one_before(world: World, edited: Edit) -> None:
    made, _ = people.publish(world, edited("welcome.yml", HELLO, "Salut."))
    _plant(world, {**collect(PROJECT / "flows"), "welcome.yml": b"flow: welcome\n"})
    started = ContentStore(world.rt.database, around(shipped()), shipped)
    assert started.current.flows.version == made.version


def test_a_stored_version_cannot_be_changed(world: World) -> None:
    people.keep_shipped(world, PROJECT)
    with pytest.raises(Exception, match="never changes"):
        world.change("UPDATE flow_versions SET files = ''")


def test_files_that_are_served_before_anything_is_published_are_kept_for_who_begins_on_them(world: World, edited: Edit) -> None:
    ContentStore(world.rt.database, around(shipped()), shipped, root=PROJECT / "flows")
    world.say("inscription")
    world.say("oui")
    people.publish(world, edited("forms/intake.yml", PLACE, "Où vivez-vous ?"))
    assert PLACE in world.say("1")


def test_only_some_earlier_versions_stay_in_memory_and_the_others_are_read_again(world: World) -> None:
    files = collect(PROJECT / "flows")
    many = []
    for number in range(MOST_KEPT + 2):
        many.append(_plant(world, {**files, "extra.yml": f"flow: extra\nabout: n{number}\nnodes:\n  - {{name: a, say: A}}\n".encode()}))
        world.rt.contents.refresh()
    assert world.rt.content.as_of(many[0]) is world.rt.content
    with world.rt.database.reading() as tx:
        world.rt.contents.have(tx, many[0])
    assert world.rt.content.as_of(many[0]).flows.version == many[0]


def test_timers_look_for_a_new_version(world: World, edited: Edit) -> None:
    made, _ = versions.draft(edited("welcome.yml", HELLO, "Salut."), home="diourbel", sandbox=True)
    assert made is not None
    versions.publish(world.rt.database, made, Choice({}), "tests", "")
    world.pass_(seconds=4)
    job = next(job for job in worker.timetable(world.rt) if job.name == "refresh_flows")
    assert job.every <= timedelta(seconds=5)
    job.run(world.rt)
    assert world.rt.content.flows.version == made.version


def test_turns_that_are_taken_while_a_version_is_published_lose_nobody(world: World, database: Database, edited: Edit) -> None:
    people.keep_shipped(world, PROJECT)
    people.gather(world, 3)
    made = people.draft(edited("forms/intake.yml", PLACE, "Où vivez-vous ?"))
    for number in range(30):
        world.receive("encore", people.phone(number))
    publishing = threading.Thread(target=versions.publish, args=(database, made, Choice({}, move_all=True), "tests", ""))
    publishing.start()
    people.drain(world)
    publishing.join()
    world.pass_(seconds=4)
    world.rt.contents.refresh()
    people.finish(world, 3, skipped="")
    assert world.one("SELECT count(*) FROM messages WHERE node = 'words.our_fault'") == 0
    assert world.one("SELECT count(*) FROM sessions") + world.one("SELECT count(*) FROM referrals") == 30


_SERVES = """
import sys, time
from pathlib import Path
from bot.content.load import around, load_content
from bot.content.store import ContentStore
from bot.settings import PROJECT
from bot.storage.database import Database
from bot.storage.vault import Vault
shipped = load_content(PROJECT)
store = ContentStore(Database(sys.argv[1], Vault((("k1", b"1" * 32),), b"i" * 32)), around(shipped), lambda: shipped)
print(store.current.flows.version, flush=True)
deadline = time.monotonic() + 30
while time.monotonic() < deadline and not store.refresh():
    time.sleep(0.1)
print(store.current.flows.version, flush=True)
"""


def test_a_running_process_takes_up_what_another_one_publishes(world: World, database_url: str, edited: Edit, tmp_path: Path) -> None:
    script = tmp_path / "serves.py"
    script.write_text(_SERVES)
    process = subprocess.Popen([sys.executable, script, database_url], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == shipped().flows.version
    made, _ = people.publish(world, edited("welcome.yml", HELLO, "Salut."))
    said, _ = process.communicate(timeout=40)
    assert said.strip().endswith(made.version)
    assert process.returncode == 0
