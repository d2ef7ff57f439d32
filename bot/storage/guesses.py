"""Wrong PINs and wrong words, counted so that nobody tries them out."""

from datetime import timedelta
from typing import Literal

import sqlalchemy as sa

from bot.storage.database import Transaction, new_id
from bot.storage.models import guesses

Kind = Literal["pin", "word_by_phone", "word_by_code"]
# A PIN has ten thousand values and a first name far fewer: five wrong ones a day leave nothing to gain.
MOST = 5
SPAN = timedelta(hours=24)


def too_many(tx: Transaction, kind: Kind, subject: str) -> bool:
    """Whether this phone, caseworker or code has had its wrong guesses of the last 24 hours."""
    recent = (guesses.c.kind == kind, guesses.c.subject == _hashed(tx, kind, subject), guesses.c.at > tx.now - SPAN)
    statement = sa.select(sa.func.count()).select_from(guesses).where(*recent)
    (found,) = tx.execute(statement).one()
    return int(str(found)) >= MOST


def note_wrong(tx: Transaction, kind: Kind, subject: str) -> None:
    """One more wrong guess. Those that no longer count are forgotten."""
    tx.execute(sa.delete(guesses).where(guesses.c.at <= tx.now - SPAN))
    tx.execute(sa.insert(guesses).values(id=new_id(), kind=kind, subject=_hashed(tx, kind, subject), at=tx.now))


def _hashed(tx: Transaction, kind: Kind, subject: str) -> bytes:
    return tx.vault.hash(f"guess:{kind}:{subject}")
