"""What owners of offers were asked when an offer was over, and what they answered."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from bot.storage.models.base import METADATA, moment

# One question: to one owner, about one last day. Its number stands in `hash` alone: the answer counts from there and nowhere else.
offer_confirmations = sa.Table(
    "offer_confirmations",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("offer", sa.Text, nullable=False),
    sa.Column("expiry", sa.Date, nullable=False),
    sa.Column("partner", sa.Text, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False, index=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    moment("asked_at", nullable=False),
    sa.UniqueConstraint("offer", "expiry", "hash"),
)

# Answers, in order. Rows are only added: who changes their mind answers again, and the last answer counts.
offer_answers = sa.Table(
    "offer_answers",
    METADATA,
    sa.Column("seq", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column(
        "confirmation_id", UUID(as_uuid=True), sa.ForeignKey("offer_confirmations.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("goes_on", sa.Boolean, nullable=False),
    # The new last day of an offer that goes on.
    sa.Column("valid_until", sa.Date),
    moment("at", nullable=False),
)
