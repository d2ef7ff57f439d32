"""A dump of the database gives nobody away."""

import re

import sqlalchemy as sa

from bot.domain.addresses import Address
from bot.domain.messages import Status
from bot.domain.understanding import Entity, Guess, Understanding
from bot.storage.models import METADATA
from tests.pipeline.world import AWA, CASEWORKER, World

SECRETS = ("Kanaari", "7391", "771110001", "4f8a1b2c3d", "maison bleue", "rue des canaris", "Mon profil")


def dump(world: World) -> bytes:
    """Every column of every table, as its bytes."""
    written = bytearray()
    with world.rt.database.engine.begin() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(sa.select(table)):
                for value in row:
                    written += bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    written += b"\n"
    return bytes(written)


def use_everything(world: World) -> None:
    """An intake with a name, questions, dangers, a hidden number, a report: every table gets rows."""
    also = Address("whatsapp", "SN.4f8a1b2c3d")
    payload = {"From": [AWA], "ProfileName": ["Mon profil"], "Body": ["bonjour"]}
    world.say("bonjour", channel="whatsapp", also_known_as=also, payload=payload)
    text = "je m'appelle Kanaari 7391, la maison bleue, rue des canaris"
    understood = Understanding((Guess("out_of_scope", 0.9),), (Entity("person", "Kanaari", 13, 20, "Kanaari"),), "fr", None, "nlu")
    world.meanings.known[text] = understood
    world.say(text, channel="whatsapp")
    for answer in ("inscription", "oui", "1", "Touba", "1", "1", "1", "1", "1", "1", "Kanaari"):
        world.say(answer, channel="whatsapp")
    code = world.refer(words="j'ai envie de mourir Kanaari")
    world.say(f"ok {code}", CASEWORKER)
    world.report(f"reply.{world.one('SELECT id FROM messages WHERE NOT inbound LIMIT 1')}", Status.DELIVERED, "SM1")


def test_no_personal_value_stands_readable_in_any_column_of_any_table(world: World) -> None:
    use_everything(world)
    assert world.one("SELECT count(*) FROM submissions") == 1
    for table in ("contacts", "addresses", "messages", "sessions", "consents", "referrals", "notifications", "outbox", "seen_ids"):
        assert world.one(f"SELECT count(*) FROM {table}") > 0, table
    written = dump(world)
    for secret in SECRETS:
        for form in (secret, secret.lower(), secret.upper()):
            assert form.encode() not in written, secret
            assert form.encode("utf-16-le") not in written, secret
    assert not re.search(rb"\+?22177\d{7}", written)


def test_what_is_sealed_is_there_for_those_who_hold_the_key(world: World) -> None:
    use_everything(world)
    vault = world.rt.database.vault
    opened = [vault.open(bytes(content), "messages.content", row) for row, content in world.rows("SELECT id, content FROM messages")]
    assert any("Kanaari" in text for text in opened)
    answers = [vault.open(bytes(sealed), "submissions.answers", row) for row, sealed in world.rows("SELECT id, answers FROM submissions")]
    assert "Kanaari" in answers[0]


def test_swapped_values_do_not_open(world: World) -> None:
    world.say("bonjour")
    world.say("menu", "+221771110002")
    first, second = world.rows("SELECT id, value FROM addresses ORDER BY id")
    world.change("UPDATE addresses SET value = :value WHERE id = :id", value=bytes(second[1]), id=first[0])
    with world.rt.database.reading() as tx:
        assert tx.vault.open_if_possible(bytes(second[1]), "addresses.value", first[0]) is None
        assert tx.vault.open_if_possible(bytes(second[1]), "addresses.value", second[0]) is not None
