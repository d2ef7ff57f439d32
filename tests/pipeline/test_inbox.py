"""Receiving: one row per provider id, one person per phone, one wake-up."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.domain.addresses import Address
from bot.domain.errors import Unavailable
from bot.storage.database import Database
from bot.storage.vault import Vault
from tests.conftest import KEYS, Clock
from tests.pipeline.world import AWA, MODOU, World

COUNTS = "SELECT (SELECT count(*) FROM contacts), (SELECT count(*) FROM messages), (SELECT count(*) FROM seen_ids)"


def test_a_message_is_kept_and_its_lane_is_woken(world: World) -> None:
    assert world.receive("bonjour")
    lane = world.one("SELECT lane FROM contacts")
    assert world.queue.wakes == [("advance", str(lane))]
    assert world.rows(COUNTS) == [(1, 1, 1)]


def test_the_same_delivery_five_times_at_once_is_one_message_and_one_wake_up(world: World) -> None:
    with ThreadPoolExecutor(5) as pool:
        taken = list(pool.map(lambda _: world.receive("bonjour", sid="SM1"), range(5)))
    assert sorted(taken) == [False, False, False, False, True]
    assert world.rows(COUNTS) == [(1, 1, 1)]
    assert len(world.queue.wakes) == 1


def test_a_hidden_number_and_the_number_itself_are_one_person(world: World) -> None:
    world.receive("bonjour", channel="whatsapp", also_known_as=Address("whatsapp", "SN.123"))
    world.receive("menu", "SN.123", "whatsapp")
    assert world.rows(COUNTS) == [(1, 2, 2)]


def test_somebody_who_was_hidden_first_is_one_person_too(world: World) -> None:
    world.receive("bonjour", "SN.123", "whatsapp")
    world.receive("menu", AWA, "whatsapp", also_known_as=Address("whatsapp", "SN.123"))
    world.receive("menu", AWA, "whatsapp")
    assert world.rows(COUNTS) == [(1, 3, 3)]


def test_two_histories_of_one_person_become_one_when_the_number_is_shown(world: World) -> None:
    world.receive("bonjour", "SN.123", "whatsapp")
    world.receive("bonjour", AWA, "whatsapp")
    assert world.one("SELECT count(*) FROM contacts") == 2
    world.receive("menu", AWA, "whatsapp", also_known_as=Address("whatsapp", "SN.123"))
    assert world.rows(COUNTS) == [(1, 3, 3)]


def test_an_id_that_belongs_to_somebody_else_joins_nobody(world: World) -> None:
    world.receive("bonjour", AWA, "whatsapp", also_known_as=Address("whatsapp", "SN.123"))
    world.receive("bonjour", MODOU, "whatsapp")
    world.receive("menu", MODOU, "whatsapp", also_known_as=Address("whatsapp", "SN.123"))
    assert world.one("SELECT count(DISTINCT contact_id) FROM messages") == 2


def test_without_a_database_the_provider_has_to_try_again_and_nobody_is_woken(clock: Clock) -> None:
    away = World(Database("postgresql://nobody@127.0.0.1:9/none", Vault(KEYS, b"i" * 32), clock), clock)
    with pytest.raises(Unavailable):
        away.receive("bonjour")
    assert away.queue.wakes == []
