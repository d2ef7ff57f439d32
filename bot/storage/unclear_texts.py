"""Texts that were not understood: kept, labelled, handed on as training data, forgotten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from bot.domain.unclear import UnclearText
from bot.domain.understanding import Guess
from bot.storage.database import Transaction, new_id
from bot.storage.models import unclear_labels, unclear_texts

# As long as other words that people write to us.
KEPT_FOR = timedelta(days=30)
# The record of who decided what, without any text (Senegal: no period in the law; ours).
DECISIONS_KEPT_FOR = timedelta(days=2 * 365)
DELETED, EXPORTED = "deleted", "exported"
_BEST = 5
_COLUMN = "unclear_texts.text"


@dataclass(frozen=True, slots=True)
class NewUnclear:
    """A text to keep, after pseudonymisation."""

    language: str
    text: str
    node: str
    ranking: tuple[Guess, ...]


def add(tx: Transaction, rows: Sequence[NewUnclear]) -> None:
    """Keep texts for review. Of the time only the day is kept: to the second, it would lead back to the message."""
    day = tx.now.replace(hour=0, minute=0, second=0, microsecond=0)
    values = [_values(tx, row) | {"at": day} for row in rows]
    if values:
        tx.execute(sa.insert(unclear_texts), values)


def _values(tx: Transaction, row: NewUnclear) -> dict[str, object]:
    text_id = new_id()
    ranking = [[guess.intent, round(guess.confidence, 3)] for guess in row.ranking[:_BEST]]
    return {
        "id": text_id,
        "language": row.language,
        "text": tx.vault.seal(row.text, _COLUMN, text_id),
        "node": row.node,
        "ranking": ranking,
    }


def unlabelled(tx: Transaction, language: str | None = None) -> list[UnclearText]:
    """What nobody has decided about, newest first."""
    of_language = unclear_texts.c.language == language if language else sa.true()
    return _read(tx, sa.and_(unclear_texts.c.label.is_(None), of_language))


def to_export(tx: Transaction) -> list[UnclearText]:
    """What has a label and was not handed on yet, locked until the end of the transaction, newest first."""
    return _read(tx, sa.and_(unclear_texts.c.label.is_not(None), unclear_texts.c.exported_at.is_(None)), lock=True)


def starting_with(tx: Transaction, beginning: str) -> list[UUID]:
    """The ids of texts whose id begins so and that were not handed on; at most two, which is one too many."""
    wanted = sa.cast(unclear_texts.c.id, sa.Text).startswith(beginning.lower(), autoescape=True)
    found = tx.execute(sa.select(unclear_texts.c.id).where(wanted, unclear_texts.c.exported_at.is_(None)).limit(2))
    return [row.id for row in found]


def label(tx: Transaction, ids: Sequence[UUID], intent: str, by: str) -> int:
    """Give texts an intent, also in place of another. How many; those handed on already keep theirs."""
    statement = (
        sa.update(unclear_texts)
        .where(unclear_texts.c.id.in_(ids), unclear_texts.c.exported_at.is_(None))
        .values(label=intent, labelled_by=by, labelled_at=tx.now)
        .returning(unclear_texts.c.id)
    )
    return _note(tx, [row.id for row in tx.execute(statement)], intent, by)


def delete(tx: Transaction, ids: Sequence[UUID], by: str) -> int:
    """Delete texts: the pseudonyms do not hide enough, or there is nothing to learn. How many."""
    gone = tx.execute(sa.delete(unclear_texts).where(unclear_texts.c.id.in_(ids)).returning(unclear_texts.c.id))
    return _note(tx, [row.id for row in gone], DELETED, by)


def mark_exported(tx: Transaction, ids: Sequence[UUID], by: str) -> int:
    """Note that texts are training data now. How many."""
    statement = sa.update(unclear_texts).where(unclear_texts.c.id.in_(ids)).values(exported_at=tx.now).returning(unclear_texts.c.id)
    return _note(tx, [row.id for row in tx.execute(statement)], EXPORTED, by)


def forget(tx: Transaction, limit: int) -> int:
    """Delete up to `limit` texts whose time is over, whatever became of them, and as many old decisions. How many texts."""
    old = sa.select(unclear_texts.c.id).where(unclear_texts.c.at <= tx.now - KEPT_FOR).limit(limit)
    gone = tx.execute(sa.delete(unclear_texts).where(unclear_texts.c.id.in_(old)))
    decisions = sa.select(unclear_labels.c.seq).where(unclear_labels.c.at <= tx.now - DECISIONS_KEPT_FOR).limit(limit)
    tx.execute(sa.delete(unclear_labels).where(unclear_labels.c.seq.in_(decisions)))
    return gone.rowcount


def _note(tx: Transaction, ids: Iterable[UUID], decision: str, by: str) -> int:
    values = [{"text_id": text_id, "decision": decision, "by": by, "at": tx.now} for text_id in ids]
    if values:
        tx.execute(sa.insert(unclear_labels), values)
    return len(values)


def _read(tx: Transaction, wanted: sa.ColumnElement[bool], *, lock: bool = False) -> list[UnclearText]:
    statement = sa.select(unclear_texts).where(wanted).order_by(unclear_texts.c.at.desc(), unclear_texts.c.id)
    rows = tx.execute(statement.with_for_update() if lock else statement).all()
    return [found for row in rows if (found := _opened(tx, row)) is not None]


def _opened(tx: Transaction, row: Any) -> UnclearText | None:
    text = tx.vault.open_if_possible(row.text, _COLUMN, row.id)
    if text is None:
        return None
    ranking = tuple(Guess(intent, confidence) for intent, confidence in row.ranking)
    return UnclearText(row.id, row.language, text, row.node, ranking, row.at, row.label, row.labelled_by, row.labelled_at)
