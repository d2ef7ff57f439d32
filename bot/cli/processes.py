"""The processes of the service, one command each. `dellusi run` starts all of them; docker-compose.yml starts each alone."""

import signal
import threading

import click

from bot import telemetry
from bot.settings import load


@click.command()
def webhooks() -> None:
    """Serve the providers' webhooks on BOT_HOST and BOT_WEBHOOKS_PORT."""
    from bot.server import serve
    from webhooks.main import make_app

    settings = load()
    telemetry.configure(settings.log_format, settings.log_level, "webhooks")
    serve(make_app(settings), settings.host, settings.webhooks_port, settings.webhooks_threads)


@click.command()
@click.argument("queue", type=click.Choice(["advance", "dispatch"]))
def worker(queue: str) -> None:
    """Work on one QUEUE: `advance` answers messages, `dispatch` sends what is due."""
    settings = load()
    telemetry.configure(settings.log_format, settings.log_level, f"worker-{queue}")
    from bot.worker import run_worker

    run_worker(queue)


@click.command()
def timers() -> None:
    """Find left-behind work and wake what is due, every few seconds."""
    settings = load()
    telemetry.configure(settings.log_format, settings.log_level, "timers")
    from bot.worker import run_timers

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run_timers(stop)
