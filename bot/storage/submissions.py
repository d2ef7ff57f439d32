"""Completed intakes, answers encrypted."""

import json
from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from bot.storage.database import Transaction, new_id
from bot.storage.models import submissions


def add(tx: Transaction, contact_id: UUID, form: str, version: int, answers: Mapping[str, str]) -> UUID:
    """Keep a completed form. Its id."""
    submission_id = new_id()
    tx.execute(
        sa.insert(submissions).values(
            id=submission_id,
            contact_id=contact_id,
            form=form,
            form_version=version,
            answers=tx.vault.seal(json.dumps(dict(answers), ensure_ascii=False), "submissions.answers", submission_id),
            completed_at=tx.now,
        )
    )
    return submission_id


def of_contact(tx: Transaction, contact_id: UUID) -> list[dict[str, str]]:
    """A contact's answers, oldest first."""
    rows = tx.execute(sa.select(submissions).where(submissions.c.contact_id == contact_id).order_by(submissions.c.completed_at))
    return [json.loads(tx.vault.open(row.answers, "submissions.answers", row.id)) for row in rows]
