"""Bodies that no provider would send. `python -m tests.webhooks.fuzz --count 100000` is the whole of it."""

import pytest

from tests.pipeline.world import World
from tests.webhooks.fuzz import fuzz
from tests.webhooks.test_app import app

__all__ = ["app"]


@pytest.mark.parametrize("seed", [1, 2])
def test_no_body_breaks_the_door_and_none_is_kept_without_proof(world: World, seed: int) -> None:
    outcome = fuzz(world, 1000, seed)
    assert (outcome.broken, outcome.kept_unproven, outcome.thanked_unproven) == ([], [], [])
    assert outcome.kept > 20
    assert outcome.answers.total() == 1000


def test_a_seed_makes_the_same_run_again(world: World) -> None:
    first = fuzz(world, 300, 7)
    world.change("TRUNCATE messages, contacts, addresses, seen_ids CASCADE")
    assert fuzz(world, 300, 7).answers == first.answers
