"""What sending needs to remember: how much went out, which templates may go, what an admin has to look at."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from bot.storage.models.base import METADATA, moment

# One row a recipient, by ordering key, and one a sender: tokens of its pace, and the counts of its day.
paces = sa.Table(
    "paces",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    moment("refilled_at", nullable=False),
    sa.Column("tokens", sa.Float, nullable=False),
    sa.Column("messages", sa.Integer, nullable=False, server_default="0"),
    sa.Column("segments", sa.Integer, nullable=False, server_default="0"),
    # The last texts of the day as keyed hashes, never the texts, and how often each came: [[hash, times], ...].
    sa.Column("texts", JSONB, nullable=False, server_default="[]"),
    moment("paused_until"),
)

# What Meta thinks of the templates of config/templates.yml, by their names at the provider.
templates = sa.Table(
    "templates",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("content_sid", sa.Text, nullable=False),
    sa.Column("approval", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    moment("pushed_at", nullable=False),
    moment("checked_at"),
    sa.CheckConstraint("approval IN ('unsent','pending','approved','rejected','paused','disabled')", name="approval"),
)

# One row a matter: while it is open, more of the same only counts. No personal data: a kind, a code and the name of a thing.
incidents = sa.Table(
    "incidents",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False, server_default=""),
    sa.Column("times", sa.Integer, nullable=False, server_default="1"),
    moment("first_at", nullable=False),
    moment("last_at", nullable=False),
    moment("told_at"),
    moment("closed_at"),
    sa.Column("closed_by", sa.Text),
)
sa.Index(
    "uq_incidents_open",
    incidents.c.kind,
    incidents.c.subject,
    incidents.c.code,
    unique=True,
    postgresql_where=incidents.c.closed_at.is_(None),
)
