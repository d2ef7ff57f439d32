"""Runs migrations on the connection that `bot.storage.schema` hands over."""

from alembic import context

from bot.storage.models import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
