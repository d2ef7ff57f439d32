"""`python -m tests.webhooks.fuzz --count 100000 --seed 1`: mutated webhook bodies against the real app on a real database.

No answer may be a 5xx, and nothing may be kept of a request that does not bear what its door demands: Twilio's signature, or the
secret address and the credentials of a gateway. The same seed makes the same requests.
"""

import argparse
import contextlib
import io
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from bot import telemetry
from bot.channels.gateway import Guard
from bot.storage.database import Database
from bot.storage.vault import Vault
from tests.channels.gateway_rig import DIALECTS
from tests.channels.gateway_rig import provider as gateway_provider
from tests.channels.rig import provider
from tests.conftest import KEYS, Clock, postgres
from tests.pipeline.world import World
from tests.webhooks.shots import Shooter, Shot
from webhooks.app import create_app

BLOCK = 500
_TABLES = ("messages", "contacts", "addresses", "seen_ids", "outbox", "sessions", "notifications")
TRACES = "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in _TABLES)


@dataclass
class Outcome:
    """What came of it. `broken` and `kept_unproven` have to stay empty."""

    answers: Counter[tuple[bool, int]] = field(default_factory=Counter)
    broken: list[Shot] = field(default_factory=list)
    kept_unproven: list[str] = field(default_factory=list)
    thanked_unproven: list[Shot] = field(default_factory=list)
    kept: int = 0
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return not (self.broken or self.kept_unproven or self.thanked_unproven)

    def lines(self) -> list[str]:
        """For people."""
        total = self.answers.total()
        credible = sum(amount for (proven, _), amount in self.answers.items() if proven)
        told = [
            f"requests            {total} in {self.seconds:.1f} s ({total / max(self.seconds, 0.001):.0f} a second)",
            f"with valid proof    {credible}, without {total - credible}",
        ]
        told += [
            f"answer {status} {'proven' if proven else 'unproven':9} {amount}" for (proven, status), amount in sorted(self.answers.items())
        ]
        told += [f"messages kept       {self.kept}"]
        told += [f"5xx                 {len(self.broken)}", f"kept without proof  {len(self.kept_unproven)}"]
        return [*told, f"thanked without     {len(self.thanked_unproven)}"]


def fuzz(world: World, amount: int, seed: int) -> Outcome:
    """Fire `amount` requests, in blocks: those without proof first, and after them the database has to be as it was."""
    guard = Guard("gateway:secret")
    apps = {name: create_app(world.rt, provider(), gateway_provider(name, guard)) for name in DIALECTS}
    shots = Shooter(random.Random(seed)).shots(amount)
    outcome, began = Outcome(), time.monotonic()
    while block := list(islice(shots, BLOCK)):
        before = world.rows(TRACES)
        for shot in (shot for shot in block if not shot.credible):
            _note(outcome, shot, shot.fired(apps[shot.dialect]))
        if world.rows(TRACES) != before:
            outcome.kept_unproven.append(f"block at {outcome.answers.total()}")
        for shot in (shot for shot in block if shot.credible):
            _note(outcome, shot, shot.fired(apps[shot.dialect]))
    outcome.kept = world.one("SELECT count(*) FROM messages")
    outcome.seconds = time.monotonic() - began
    return outcome


def _note(outcome: Outcome, shot: Shot, status: int) -> None:
    outcome.answers[shot.credible, status] += 1
    if status >= 500:
        outcome.broken.append(shot)
    if status < 400 and not shot.credible:
        outcome.thanked_unproven.append(shot)


def main() -> int:
    """The command; 1 when something broke, was kept without proof, or the log named a person."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed                {options.seed}", flush=True)
    ears = io.StringIO()
    with postgres() as url:
        database = Database(url, Vault(KEYS, b"i" * 32), Clock())
        world = World(database, Clock())
        with contextlib.redirect_stdout(ears), contextlib.redirect_stderr(ears):
            telemetry.configure("json", "warning", "fuzz")
            outcome = fuzz(world, options.count, options.seed)
        world.pool.shutdown()
        database.close()
    print("\n".join(outcome.lines()))
    named = [line for line in ears.getvalue().splitlines() if re.search(r"77\s?123\s?45|Salaam|Bonjour", line)]
    print(f"log lines           {ears.getvalue().count(chr(10))}, that name a person {len(named)}")
    for place, times in Counter(re.findall(r'"where": "([^"]+)"', ears.getvalue())).items():
        print(f"broke at            {place}, {times} times")
    for shot in outcome.broken[:5]:
        print(shot.path, shot.query[:200], shot.body[:300])
    return 0 if outcome.good and not named else 1


if __name__ == "__main__":
    raise SystemExit(main())
