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
@click.argument("queue", type=click.Choice(["advance", "dispatch", "media"]))
def worker(queue: str) -> None:
    """Work on one QUEUE: `advance` answers messages, `dispatch` sends what is due, `media` fetches files that people sent."""
    settings = load()
    telemetry.configure(settings.log_format, settings.log_level, f"worker-{queue}")
    from bot.worker import run_worker

    run_worker(queue)


@click.command()
def timers() -> None:
    """Find left-behind work and wake what is due, every few seconds."""
    settings = load()
    telemetry.configure(settings.log_format, settings.log_level, "timers")
    from bot.worker import run_timers, runtime, timetable

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    rt = runtime()
    run_timers(rt, timetable(rt), stop)


@click.command()
def sandbox() -> None:
    """Serve the stand-in for Twilio, with phones in the browser, on BOT_SANDBOX_PORT. Never where real people write.

    It answers like Twilio: messages, templates and their approval, files, services; the window of 24 hours, opt-outs, senders, quotas.
    What it does is set over HTTP while it runs; `/control/state` shows all of it. `dellusi run` starts one on port 8008.

    \b
    Numbers that always mean trouble, +1500 KIND CODE DIGIT:
      +15001216100   every send is refused with 21610
      +15002300030   accepted, then undelivered with 30003
      +15003004290   the first send meets a 429, the next ones pass (also 00500, 00503, 00408, 00499, 00200;
                     accepted all the same: 01500, 01499, 01408, 01200)
    Files by name: photo-6mb.jpg is too large for WhatsApp, clip-17mb.mp4 too.

    \b
    Trouble by script, one line for each (next: null lasts until DELETE /control/faults):
      curl -d '{"do": "accept_then_drop", "to": "+221770000001"}' -H 'Content-Type: application/json' \\
        http://127.0.0.1:8008/control/faults
      {"do": "429", "next": 3}                          {"do": "slow", "seconds": 2, "share": 0.1, "next": null}
      {"do": "undelivered", "code": 63016}              {"do": "error", "code": 63018, "channel": "whatsapp"}
      {"do": "reports", "reports": ["delivered", "undelivered:30008", "sent@5", "strange", "forged:sent", "foreign:sent"]}

    \b
    Also POST: seed {"seed": 7} repeats a run; callbacks {"delay": 1, "repeat": 2, "shuffle": true, "silent": false}; latency; list
    {"broken": true}; quotas {"sms": {"per_second": 1, "queue": 10}}; approvals {"status": "pending"}; opt-out; clock {"offset": 90000};
    phones/send {"from": "+221770000001", "channel": "sms", "text": "Salaam"}; phones/repeat; clear. All of it: docs/sandbox.md.
    `dellusi faults run` plays every trouble at every step of a conversation.
    """
    from bot.content import Content
    from bot.content.load import load_content
    from bot.domain.errors import SettingsError
    from bot.flowtools.draft import Draft
    from bot.flowtools.talking import Meaning
    from bot.sandbox.app import create_app
    from bot.sandbox.options import SandboxSettings
    from bot.server import serve
    from bot.understanding import PhraseLayer, RasaUnderstander

    settings = load()
    if not settings.sandbox or settings.twilio_api_url is None:
        raise SettingsError("The sandbox lets anyone be any phone: it runs only with BOT_SANDBOX=yes and BOT_TWILIO_API_URL")
    telemetry.configure(settings.log_format, settings.log_level, "sandbox")
    directory = load_content(settings.content_dir, home=settings.region, sandbox=True).directory
    options = SandboxSettings(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        public_url=settings.public_url.rstrip("/"),
        own_url=settings.twilio_api_url,
        sms_sender=settings.twilio_sms_sender or "",
        whatsapp_sender=settings.twilio_whatsapp_sender or "",
        messaging_service_sid=settings.twilio_messaging_service_sid,
        partners=tuple((partner.name, phone.address.value) for partner in directory.partners.values() for phone in partner.demo_phones),
    )

    def meaning_for(content: Content) -> Meaning:
        phrases, token = PhraseLayer(content.danger_in), settings.nlu_token.get_secret_value()
        return RasaUnderstander(settings.nlu_url, token, settings.nlu_timeout, phrases, content.intents).parse

    draft = Draft(settings.content_dir, meaning_for, home=settings.region, sandbox=True)
    serve(create_app(options, draft), settings.host, settings.sandbox_port, threads=32)
