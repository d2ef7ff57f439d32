"""The `dellusi` command. Each group of commands is one module, imported only when it is called: help stays instant."""

from importlib import import_module

import click

from bot.domain.errors import ContentError, SettingsError

# command -> (module, one line for the overview)
COMMANDS = {
    "run": ("bot.cli.run", "Run the whole service on this machine."),
    "simulate": ("bot.cli.simulate", "Be a phone in the terminal, or replay a script."),
    "flows": ("bot.cli.flows", "Check, show, test and publish what we say."),
    "nlu": ("bot.cli.nlu", "Train, evaluate and serve what we hear."),
    "content": ("bot.cli.content", "Check the directory of partners and offers."),
    "members": ("bot.cli.members", "Who answers for a partner by text."),
    "route": ("bot.cli.route", "Who takes a referral, and why."),
    "report": ("bot.cli.report", "What became of the referrals, in numbers."),
    "media": ("bot.cli.media", "List, open and drop the files that people sent."),
    "outbox": ("bot.cli.outbox", "What failed, what is in doubt, what waits."),
    "incidents": ("bot.cli.incidents", "What needs an admin."),
    "channel": ("bot.cli.channel", "What each channel can do; what never reached us."),
    "templates": ("bot.cli.templates", "What WhatsApp lets through after a day, and its approval."),
    "faults": ("bot.cli.faults", "Play every trouble of the provider, and count what came of it."),
    "db": ("bot.cli.db", "Create and upgrade the database."),
    "keys": ("bot.cli.keys", "Make the keys that protect personal data."),
    "webhooks": ("bot.cli.processes", "Serve the providers' webhooks."),
    "worker": ("bot.cli.processes", "Work on one queue."),
    "timers": ("bot.cli.processes", "Find left-behind work, wake what is due."),
    "sandbox": ("bot.cli.processes", "Serve the stand-in for Twilio and its phones."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports them when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dellusi")
def dellusi() -> None:
    """Dellusi: an SMS and WhatsApp guide for people who came back to Senegal.

    Start with `dellusi run`, then open the phone it names, or type `dellusi simulate --language wo --channel sms`.
    """


def main() -> None:
    """Entry point: our own errors end in one clear message and exit code 2, never in a traceback."""
    try:
        dellusi()
    except SettingsError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    except ContentError as error:
        from bot.content.messages import describe

        for fault in error.faults:
            click.echo(describe(fault), err=True)
        raise SystemExit(2) from None
