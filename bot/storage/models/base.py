"""The metadata that all tables share, with names for constraints that migrations can rely on."""

import sqlalchemy as sa

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def moment(name: str, *, nullable: bool = True) -> "sa.Column[object]":
    """A point in time, always with its zone."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def sealed(name: str, *, nullable: bool = True) -> "sa.Column[object]":
    """A personal value, encrypted by `bot.storage.vault` under its table, column and row."""
    return sa.Column(name, sa.LargeBinary, nullable=nullable)
