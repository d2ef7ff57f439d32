"""What we say, version by version: what was published, who waits where it was moved, who approved what."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from bot.storage.models.base import METADATA, moment, sealed

# A row never changes: a trigger of the migration refuses. Conversations that began with a version find it here to their end.
flow_versions = sa.Table(
    "flow_versions",
    METADATA,
    # The hash of the files.
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("files", sa.LargeBinary, nullable=False),
    moment("stored_at", nullable=False),
)

# What was made active when and by whom; the last row names the version that new conversations begin with.
flow_activations = sa.Table(
    "flow_activations",
    METADATA,
    sa.Column("seq", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("version", sa.Text, sa.ForeignKey("flow_versions.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    moment("at", nullable=False),
    sa.CheckConstraint("kind IN ('publish','rollback')", name="kind"),
)

# A conversation as it was before a publication moved it, so that a rollback can put it back. Gone when the conversation is.
session_moves = sa.Table(
    "session_moves",
    METADATA,
    sa.Column("contact_id", UUID(as_uuid=True), sa.ForeignKey("sessions.contact_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("activation", sa.BigInteger, sa.ForeignKey("flow_activations.seq"), primary_key=True),
    sa.Column("flows_version", sa.Text, nullable=False),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("node", sa.Text, nullable=False),
    sealed("state", nullable=False),
    # The sealed state that the move left: every turn seals anew, so an equal one proves that nothing was said since.
    sealed("moved", nullable=False),
)

flow_signatures = sa.Table(
    "flow_signatures",
    METADATA,
    # The hash of a path as it is read: flow, language, channel and every text.
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("signer", sa.Text, primary_key=True),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    moment("at", nullable=False),
)
