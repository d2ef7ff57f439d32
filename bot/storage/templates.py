"""What the provider thinks of our templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.templates import Approval
from bot.storage.database import Transaction
from bot.storage.models import templates


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A pushed template. `reason` is what Meta said when it refused."""

    name: str
    content_sid: str
    approval: Approval
    reason: str
    checked_at: datetime | None


def by_names(tx: Transaction, names: Sequence[str]) -> dict[str, TemplateRow]:
    """Pushed templates by name."""
    rows = tx.execute(sa.select(templates).where(templates.c.name.in_(names)))
    return {row.name: TemplateRow(row.name, row.content_sid, row.approval, row.reason, row.checked_at) for row in rows}


def save(tx: Transaction, name: str, content_sid: str, approval: Approval, reason: str = "") -> None:
    """Note what the provider says of a template now."""
    values = {"content_sid": content_sid, "approval": approval, "reason": reason, "checked_at": tx.now}
    statement = insert(templates).values(name=name, pushed_at=tx.now, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def withdraw(tx: Transaction, content_sid: str, approval: Approval, reason: str) -> str | None:
    """A send showed that this template may not go. Its name, None when it is not ours or was known to."""
    known = sa.and_(templates.c.content_sid == content_sid, templates.c.approval == "approved")
    statement = sa.update(templates).where(known).values(approval=approval, reason=reason).returning(templates.c.name)
    row = tx.execute(statement).one_or_none()
    return str(row.name) if row else None
