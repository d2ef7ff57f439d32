"""Files that people sent: expected, fetched and sealed, opened by staff, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from bot.domain.ids import ContactId, MessageId
from bot.domain.media import MediaState, Refusal, plain_type
from bot.domain.messages import InboundKind, Media
from bot.storage.database import Transaction, new_id
from bot.storage.models import media, media_events
from bot.storage.referrals import of_contacts

# The record of who opened what, without any of it (Senegal: no period in the law; ours).
EVENTS_KEPT_FOR = timedelta(days=2 * 365)
SERVICE = "service"
Event = Literal["kept", "refused", "lost", "opened", "dropped", "expired"]
_SOURCE, _CONTENT = "media.source", "media.content"
_OPEN = sa.or_(media.c.state == "waiting", media.c.provider_gone_at.is_(None))


@dataclass(frozen=True, slots=True)
class MediaRow:
    """One file, without its content. `source` is None where no key opens it."""

    id: UUID
    message_id: MessageId
    contact_id: ContactId
    kind: InboundKind
    content_type: str
    source: str | None
    state: MediaState
    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What staff see of a file. `code` is the last referral that its sender has, `opened` how often it was opened."""

    id: UUID
    kind: str
    content_type: str
    state: MediaState
    reason: str
    size: int | None
    created_at: datetime
    code: str | None
    opened: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """Who did what with which file, and when."""

    media_id: UUID
    event: str
    by: str
    at: datetime


def expect(tx: Transaction, contact_id: UUID, message_id: UUID, kind: InboundKind, files: Sequence[Media], refused: Refusal | None) -> None:
    """Keep that a message came with these files, which are at the provider. `refused` is why none of them is to be fetched."""
    for position, file in enumerate(files):
        media_id = new_id()
        tx.execute(
            sa.insert(media).values(
                id=media_id,
                message_id=message_id,
                contact_id=contact_id,
                position=position,
                kind=kind,
                content_type=plain_type(file.content_type),
                source=tx.vault.seal(file.url, _SOURCE, media_id),
                state="refused" if refused else "waiting",
                reason=refused or "",
                due_at=tx.now,
                created_at=tx.now,
            )
        )


def claim(tx: Transaction, lease: timedelta) -> MediaRow | None:
    """The file that is due longest, to be fetched or deleted at the provider; nobody else gets it before the lease is over."""
    due = sa.select(media).where(_OPEN, media.c.due_at <= tx.now).order_by(media.c.due_at).limit(1).with_for_update(skip_locked=True)
    row = tx.execute(due).one_or_none()
    if row is None:
        return None
    tx.execute(sa.update(media).where(media.c.id == row.id).values(attempts=media.c.attempts + 1, due_at=tx.now + lease))
    return _row(tx, row)


def any_due(tx: Transaction) -> bool:
    """Whether a file is due."""
    return tx.execute(sa.select(media.c.id).where(_OPEN, media.c.due_at <= tx.now).limit(1)).first() is not None


def keep(tx: Transaction, row: MediaRow, content: bytes) -> bool:
    """Seal a fetched file. False when somebody else settled it meanwhile."""
    sealed = tx.vault.seal_bytes(content, _CONTENT, row.id)
    return _settle(tx, row, "kept", {"content": sealed, "size": len(content)})


def refuse(tx: Transaction, row: MediaRow, reason: Refusal) -> bool:
    """The file is not ours to keep."""
    return _settle(tx, row, "refused", {"reason": reason})


def lose(tx: Transaction, row: MediaRow, reason: str, *, gone: bool) -> bool:
    """The file cannot be had. `gone`: the provider has it no more."""
    return _settle(tx, row, "lost", {"reason": reason, "provider_gone_at": tx.now if gone else None})


def _settle(tx: Transaction, row: MediaRow, state: MediaState, values: dict[str, Any]) -> bool:
    statement = sa.update(media).where(media.c.id == row.id, media.c.state == "waiting")
    settled = tx.execute(statement.values(state=state, attempts=0, due_at=tx.now, **values)).rowcount == 1
    if settled:
        note(tx, row.id, state, SERVICE)
    return settled


def put_off(tx: Transaction, media_id: UUID, wait: timedelta) -> None:
    """Try this file again later."""
    tx.execute(sa.update(media).where(media.c.id == media_id).values(due_at=tx.now + wait))


def gone_at_provider(tx: Transaction, media_id: UUID) -> None:
    """The provider has deleted its copy."""
    tx.execute(sa.update(media).where(media.c.id == media_id).values(provider_gone_at=tx.now))


