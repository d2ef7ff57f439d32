"""Which processes make up the service, in which order they start, and what to try when they run."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.supervisor.environment import for_nlu, surroundings
from bot.supervisor.ports import Ports
from bot.supervisor.processes import Plan, Probe, Process, StartError

DELLUSI = str(Path(sys.prefix) / "bin" / "dellusi")
NLU_PATIENCE = 90.0  # it loads its model in seconds; a busy or slow machine needs longer


@dataclass(frozen=True, slots=True)
class Run:
    """What one run is made of. `variables` are the BOT_* variables of its processes, `given` what we were started with."""

    project: Path
    state: Path
    given: Mapping[str, str]
    variables: Mapping[str, str]
    ports: Ports
    stores: tuple[Process, ...]
    advance: int = 2
    dispatch: int = 1
    nlu: bool = True
    sandbox: bool = True

    @property
    def wanted_ports(self) -> dict[str, int]:
        """The ports that have to be free, by process."""
        optional = {"sandbox": self.sandbox, "nlu": self.nlu}
        ports = {"webhooks": self.ports.webhooks, "sandbox": self.ports.sandbox, "nlu": self.ports.nlu}
        return {name: port for name, port in ports.items() if optional.get(name, True)}


def make(run: Run) -> Plan:
    """The plan of a run. Raises `StartError` when the understanding service was never installed."""
    first = (*run.stores, *((_train(run),) if run.nlu else ()))
    migrate = _ours(run, "migrate", "db", "upgrade", once=True)
    stages = (first, (migrate,), _processes(run))
    return Plan(tuple(stage for stage in stages if stage), greeting=greeting(run))


def _processes(run: Run) -> tuple[Process, ...]:
    webhooks = answers(f"http://127.0.0.1:{run.ports.webhooks}/health/live")
    sandbox = answers(f"http://127.0.0.1:{run.ports.sandbox}/control/health")
    return (
        *((_nlu(run),) if run.nlu else ()),
        *((_ours(run, "sandbox", "sandbox", ready=sandbox),) if run.sandbox else ()),
        _ours(run, "webhooks", "webhooks", ready=webhooks),
        *_workers(run, "advance", run.advance),
        *_workers(run, "dispatch", run.dispatch),
        *_workers(run, "media", 1),
        _ours(run, "timers", "timers"),
    )


def _workers(run: Run, queue: str, count: int) -> tuple[Process, ...]:
    names = (queue if count == 1 else f"{queue}-{number + 1}" for number in range(count))
    return tuple(_ours(run, name, "worker", queue) for name in names)


def _ours(run: Run, name: str, *command: str, ready: Probe | None = None, once: bool = False) -> Process:
    environment = {**surroundings(run.given), **run.variables}
    return Process(name, (DELLUSI, *command), environment, run.project, ready=ready, once=once)


def _train(run: Run) -> Process:
    """Nothing to do when no input changed. A model that exists still serves when a new one could not be made."""
    if not (run.project / "nlu" / ".venv" / "bin" / "python").exists():
        raise StartError("The understanding service is not installed: run `make setup`, or start without it: dellusi run --no-nlu")
    exists = (run.project / "nlu" / "models" / "current.json").exists()
    return Process("train", (DELLUSI, "nlu", "train"), for_nlu(run.given), run.project, once=True, required=not exists)


def _nlu(run: Run) -> Process:
    port, token = run.ports.nlu, run.variables["BOT_NLU_TOKEN"]
    serve = ("serve", "--host", "127.0.0.1", "--port", str(port), "--token-from-env")
    status = answers(f"http://127.0.0.1:{port}/status", token=token)
    environment = for_nlu({**run.given, "BOT_NLU_TOKEN": token, "BOT_NLU_PORT": str(port)})
    # Its libraries warn about one another at every start, and it has nothing else to say unless it dies.
    return Process("nlu", (DELLUSI, "nlu", *serve), environment, run.project, ready=status, patience=NLU_PATIENCE, quiet=True)


def answers(url: str, **query: str) -> Probe:
    """Whether a GET of `url` is answered with 200."""

    async def probe() -> bool:
        try:
            async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client:
                return (await client.get(url, params=query)).status_code == 200
        except httpx.HTTPError:
            return False

    return probe


def greeting(run: Run) -> str:
    """What can be reached now, and what to try."""
    webhooks = f"http://127.0.0.1:{run.ports.webhooks}"
    sandbox = f"http://127.0.0.1:{run.ports.sandbox}"
    dellusi = Path(DELLUSI)
    command = dellusi.relative_to(run.project) if dellusi.is_relative_to(run.project) else dellusi
    played = (
        ("A phone in the browser", f"{sandbox}/"),
        ("A phone in the terminal", f"{command} simulate --language wo --channel sms --url {sandbox}"),
    )
    real = (("Webhooks for the provider", run.variables.get("BOT_PUBLIC_URL", webhooks)),)
    rows = (
        *(played if run.sandbox else real),
        ("Health", f"curl {webhooks}/health"),
        ("Metrics", f"curl {webhooks}/metrics"),
        ("Other commands", f". {run.state / 'environment.sh'} && {command} --help"),
        ("Stop", "Ctrl-C"),
    )
    lines = "\n".join(f"  {name:<26}{value}" for name, value in rows)
    return f"\nDellusi is running.\n\n{lines}\n"
