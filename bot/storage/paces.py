"""What was spent by recipient and by sender."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.pacing import Spent
from bot.storage.database import Transaction
from bot.storage.models import paces


def sender_key(channel: str) -> str:
    """The key of everything that goes over one channel."""
    return f"sender:{channel}"


_COLUMNS = ("day", "refilled_at", "tokens", "messages", "segments", "texts", "paused_until")
_LOAD = (
    sa.select(paces).where(paces.c.key == sa.any_(sa.bindparam("keys", type_=sa.ARRAY(sa.Text())))).order_by(paces.c.key).with_for_update()
)


def load(tx: Transaction, keys: Iterable[str]) -> dict[str, Spent]:
    """What was spent under these keys, locked for this transaction: two dispatchers must not both take the last place."""
    return {
        row.key: Spent(row.day, row.refilled_at, row.tokens, row.messages, row.segments, _texts(row.texts), row.paused_until)
        for row in tx.execute(_LOAD, {"keys": sorted(set(keys))})
    }


def _texts(stored: list[list[Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((digest, times) for digest, times in stored)


_SAVE = insert(paces)
_SAVE = _SAVE.on_conflict_do_update(index_elements=["key"], set_={name: _SAVE.excluded[name] for name in _COLUMNS})


def save(tx: Transaction, spent: Mapping[str, Spent]) -> None:
    """Write back what was spent."""
    if not spent:
        return
    tx.execute(_SAVE, [{"key": key, **{name: getattr(state, name) for name in _COLUMNS}} for key, state in sorted(spent.items())])


def pause(tx: Transaction, channel: str, until: datetime) -> None:
    """Nothing goes over this channel before then; a longer pause stays."""
    statement = insert(paces).values(key=sender_key(channel), day=tx.now.date(), refilled_at=tx.now, tokens=0.0, paused_until=until)
    later = sa.func.greatest(paces.c.paused_until, statement.excluded.paused_until)
    tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"paused_until": later}))


def forget(tx: Transaction, before: datetime) -> int:
    """Rows of recipients who have not been written to since then. How many."""
    return tx.execute(sa.delete(paces).where(paces.c.refilled_at < before, ~paces.c.key.startswith("sender:"))).rowcount