def open_content(tx: Transaction, media_id: UUID, by: str) -> bytes | None:
    """The content of a kept file, and a line about who opened it; None when it is not there. Raises `Unsealable`."""
    kept = tx.execute(sa.select(media.c.content).where(media.c.id == media_id, media.c.content.is_not(None))).one_or_none()
    if kept is None:
        return None
    content = tx.vault.open_bytes(bytes(kept.content), _CONTENT, media_id)
    note(tx, media_id, "opened", by)
    return content


def drop(tx: Transaction, media_id: UUID, by: str) -> bool:
    """Delete the content of a file now, whether it was fetched already or not. False when there is nothing to delete."""
    statement = sa.update(media).where(media.c.id == media_id, media.c.state.in_(("waiting", "kept")))
    dropped = tx.execute(statement.values(state="dropped", content=None, attempts=0, due_at=tx.now)).rowcount == 1
    if dropped:
        note(tx, media_id, "dropped", by)
    return dropped


def forget(tx: Transaction, kept_for: timedelta, limit: int) -> int:
    """Delete up to `limit` files whose time is over, and as many old lines about them. How many.

    A row whose copy at the provider is still there stays, without its content, until that one is gone, too.
    """
    over = media.c.created_at <= tx.now - kept_for
    old = sa.select(media.c.id).where(over, media.c.state.in_(("waiting", "kept"))).limit(limit)
    emptied = sa.update(media).where(media.c.id.in_(old)).values(state="expired", content=None, attempts=0, due_at=tx.now)
    gone = [row.id for row in tx.execute(emptied.returning(media.c.id))]
    for media_id in gone:
        note(tx, media_id, "expired", SERVICE)
    tx.execute(sa.delete(media).where(over, media.c.provider_gone_at.is_not(None)))
    lines = sa.select(media_events.c.seq).where(media_events.c.at <= tx.now - EVENTS_KEPT_FOR).limit(limit)
    tx.execute(sa.delete(media_events).where(media_events.c.seq.in_(lines)))
    return len(gone)


def listed(tx: Transaction, *, everything: bool = False) -> list[Listed]:
    """The files that are there or expected, newest first; with `everything` also what is refused, lost or deleted."""
    wanted = sa.true() if everything else media.c.state.in_(("waiting", "kept"))
    opened = sa.select(sa.func.count()).where(media_events.c.media_id == media.c.id, media_events.c.event == "opened").scalar_subquery()
    columns = (media.c[name] for name in ("id", "contact_id", "kind", "content_type", "state", "reason", "size", "created_at"))
    rows = tx.execute(sa.select(*columns, opened.label("opened")).where(wanted).order_by(media.c.created_at.desc(), media.c.position)).all()
    codes = {contact_id: found[-1].code for contact_id, found in of_contacts(tx, [row.contact_id for row in rows]).items()}
    return [
        Listed(row.id, row.kind, row.content_type, row.state, row.reason, row.size, row.created_at, codes.get(row.contact_id), row.opened)
        for row in rows
    ]


def starting_with(tx: Transaction, beginning: str) -> list[tuple[UUID, str, MediaState]]:
    """(id, content type, state) of files whose id begins so; at most two, which is one too many."""
    wanted = sa.cast(media.c.id, sa.Text).startswith(beginning.lower(), autoescape=True)
    found = tx.execute(sa.select(media.c.id, media.c.content_type, media.c.state).where(wanted).limit(2))
    return [(row.id, row.content_type, row.state) for row in found]


def log_of(tx: Transaction, limit: int) -> list[LogLine]:
    """What was done with files, newest first."""
    rows = tx.execute(sa.select(media_events).order_by(media_events.c.seq.desc()).limit(limit))
    return [LogLine(row.media_id, row.event, row.by, row.at) for row in rows]


def note(tx: Transaction, media_id: UUID, event: Event | MediaState, by: str) -> None:
    """One line about a file."""
    tx.execute(sa.insert(media_events).values(media_id=media_id, event=event, by=by, at=tx.now))


def _row(tx: Transaction, row: Any) -> MediaRow:
    source = tx.vault.open_if_possible(bytes(row.source), _SOURCE, row.id)
    ids = MessageId(row.message_id), ContactId(row.contact_id)
    return MediaRow(row.id, *ids, row.kind, row.content_type, source, row.state, row.reason, row.attempts + 1)
