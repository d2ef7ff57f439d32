"""Looking into a transaction without its types."""

from typing import Any

import sqlalchemy as sa

from bot.storage.database import Transaction


def value(tx: Transaction, statement: sa.Executable) -> Any:
    """The first column of the only row."""
    return tx.execute(statement).scalar()


def rows(tx: Transaction, statement: sa.Executable) -> list[Any]:
    """Rows as tuples."""
    return [tuple(row) for row in tx.execute(statement)]
