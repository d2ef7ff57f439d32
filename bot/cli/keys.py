"""`dellusi keys`: the keys that protect personal data."""

from datetime import UTC, datetime

import click

from bot.supervisor import credentials


@click.group()
def keys() -> None:
    """Make the keys that protect personal data.

    \b
    Example:
      dellusi keys new > keys.env && chmod 600 keys.env

    Keep them apart from the database and its backups, and keep a copy: without them nothing personal can be read again.
    """


@keys.command()
def new() -> None:
    """Print fresh BOT_ENCRYPTION_KEYS, BOT_INDEX_KEY and BOT_CALLBACK_KEY lines.

    To rotate the encryption key, write the new pair before the old ones, separated by a comma: new data uses the first,
    old data is still read. The index key finds addresses; with another one no known contact is found again.
    """
    click.echo(credentials.as_lines(credentials.new_keys(datetime.now(UTC).date())), nl=False)
