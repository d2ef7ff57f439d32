"""A small run of the three months; `python -m tests.casework.simulation` makes the large one."""

import pytest

from bot.storage.database import Database
from tests.casework.simulation.audit import faults, figures
from tests.casework.simulation.run import run
from tests.conftest import Clock


@pytest.mark.parametrize("seed", [1])
def test_every_referral_ends_in_a_named_state_whatever_breaks(
    database: Database, clock: Clock, redis_url: str, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    made = run(database, clock, redis_url, referrals=25, seed=seed)
    logs = "".join(capsys.readouterr())
    assert list(faults(made.world, made.people, logs, "\n".join(made.jobs))) == []
    assert figures(made.world)["referrals"] >= 20
    assert made.trouble.counts["killed before commit"] > 0
