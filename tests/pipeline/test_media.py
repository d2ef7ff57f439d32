"""What people send is fetched, sealed, handed to a human, deleted at the provider and, in time, here."""

from typing import Any

import pytest

from bot.domain.errors import FetchError
from bot.domain.messages import InboundKind, Media
from bot.pipeline import media
from bot.pipeline.media import MOST_ATTEMPTS
from bot.storage import media as files
from bot.worker import timetable
from tests.pipeline.world import AWA, CASEWORKER, MODOU, World
from tests.storage.test_privacy import dump

NOTE = b"OggS" + b"\x00\x02" + b"Kanaari 7391, la maison bleue"
URL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
AWAY = FetchError("no_answer", retryable=True)


def send(world: World, *urls: str, kind: InboundKind = "voice", content_type: str = "audio/ogg", sender: str = AWA, **more: Any) -> str:
    """A message with files, answered; what its sender reads."""
    found = tuple(Media(url, content_type) for url in urls or (URL,))
    for file in found:
        world.shelf.files.setdefault(file.url, NOTE)
    return world.say("", sender, "whatsapp", kind=kind, media=found, **more)


def state(world: World) -> list[tuple[str, str]]:
    return [(state, reason) for state, reason in world.rows("SELECT state, reason FROM media ORDER BY created_at, position")]


def events(world: World) -> list[str]:
    return [event for (event,) in world.rows("SELECT event FROM media_events ORDER BY seq")]


def test_a_voice_note_is_thanked_for_and_never_called_misunderstood(world: World) -> None:
    assert "vocal est bien arrivé" in send(world)
    assert "une personne du secrétariat" in world.whatsapp.texts(AWA)[-1]


@pytest.mark.parametrize("kind", ["voice", "image", "document"])
def test_in_the_middle_of_a_question_it_is_thanked_for_and_the_question_asked_again(world: World, kind: InboundKind) -> None:
    world.say("inscription", channel="whatsapp")
    answer = send(world, kind=kind)
    assert "une personne le fera" in answer
    assert "Répondez" in answer or "1." in answer or "?" in answer


def test_it_is_expected_with_its_message_and_a_worker_is_woken(world: World) -> None:
    send(world)
    assert state(world) == [("waiting", "")]
    assert ("media", "files") in world.queue.wakes


def test_a_message_without_files_wakes_nobody_for_files(world: World) -> None:
    world.say("menu")
    assert ("media", "files") not in world.queue.wakes


def test_it_is_fetched_sealed_and_deleted_at_the_provider(world: World) -> None:
    send(world)
    assert media.fetch_due(world.rt) is False
    assert state(world) == [("kept", "")]
    assert world.shelf.removed == [URL]
    assert world.one("SELECT provider_gone_at FROM media") == world.clock.now
    sealed = bytes(world.one("SELECT content FROM media"))
    assert b"Kanaari" not in sealed
    media_id = world.one("SELECT id FROM media")
    with world.rt.database.writing() as tx:
        assert files.open_content(tx, media_id, "Fatou") == NOTE


def test_nothing_of_a_file_nor_of_where_it_lay_stands_readable_anywhere(world: World) -> None:
    send(world, payload={"MediaUrl0": [URL]})
    media.fetch_due(world.rt)
    written = dump(world)
    for secret in (b"Kanaari", b"maison bleue", b"MM1", b"ME1"):
        assert secret not in written


def test_the_secretariat_hears_that_one_waits_and_nothing_else(world: World) -> None:
    send(world)
    media.fetch_due(world.rt)
    code, partner, need = world.rows("SELECT code, partner, need FROM referrals")[0]
    assert need == "file"
    assert partner == world.rt.content.directory.country.regions["diourbel"].coordinator
    world.dispatch()
    (notice,) = world.sms.texts(CASEWORKER)
    assert code in notice
    assert "vocal ou fichier" in notice
    assert "audio" not in notice


def test_three_voice_notes_are_one_matter_until_it_is_closed(world: World) -> None:
    send(world, URL, URL + "2")
    send(world, URL + "3")
    media.fetch_due(world.rt)
    assert [state for state, _ in state(world)] == ["kept"] * 3
    assert world.one("SELECT count(*) FROM referrals") == 1
    world.change("UPDATE referrals SET state = 'closed'")
    send(world, URL + "4")
    media.fetch_due(world.rt)
    assert world.one("SELECT count(*) FROM referrals") == 2


def test_while_the_provider_is_away_a_file_waits_longer_each_time(world: World) -> None:
    send(world)
    world.shelf.errors.append(AWAY)
    assert media.fetch_due(world.rt) is False
    assert state(world) == [("waiting", "")]
    media.wake_due(world.rt)
    assert world.shelf.fetched == [URL]
    world.pass_(seconds=16)
    world.queue.wakes.clear()
    media.wake_due(world.rt)
    assert world.queue.wakes == [("media", "files")]
    media.fetch_due(world.rt)
    assert state(world) == [("kept", "")]


