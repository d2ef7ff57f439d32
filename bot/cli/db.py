"""`dellusi db`: the schema."""

import click

from bot.settings import load


@click.group()
def db() -> None:
    """Create and upgrade the database named by BOT_DATABASE_URL."""


@db.command()
def upgrade() -> None:
    """Bring the schema to the newest revision. Safe to run again, and by several processes at once."""
    from bot.bootstrap import make_database
    from bot.storage import schema

    database = make_database(load())
    click.echo(f"The database is at revision {schema.upgrade(database)}.")
    database.close()
