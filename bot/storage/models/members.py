"""Who answers for a partner."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from bot.storage.models.base import METADATA, moment, sealed

# One address that answers for one partner. No name is kept: `role` says what the person does there. A phone that answers for several
# partners has several rows, and one answer verifies all of them.
members = sa.Table(
    "members",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("partner", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False, server_default=""),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False, index=True),
    sealed("address", nullable=False),
    sa.Column("language", sa.Text, nullable=False, server_default="fr"),
    # A keyed hash of the PIN; None: details by link only.
    sa.Column("pin", sa.LargeBinary),
    # One message a day instead of one for each referral that is not urgent.
    sa.Column("digest", sa.Boolean, nullable=False, server_default=sa.false()),
    # How they were invited: by `file` or `command`.
    sa.Column("source", sa.Text, nullable=False),
    # What the invitation asks to be sent back; an answer after the invitation, never before.
    sa.Column("number", sa.Text, nullable=False),
    moment("invited_at", nullable=False),
    moment("verified_at"),
    moment("refused_at"),
    # Both days included.
    sa.Column("absent_from", sa.Date),
    sa.Column("absent_to", sa.Date),
    sa.Column("deputy_id", UUID(as_uuid=True), sa.ForeignKey("members.id", ondelete="SET NULL"), index=True),
    sa.UniqueConstraint("partner", "hash"),
)
