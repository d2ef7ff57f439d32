"""A small run of the three months; `python -m tests.casework.simulation` makes the large one."""

import pytest

from bot.storage.database import Database
from tests.casework.simulation.audit import faults, figures
from tests.casework.simulation.run import run
from tests.conftest import Clock


def test_every_referral_ends_in_a_named_state_whatever_breaks(
    database: Database, clock: Clock, redis_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run(database, clock, redis_url, referrals=20, seed=1)
    assert list(faults(made, "".join(capsys.readouterr()))) == []
    came = figures(made)
    assert came["referrals"] >= 20
    assert came["broken"]["killed before commit"] > 0
