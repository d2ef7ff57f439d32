"""Files that people sent, and who opened them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from bot.storage.models.base import METADATA, moment, sealed

media = sa.Table(
    "media",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("message_id", UUID(as_uuid=True), sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    sa.Column("contact_id", UUID(as_uuid=True), sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    # A message may carry ten files.
    sa.Column("position", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("content_type", sa.Text, nullable=False),
    # Where the provider keeps it; names the message, and so a person.
    sealed("source", nullable=False),
    sealed("content"),
    # Bytes of the content before it was sealed.
    sa.Column("size", sa.Integer),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
    # When it is fetched, or its deletion asked of the provider, next.
    moment("due_at", nullable=False),
    moment("created_at", nullable=False),
    moment("provider_gone_at"),
    sa.UniqueConstraint("message_id", "position"),
    sa.CheckConstraint("state IN ('waiting','kept','refused','lost','dropped','expired')", name="state"),
)
sa.Index("ix_media_open_due", media.c.due_at, postgresql_where=sa.text("state = 'waiting' OR provider_gone_at IS NULL"))
sa.Index("ix_media_created_at", media.c.created_at)

# Who did what with which file. Rows are only added, hold nothing of the file or its sender, and outlive both.
media_events = sa.Table(
    "media_events",
    METADATA,
    sa.Column("seq", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("media_id", UUID(as_uuid=True), nullable=False, index=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    moment("at", nullable=False),
)
