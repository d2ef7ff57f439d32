"""What was not understood, until somebody has looked at it."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from bot.storage.models.base import METADATA, moment, sealed

# No contact, no message, and of the time only the day: nothing leads back to who wrote it.
unclear_texts = sa.Table(
    "unclear_texts",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("language", sa.Text, nullable=False),
    sealed("text", nullable=False),
    sa.Column("node", sa.Text, nullable=False),
    # [[intent, confidence], ...], best first; no piece of the text.
    sa.Column("ranking", JSONB, nullable=False),
    moment("at", nullable=False),
    sa.Column("label", sa.Text),
    sa.Column("labelled_by", sa.Text),
    moment("labelled_at"),
    moment("exported_at"),
)
sa.Index("ix_unclear_texts_at", unclear_texts.c.at)

# Who decided what about which text. Rows are only added, and outlive the text.
unclear_labels = sa.Table(
    "unclear_labels",
    METADATA,
    sa.Column("seq", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("text_id", UUID(as_uuid=True), nullable=False, index=True),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    moment("at", nullable=False),
)
