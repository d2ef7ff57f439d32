"""Recordings beside texts: bound to the words, told when these change, never written over, carried by the version."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.flows_voice import voice
from bot.content.files import collect, version_of
from bot.content.load import load_content
from bot.domain.errors import ContentError
from bot.domain.recordings import LARGEST
from bot.flowtools.voices import check_voices
from tests.flowtools.sounds import mp3, opus, png

BYE = "thank_bye.bye.say"


def run(folder: Path, command: str, *options: str) -> Result:
    return CliRunner().invoke(voice, [command, *options, "--content", str(folder), "--lang", "fr"])


def record(folder: Path, content: bytes, text: str = BYE, language: str = "fr", by: str = "Awa Ndiaye") -> Result:
    file = folder / "spoken.bin"
    file.write_bytes(content)
    return run(folder, "record", str(file), "--text", text, "--language", language, "--by", by)


def change(folder: Path) -> None:
    path = folder / "flows" / "thank_bye.yml"
    text = path.read_text(encoding="utf-8")
    assert "bon courage" in text
    path.write_text(text.replace("bon courage", "bonne route"), encoding="utf-8")


def state(folder: Path, language: str = "fr", kind: str = "audio", text: str = BYE) -> str:
    told = json.loads(run(folder, "status", "--json", "--language", language, "--kind", kind).output)
    (found,) = [one["state"] for one in told if one["text"] == text]
    return str(found)


def codes(folder: Path) -> list[tuple[str, str]]:
    return [(fault.code, fault.severity) for fault in check_voices(load_content(folder), folder)]


def test_a_recording_is_kept_under_its_own_hash_and_named_in_the_index(folder: Path) -> None:
    before = version_of(collect(folder / "flows"))
    done = record(folder, opus(), by='Awa "Aïda" Ndiaye')
    assert done.exit_code == 0, done.output
    (made,) = load_content(folder).recordings.entries
    assert (made.text, made.language, made.kind, made.size, made.by) == (BYE, "fr", "audio", len(opus()), 'Awa "Aïda" Ndiaye')
    assert (folder / "flows" / "media" / made.name).read_bytes() == opus()
    assert (state(folder), state(folder, "wo"), state(folder, kind="image")) == ("current", "missing", "missing")
    files = collect(folder / "flows")
    assert "media/index.yml" in files
    assert version_of(files) != before
    assert not codes(folder)


def test_a_text_that_changes_loses_its_recording_until_somebody_accepts_it(folder: Path) -> None:
    record(folder, opus())
    change(folder)
    assert state(folder) == "stale"
    assert codes(folder) == [("recording_stale", "warning")]
    told = run(folder, "status", "--language", "fr")
    assert told.exit_code == 1
    assert "bonne route" in told.output
    assert run(folder, "accept", BYE, "--language", "fr").exit_code == 0
    assert state(folder) == "current"
    assert not codes(folder)


def test_a_new_recording_takes_the_place_of_the_old_one_whose_file_stays(folder: Path) -> None:
    record(folder, opus())
    record(folder, mp3())
    (made,) = load_content(folder).recordings.entries
    assert made.name.endswith(".mp3")
    assert len(list((folder / "flows" / "media").glob("*.*"))) == 3


def test_languages_and_pictures_have_entries_of_their_own(folder: Path) -> None:
    for content, language in ((opus(), "fr"), (opus(11), "wo"), (png(), "fr")):
        assert record(folder, content, language=language).exit_code == 0
    entries = load_content(folder).recordings.entries
    assert [(one.language, one.kind) for one in entries] == [("fr", "audio"), ("fr", "image"), ("wo", "audio")]
    assert run(folder, "forget", BYE, "--language", "fr", "--kind", "image").exit_code == 0
    assert (state(folder), state(folder, "wo"), state(folder, kind="image")) == ("current", "current", "missing")


def test_a_file_that_went_missing_is_an_error_and_a_text_that_is_gone_a_warning(folder: Path) -> None:
    record(folder, opus())
    (made,) = load_content(folder).recordings.entries
    (folder / "flows" / "media" / made.name).unlink()
    assert codes(folder) == [("recording_lost", "error")]
    assert state(folder) == "lost"
    index = folder / "flows" / "media" / "index.yml"
    index.write_text(index.read_text(encoding="utf-8").replace(BYE, "thank_bye.gone.say"), encoding="utf-8")
    assert codes(folder) == [("recording_orphan", "warning")]


@pytest.mark.parametrize(
    ("content", "text", "sentence"),
    [
        (b"RIFF....WAVE", BYE, "ni ogg/opus"),
        (mp3() + bytes(LARGEST["audio"]), BYE, "16 Mo"),
        (png() + bytes(LARGEST["image"]), BYE, "5 Mo"),
        (opus(), "thank_bye.by.say", BYE),
        (opus(), "words.guess", "changent"),
    ],
)
def test_what_cannot_be_bound_is_told_and_leaves_nothing(folder: Path, content: bytes, text: str, sentence: str) -> None:
    done = record(folder, content, text)
    assert done.exit_code == 2
    assert sentence in done.output
    assert not (folder / "flows" / "media").exists()


def test_texts_with_somebodys_own_values_are_never_asked_for(folder: Path) -> None:
    told = json.loads(run(folder, "status", "--json", "--language", "fr").output)
    varying = [one["text"] for one in told if one["state"] == "varies"]
    assert "words.guess" in varying
    assert all("{{ results" not in one["words"] for one in told if one["state"] == "missing")
    assert run(folder, "status").exit_code == 0


def test_nothing_to_accept_or_forget_and_no_such_language_are_wrong_use(folder: Path) -> None:
    for command in ("accept", "forget"):
        assert run(folder, command, BYE, "--language", "fr").exit_code == 2
    assert run(folder, "accept", BYE, "--language", "xx").exit_code == 2


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [("language: fr", "language: fx", "not_allowed"), (".ogg", ".exe", "recording_name"), ("bytes:", "byte:", "unknown_key")],
)
def test_an_index_that_was_edited_by_hand_is_checked_like_every_file(folder: Path, before: str, after: str, code: str) -> None:
    record(folder, opus())
    index = folder / "flows" / "media" / "index.yml"
    index.write_text(index.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(ContentError) as broken:
        load_content(folder)
    assert code in [fault.code for fault in broken.value.faults]
