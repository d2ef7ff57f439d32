"""Creating and upgrading the schema."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.storage.database import Database
from bot.storage.models import METADATA

_MIGRATIONS = Path(__file__).parent / "migrations"
# Two processes that start at once must not migrate at once.
_LOCK = 0x0DE11052


def upgrade(database: Database) -> str:
    """Bring the schema to the newest revision. The revision."""
    _run(database, lambda config: command.upgrade(config, "head"))
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return head or ""


def new_revision(database: Database, message: str) -> None:
    """Write a migration from the difference between the models and the database (for developers)."""
    _run(database, lambda config: command.revision(config, message, autogenerate=True))


def differences(database: Database) -> list[Any]:
    """What the models say and the migrated database does not, or the other way round."""
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))


def heads() -> list[str]:
    """The newest revisions; more than one is a mistake."""
    return list(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _run(database: Database, step: Callable[[Config], object]) -> None:
    with database.engine.connect() as connection:
        # A table of years is changed in more than the twenty seconds that a statement of a worker has.
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        connection.execute(sa.select(sa.func.pg_advisory_lock(_LOCK)))
        config = _config()
        config.attributes["connection"] = connection
        step(config)
        connection.commit()
        connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))
        connection.commit()
