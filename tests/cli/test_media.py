"""`dellusi media`: staff list, open and delete what people sent, and leave a line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.media import media as command
from bot.domain.messages import Media
from bot.pipeline import media
from tests.pipeline.conftest import log_lines, world
from tests.pipeline.world import World, environment

__all__ = ["log_lines", "world"]

URL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
NOTE = b"OggS\x00 a voice"


class Staff:
    """Types commands on the database of the service."""

    def __init__(self, url: str) -> None:
        self._environment = environment(database_url=url)

    def types(self, *arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(command, [*arguments, "--lang", "fr"], env=self._environment, input=given)

    def listed(self, *options: str) -> list[dict[str, object]]:
        shown: list[dict[str, object]] = json.loads(self.types("list", "--json", *options).stdout)
        return shown


@pytest.fixture
def staff(world: World, database_url: str) -> Staff:
    """Staff of a service where one voice note was fetched."""
    world.shelf.files[URL] = NOTE
    world.say("", channel="whatsapp", kind="voice", media=(Media(URL, "audio/ogg; codecs=opus"),))
    media.fetch_due(world.rt)
    return Staff(database_url)


def test_a_file_is_listed_with_its_referral_and_without_anything_personal(staff: Staff, world: World) -> None:
    (one,) = staff.listed()
    assert (one["kind"], one["state"], one["size"], one["opened"]) == ("voice", "kept", len(NOTE), 0)
    assert one["code"] == world.one("SELECT code FROM referrals")
    shown = staff.types("list").stdout
    assert "gardé" in shown
    assert "ouvert 0 fois" in shown
    assert "+221" not in shown


def test_opening_writes_it_for_its_owner_alone_and_leaves_a_line(staff: Staff, tmp_path: Path) -> None:
    file_id, path = str(staff.listed()[0]["id"])[:8], tmp_path / "note.ogg"
    answer = staff.types("play", file_id, "--by", "Fatou", "--to", str(path))
    assert answer.exit_code == 0, answer.output
    assert path.read_bytes() == NOTE
    assert path.stat().st_mode & 0o777 == 0o600
    assert staff.listed()[0]["opened"] == 1
    (line, _) = json.loads(staff.types("log", "--json").stdout)
    assert (line["event"], line["by"], line["media_id"][:8]) == ("opened", "Fatou", file_id)
    assert "ouvert par  Fatou" in staff.types("log").stdout


def test_the_line_is_there_also_when_the_file_cannot_be_written(staff: Staff, tmp_path: Path) -> None:
    file_id, path = str(staff.listed()[0]["id"]), tmp_path / "note.ogg"
    path.write_text("mine")
    answer = staff.types("play", file_id, "--by", "Fatou", "--to", str(path))
    assert (answer.exit_code, path.read_text()) == (2, "mine")
    assert staff.listed()[0]["opened"] == 1


def test_a_file_is_deleted_here_and_then_at_the_provider(staff: Staff, world: World) -> None:
    file_id = str(staff.listed()[0]["id"])
    assert staff.types("drop", file_id, given="n\n").exit_code == 1
    answer = staff.types("drop", file_id, "--by", "Fatou", "--yes")
    assert answer.exit_code == 0, answer.output
    assert world.one("SELECT content FROM media") is None
    assert staff.listed() == []
    assert staff.listed("--all")[0]["state"] == "dropped"
    assert staff.types("play", file_id).exit_code == 1
    assert staff.types("drop", file_id, "--yes").exit_code == 1


def test_what_was_not_fetched_yet_can_be_deleted_too_and_is_never_fetched(staff: Staff, world: World) -> None:
    world.say("", channel="whatsapp", kind="voice", media=(Media(URL + "2", "audio/ogg"),))
    waiting = next(one for one in staff.listed() if one["state"] == "waiting")
    assert staff.types("drop", str(waiting["id"]), "--yes").exit_code == 0
    media.fetch_due(world.rt)
    assert world.shelf.fetched == [URL]
    assert world.shelf.removed == [URL, URL + "2"]


def test_an_unknown_or_short_id_is_told(staff: Staff) -> None:
    for wrong in ("00000000", "3f"):
        answer = staff.types("play", wrong)
        assert answer.exit_code == 2
        assert "Aucun fichier ne commence par" in answer.output


def test_without_a_database_the_command_says_so(database_url: str) -> None:
    answer = Staff("postgresql://nobody@127.0.0.1:9/none").types("list")
    assert answer.exit_code == 2
