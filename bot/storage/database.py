"""Connections and transactions. One `Database` per process; a `Transaction` carries what queries need."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa

from bot.domain.errors import Unavailable
from bot.domain.ports import Clock
from bot.storage.vault import Vault

# A stuck lock or statement must not hold a worker for ever; the message stays and is tried again.
_OPTIONS = "-c lock_timeout=8000 -c statement_timeout=20000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction with the keys and the time."""

    connection: sa.Connection
    vault: Vault
    now: datetime

    def execute(self, statement: sa.Executable, values: object = None) -> sa.CursorResult[tuple[object, ...]]:
        """Run a statement; `values` are parameters, one mapping or a list of them."""
        return self.connection.execute(statement, values)  # type: ignore[call-overload, no-any-return]


def one_of(column: "sa.ColumnElement[UUID]", name: str = "ids") -> "sa.ColumnElement[bool]":
    """Whether a column of ids is one of the parameter `name`, a list of them: one statement, and one plan, for any number."""
    return column == sa.any_(sa.bindparam(name, type_=sa.ARRAY(sa.Uuid())))


def new_id() -> UUID:
    """A random identifier."""
    return uuid4()


def utc_now() -> datetime:
    """The time. The only clock of the service; tests hand in another."""
    return datetime.now(UTC)


class Database:
    """PostgreSQL with a pool of connections that are checked before use, so that a restart of the server is survived."""

    def __init__(self, url: str, vault: Vault, clock: Clock = utc_now, pool_size: int = 8) -> None:
        self.engine = sa.create_engine(
            _with_driver(url),
            # An insert that met a conflict tells so only by its row count.
            execution_options={"preserve_rowcount": True},
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=False,
            pool_recycle=1800,
            connect_args={"options": _OPTIONS, "connect_timeout": 5, "prepare_threshold": 3},
        )
        self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.vault = vault
        self.clock = clock

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """One transaction, committed at the end of the block, rolled back whole on any error.

        Raises `Unavailable` when the server is away; a dead connection is dropped from the pool, so that the next try gets
        a fresh one.
        """
        try:
            with self.engine.begin() as connection:
                yield Transaction(connection, self.vault, self.clock())
        except sa.exc.OperationalError as error:
            raise Unavailable(f"database: {type(error.orig).__name__}") from error
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated:
                raise Unavailable(f"database: {type(error.orig).__name__}") from error
            raise

    reading = writing

    @contextmanager
    def single(self) -> Iterator[Transaction]:
        """For one statement that is a transaction of its own: durable when it returns, without a round trip to begin and to commit.

        Raises `Unavailable` like `writing`.
        """
        try:
            with self._single.connect() as connection:
                yield Transaction(connection, self.vault, self.clock())
        except sa.exc.DBAPIError as error:
            if isinstance(error, sa.exc.OperationalError) or error.connection_invalidated:
                raise Unavailable(f"database: {type(error.orig).__name__}") from error
            raise

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _with_driver(url: str) -> str:
    """A plain `postgresql://` address with our driver named."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in ("postgresql", "postgres") else url
