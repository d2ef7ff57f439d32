"""What caseworkers write, ask and see."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from bot.storage.models.base import METADATA, moment, sealed

# A caseworker's own words about a referral: read by its author's partner alone, and gone with the referral.
referral_notes = sa.Table(
    "referral_notes",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("seq", sa.BigInteger, sa.Identity(), nullable=False),
    sa.Column("referral_id", UUID(as_uuid=True), sa.ForeignKey("referrals.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("partner", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    sealed("text", nullable=False),
    moment("at", nullable=False),
)

# A link to a person's details: only the hash of its token is kept, so that a copy of the database opens nothing.
detail_links = sa.Table(
    "detail_links",
    METADATA,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    sa.Column("referral_id", UUID(as_uuid=True), sa.ForeignKey("referrals.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("partner", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    moment("expires_at", nullable=False),
    moment("opened_at"),
)

# Wrong PINs and wrong words, counted by whom and about what (a keyed hash), so that nobody tries them out.
guesses = sa.Table(
    "guesses",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.LargeBinary, nullable=False),
    moment("at", nullable=False),
)
sa.Index("ix_guesses_kind_subject_at", guesses.c.kind, guesses.c.subject, guesses.c.at)

# What a caseworker was asked last (which code, which reason): a bare number that follows is the answer.
casework_questions = sa.Table(
    "casework_questions",
    METADATA,
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False, server_default=""),
    # What was said with the command, which may be a note.
    sealed("rest", nullable=False),
    moment("at", nullable=False),
)
