"""`dellusi run`: the whole service on this machine."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from bot import settings
from bot.supervisor import credentials, environment, plan, ports, postgres, redis
from bot.supervisor.output import Console
from bot.supervisor.processes import Process, StartError
from bot.supervisor.remains import State
from bot.supervisor.supervise import supervise


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    state: Path
    port: int | None
    advance: int
    dispatch: int
    nlu: bool


@click.command()
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=settings.PROJECT / ".run",
    show_default=".run in the checkout",
    help="Folder for the private databases, the generated keys and the notes about running processes.",
)
@click.option("--port", type=click.IntRange(1, 65527), help="Webhooks here, nlu 5 and phones 8 ports above.  [default: 8000, 5005, 8008]")
@click.option("--advance", type=click.IntRange(1, 32), default=2, show_default=True, help="Workers that answer contacts.")
@click.option("--dispatch", type=click.IntRange(1, 32), default=1, show_default=True, help="Workers that send.")
@click.option("--nlu/--no-nlu", default=True, help="Train and serve the understanding of free text; keywords work without.")
def run(state: Path, port: int | None, advance: int, dispatch: int, *, nlu: bool) -> None:
    """Run the whole service on this machine until Ctrl-C.

    Starts a private PostgreSQL and Redis, unless BOT_DATABASE_URL and BOT_REDIS_URL name servers, upgrades the database,
    trains the understanding of free text when its inputs changed, and runs every process; one that dies is started again.
    Without Twilio credentials a sandbox plays Twilio and the phones. It ends by saying what is reachable.

    \b
    Examples:
      dellusi run                           on ports 8000, 8008 (phones) and 5005 (nlu)
      dellusi run --port 9000               on ports 9000, 9008 and 9005
      dellusi run --port 9000 --state /tmp/second      a second one, beside the first
      BOT_DATABASE_URL=postgresql://me:secret@db/dellusi dellusi run

    \b
    Exit codes: 0 stopped as asked, 1 a process could not be started, 2 wrong settings, a taken port, already running.
    """
    try:
        code = _run(Options(state.resolve(), port, advance, dispatch, nlu))
    except StartError as error:
        click.echo(str(error), err=True)
        code = 2
    raise SystemExit(code)


def _run(options: Options) -> int:
    state = State(options.state)
    try:
        chosen = _prepare(options, state)
        made = plan.make(chosen)
        console = Console(process.name for process in made.processes)
        return asyncio.run(supervise(made, console, state))
    finally:
        state.release()


def _prepare(options: Options, state: State) -> plan.Run:
    """Everything that can be decided, and refused, before a process starts."""
    given = environment.inherited()
    chosen = ports.choose(options.port, given)
    servers, urls = _stores(given, state)
    local = credentials.local(state.folder / "secrets.env", datetime.now(UTC).date())
    variables = environment.computed(given, ports=chosen, credentials=local, stores=urls)
    loaded = settings.load(variables)
    variables["BOT_NLU_TOKEN"] = loaded.nlu_token.get_secret_value()
    result = plan.Run(
        project=settings.PROJECT,
        state=state.folder,
        given=given,
        variables=variables,
        ports=chosen,
        stores=servers,
        advance=options.advance,
        dispatch=options.dispatch,
        nlu=options.nlu,
        sandbox=environment.wants_sandbox(given),
    )
    ports.check_free(result.wanted_ports, loaded.host)
    credentials.write_private(state.folder / "environment.sh", environment.as_script(variables))
    return result


def _stores(given: dict[str, str], state: State) -> tuple[tuple[Process, ...], dict[str, str]]:
    """The private servers that are needed, and the addresses of those."""
    state.clear(click.echo)
    processes: list[Process] = []
    urls: dict[str, str] = {}
    if not environment.has(given, "BOT_DATABASE_URL"):
        database = postgres.prepare(state.folder / "postgres", click.echo)
        processes.append(database.process())
        urls["BOT_DATABASE_URL"] = database.url
    if not environment.has(given, "BOT_REDIS_URL"):
        queue = redis.prepare(state.folder / "redis")
        processes.append(queue.process())
        urls["BOT_REDIS_URL"] = queue.url
    return tuple(processes), urls
