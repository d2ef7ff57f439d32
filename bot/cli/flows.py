"""`dellusi flows`: what we say, checked, tested, translated and shown. Each command is one module, imported when it is called."""

from importlib import import_module

import click

# command -> (module, one line for the overview)
COMMANDS = {
    "check": ("bot.cli.flows_check", "Check every flow, form and catalogue."),
    "test": ("bot.cli.flows_test", "Hold the conversations of flows/tests/ against the flows."),
    "cost": ("bot.cli.flows_cost", "Count the SMS of every reply."),
    "voice": ("bot.cli.flows_voice", "Recordings and pictures that go with texts on WhatsApp."),
    "translate": ("bot.cli.flows_translate", "Prepare, refresh and count translations."),
    "show": ("bot.cli.flows_show", "Show a flow as text or as a picture."),
    "paths": ("bot.cli.flows_paths", "Write every path as a readable conversation."),
    "diff": ("bot.cli.flows_diff", "Say in words what changed."),
    "try": ("bot.cli.flows_try", "Talk to the draft in the terminal."),
    "publish": ("bot.cli.flows_publish", "Make the flows on disk the active version."),
    "rollback": ("bot.cli.flows_publish", "Make an earlier version active again."),
    "versions": ("bot.cli.flows_publish", "List versions, and who waits on them."),
    "sign": ("bot.cli.flows_sign", "Approve paths that were read."),
    "schema": ("bot.cli.flows_schema", "Write the schemas that editors use."),
    "reference": ("bot.cli.flows_reference", "Write the reference into the guides."),
}


class LazyFlows(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name][0])
        # A command whose name is taken in its module by what it calls is named `<name>_command` there.
        command: click.Command = getattr(module, f"{cmd_name}_command", None) or getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyFlows)
def flows() -> None:
    """Check, show, test and publish what we say.

    \b
    Example: change a text in flows/, then
      dellusi flows check && dellusi flows test
    """