def test_after_a_dozen_failures_it_is_lost_and_a_human_hears_of_it_all_the_same(world: World) -> None:
    send(world)
    for _ in range(MOST_ATTEMPTS):
        world.shelf.errors.append(AWAY)
        media.fetch_due(world.rt)
        world.pass_(hours=7)
    assert state(world) == [("lost", "no_answer")]
    assert world.one("SELECT count(*) FROM referrals") == 1


def test_what_the_provider_has_no_more_is_lost_at_once_and_not_asked_to_be_deleted(world: World) -> None:
    send(world)
    world.shelf.files.clear()
    media.fetch_due(world.rt)
    assert state(world) == [("lost", "gone")]
    assert world.shelf.removed == []


@pytest.mark.parametrize(
    ("kind", "content_type", "content", "reason"),
    [
        ("document", "application/x-msdownload", b"MZ", "type"),
        ("voice", "audio/ogg", b"MZ\x90", "not_what_it_says"),
        ("voice", "audio/ogg", b"", "empty"),
        ("voice", "audio/ogg", b"OggS" + b"x" * (16 * 1024 * 1024), "too_large"),
    ],
)
def test_what_is_not_ours_to_keep_is_only_deleted_at_the_provider(
    world: World, kind: InboundKind, content_type: str, content: bytes, reason: str
) -> None:
    world.shelf.files[URL] = content
    send(world, kind=kind, content_type=content_type)
    media.fetch_due(world.rt)
    assert state(world) == [("refused", reason)]
    assert world.one("SELECT content FROM media") is None
    assert world.shelf.removed == [URL]


def test_a_sticker_is_nobodys_work(world: World) -> None:
    send(world, kind="sticker", content_type="image/webp")
    media.fetch_due(world.rt)
    assert world.one("SELECT count(*) FROM referrals") == 0
    assert (world.shelf.fetched, world.shelf.removed) == ([], [URL])


def test_a_caseworkers_file_is_not_kept(world: World) -> None:
    picture = (Media(URL, "image/jpeg"),)
    world.say("", CASEWORKER, kind="image", media=picture)
    media.fetch_due(world.rt)
    assert state(world) == [("refused", "caseworker")]
    assert (world.shelf.fetched, world.shelf.removed) == ([], [URL])
    assert world.one("SELECT count(*) FROM referrals") == 0


def test_a_deletion_that_fails_is_tried_until_it_is_done(world: World) -> None:
    send(world)
    world.shelf.errors.extend([FetchError("gone_away", retryable=True)] * 2)
    media.fetch_due(world.rt)
    world.pass_(minutes=1)
    media.fetch_due(world.rt)
    world.pass_(minutes=1)
    media.fetch_due(world.rt)
    assert world.shelf.removed == [URL]


@pytest.mark.parametrize(("days", "left"), [(29, 1), (30, 0)])
def test_when_its_time_is_over_a_file_is_deleted_and_the_record_stays(world: World, days: int, left: int) -> None:
    send(world)
    media.fetch_due(world.rt)
    world.pass_(days=days)
    assert media.forget(world.rt) == 1 - left
    assert world.one("SELECT count(*) FROM media") == left
    assert events(world) == ["kept"] + ["expired"] * (1 - left)


def test_how_long_is_a_setting(world: World) -> None:
    send(world)
    media.fetch_due(world.rt)
    world.pass_(days=8)
    short = World(world.rt.database, world.clock, media_days="7")
    assert media.forget(short.rt) == 1
    short.pool.shutdown()


def test_a_file_whose_deletion_there_is_still_owed_is_emptied_and_stays_until_it_is_done(world: World) -> None:
    send(world)
    world.pass_(days=31)
    media.forget(world.rt)
    assert state(world) == [("expired", "")]
    media.fetch_due(world.rt)
    assert world.shelf.fetched == []
    media.forget(world.rt)
    assert world.one("SELECT count(*) FROM media") == 0


def test_the_record_of_openings_is_forgotten_after_two_years(world: World) -> None:
    send(world)
    media.fetch_due(world.rt)
    world.pass_(days=31)
    media.forget(world.rt)
    world.pass_(days=731)
    media.forget(world.rt)
    assert events(world) == []


def test_a_contact_that_is_erased_takes_its_files_along(world: World) -> None:
    send(world)
    send(world, URL + "2", sender=MODOU)
    media.fetch_due(world.rt)
    world.change("DELETE FROM contacts WHERE id = (SELECT contact_id FROM media ORDER BY created_at, id LIMIT 1)")
    assert world.one("SELECT count(*) FROM media") == 1


def test_the_timers_wake_for_files_and_delete_them(world: World) -> None:
    table = {job.name: job for job in timetable(world.rt)}
    send(world)
    world.queue.wakes.clear()
    table["wake_media"].run(world.rt)
    assert world.queue.wakes == [("media", "files")]
    table["forget_media"].run(world.rt)
    assert state(world) == [("waiting", "")]


def test_a_message_that_is_delivered_twice_brings_its_file_once(world: World) -> None:
    send(world, sid="MM1")
    send(world, sid="MM1")
    assert len(state(world)) == 1
