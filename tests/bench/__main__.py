"""`make bench`: what the service carries, as ratios against references measured in the same run."""

import argparse
import asyncio
import json
import os
import random
import shlex
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.bench.engine import engine_shares, engine_turns
from tests.bench.people import Account, Outcome, Provider, converse, post_only
from tests.bench.sustained import climb, sustained
from tests.e2e.rig import UNLIMITED
from tests.soak.samples import positive

DELLUSI = str(Path(sys.prefix) / "bin" / "dellusi")
RUNNING = "Dellusi is running."
# Menu and form answers: the intake from its keyword on. Digits and keywords need no NLU; the place does.
FORM = ("inscription", "1", "1", "Touba", "1", "1", "1", "1", "1", "1")
FREE = (
    "je veux apprendre un métier, je suis à Thiès",
    "dama beug liguey ci Kaolack",
    "mon dossier en est où svp",
    "ana biro bi ci Diourbel",
    "est ce que c'est un prêt ou un don",
    "sama doom feebar na, fan lañu koy fajee",
)


@dataclass(frozen=True, slots=True)
class Service:
    """The running service and its stores."""

    account: Account
    port: int
    database_url: str
    state: Path


@contextmanager
def running(port: int, provider_port: int) -> Iterator[Service]:
    """The whole service on its own ports and state, sending to the bench's provider."""
    with tempfile.TemporaryDirectory(prefix="dellusi-bench-") as folder:
        state = Path(folder)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        environment["BOT_TWILIO_API_URL"] = f"http://127.0.0.1:{provider_port}"
        environment["BOT_LOG_LEVEL"] = "error"
        # What the machine can do is measured, not what one sender or one person may be sent.
        environment |= UNLIMITED | {"BOT_SMS_PER_SECOND": "0"}
        process = subprocess.Popen(
            (DELLUSI, "run", "--state", folder, "--port", str(port)), env=environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for line in process.stdout:
            if line.rstrip() == RUNNING:
                break
        else:
            raise SystemExit("The service did not start; try `make run`.")
        try:
            yield _service(state, port)
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.close()
            process.wait(60)


def _service(state: Path, port: int) -> Service:
    variables = {}
    for line in (state / "environment.sh").read_text().splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        variables[name] = shlex.split(value)[0] if value else ""
    account = Account(
        variables["BOT_TWILIO_ACCOUNT_SID"],
        variables["BOT_TWILIO_AUTH_TOKEN"],
        variables["BOT_TWILIO_SMS_SENDER"],
        variables["BOT_PUBLIC_URL"],
    )
    return Service(account, port, variables["BOT_DATABASE_URL"], state)


@contextmanager
def paused(service: Service) -> Iterator[None]:
    """Workers and timers stand still."""
    living = json.loads((service.state / "processes.json").read_text())["living"]
    workers = [int(one["pid"]) for one in living if one["name"].startswith(("advance", "dispatch", "timers"))]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def reference(service: Service, port: int) -> Iterator[None]:
    """The reference webhook on its own port, on the same database server."""
    account = service.account
    command = (sys.executable, "-m", "tests.bench.reference", service.database_url, account.token, account.public_url, str(port))
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                urlopen(f"http://127.0.0.1:{port}/nothing", timeout=1).close()
            except OSError as error:
                if "404" in str(error):
                    break
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def percentile(times: list[float], share: float) -> float:
    """A percentile in milliseconds; 0 for nothing."""
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def row(name: str, people: int, outcome: Outcome, times: list[float], off: float = 0.0) -> dict[str, object]:
    """One line of the table; `off` milliseconds of the provider's own time are taken off."""
    return {
        "what": name,
        "people": people,
        "per_second": round(outcome.per_second, 1),
        "p50": round(percentile(times, 0.5) - off, 1),
        "p95": round(percentile(times, 0.95) - off, 1),
        "p99": round(percentile(times, 0.99) - off, 1),
        "lost": outcome.lost,
    }


async def measure(service: Service, provider: Provider, options: argparse.Namespace) -> list[dict[str, object]]:
    """All rows: webhook against reference in turns, then round trips."""
    rows: list[dict[str, object]] = []
    numbers = iter(range(random.randrange(1, 500) * 100_000_000, 1 << 120, 1_000_000))
    with reference(service, options.port + 20):
        for people in (1, 4, 16):
            ours, theirs = Outcome(), Outcome()
            for _ in range(options.rounds):
                # The reference answers nobody; nor do our workers meanwhile, so that both webhooks have the machine to themselves.
                with paused(service):
                    for port, total in ((options.port + 20, theirs), (service.port, ours)):
                        part = await post_only(service.account, port, people, options.seconds / 2, next(numbers))
                        total.accepted += part.accepted
                        total.seconds += part.seconds
                        total.lost += part.lost
                await settle(provider)
            rows.append(row("reference webhook", people, theirs, theirs.accepted))
            rows.append(row("webhook", people, ours, ours.accepted) | {"ratio": round(ours.per_second / theirs.per_second, 2)})
    provider.latency = options.latency
    for name, script in (("round trip, menu and form", FORM), ("round trip, all through NLU", FREE)):
        for people in options.people:
            outcome = await converse(service.account, service.port, provider, people, options.seconds, script, next(numbers))
            rows.append(row(name, people, outcome, outcome.answered, 1000 * options.latency))
            await settle(provider)
    return rows


async def settle(provider: Provider) -> None:
    """Wait until the service has answered what it was asked: the next measurement must not pay for this one."""
    latency, provider.latency = provider.latency, 0.0
    before = -1
    while before != provider.taken:
        before = provider.taken
        await asyncio.sleep(1.0)
    provider.latency = latency


def table(rows: list[dict[str, object]]) -> str:
    """The rows as text."""
    lines = [f"{'what':32}{'people':>7}{'per s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'lost':>6}{'ratio':>7}"]
    for one in rows:
        lines.append(
            f"{one['what']:32}{one['people']:>7}{one['per_second']:>9}{one['p50']:>9}{one['p95']:>9}{one['p99']:>9}{one['lost']:>6}"
            f"{one.get('ratio', ''):>7}"
        )
    return "\n".join(lines)


async def run(options: argparse.Namespace) -> list[dict[str, object]]:
    """Start everything, measure, stop everything."""
    provider = Provider(latency=0.0)
    port = options.port + 30
    try:
        server = await provider.start(port)
    except OSError:
        raise SystemExit(f"Port {port}, wanted by the stand-in provider, is taken. --port 19000 moves all ports.") from None
    with running(options.port, port) as service:
        rows = await measure(service, provider, options)
    server.close()
    return rows


def _sustained(options: argparse.Namespace) -> None:
    steps = climb(options)
    best = sustained(steps)
    if options.json:
        print(json.dumps({"steps": [asdict(step) for step in steps], "sustained_per_second": best, "seed": options.seed}))
    else:
        print(f"sustained, faults on: {best:.0f} messages/s, seed {options.seed}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--seconds", type=positive, default=10.0, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=2, help="turns of reference and service")
    parser.add_argument("--latency", type=float, default=0.1, help="seconds the stand-in provider takes for a message")
    parser.add_argument("--people", type=int, nargs="+", default=[1, 4, 16, 64], help="people at once in round trips")
    parser.add_argument("--port", type=int, default=18_000)
    parser.add_argument("--sustained", action="store_true", help="only find the highest rate that lasts, with faults on: for the soak")
    parser.add_argument("--step", type=positive, default=60.0, help="seconds at each rate on the way up, with --sustained")
    parser.add_argument("--lasting", type=positive, default=300.0, help="seconds that the rate it names has to last, with --sustained")
    parser.add_argument("--seed", type=int, default=1, help="of the faults, with --sustained")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.sustained:
        _sustained(options)
        return
    rows = asyncio.run(run(options))
    turns, shares = engine_turns(), engine_shares()
    if options.json:
        print(json.dumps({"rows": rows, "engine_turns_per_second": turns, "engine_shares": shares}, indent=2))
        return
    print(table(rows))
    print(f"\nengine alone: {turns:,.0f} turns/s on one core")
    for what, share in shares.items():
        print(f"  {share:5.0%} {what}")
    ratios = [float(str(one["ratio"])) for one in rows if "ratio" in one]
    print(f"webhook against reference: {statistics.median(ratios):.2f} (target 0.60)")
    print(f"round trips: the provider's own {options.latency * 1000:.0f} ms are taken off")


if __name__ == "__main__":
    main()
