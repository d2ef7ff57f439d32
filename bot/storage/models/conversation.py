"""Contacts and what they say."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from bot.storage.models.base import METADATA, moment, sealed

contacts = sa.Table(
    "contacts",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("language_fixed", sa.Boolean, nullable=False, server_default=sa.false()),
    moment("stopped_at"),
    sealed("fields"),
    moment("created_at", nullable=False),
    # Applied inbound messages: equals their count, and is how a lost update would show.
    sa.Column("version", sa.BigInteger, nullable=False, server_default="0"),
)

# Keyed by channel and value, never by phone number alone: a WhatsApp sender may have none.
addresses = sa.Table(
    "addresses",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("contact_id", UUID(as_uuid=True), sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sealed("value", nullable=False),
    moment("last_inbound_at"),
    # The provider said that the 24-hour window was closed, whatever we believed.
    moment("window_closed_at"),
    sa.UniqueConstraint("channel", "hash"),
)

consents = sa.Table(
    "consents",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("contact_id", UUID(as_uuid=True), sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("given", sa.Boolean, nullable=False),
    sa.Column("text_context", sa.Text, nullable=False, server_default=""),
    sa.Column("flows_version", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    moment("at", nullable=False),
)

messages = sa.Table(
    "messages",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    # Arrival order: the provider promises none, and clocks of two processes disagree.
    sa.Column("seq", sa.BigInteger, sa.Identity(), nullable=False),
    sa.Column("contact_id", UUID(as_uuid=True), sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("address_id", UUID(as_uuid=True), sa.ForeignKey("addresses.id", ondelete="CASCADE"), nullable=False),
    sa.Column("inbound", sa.Boolean, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("provider_id", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sealed("content", nullable=False),
    sealed("payload"),
    sa.Column("understanding", sa.LargeBinary),
    sa.Column("node", sa.Text),
    sa.Column("status", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("error_code", sa.Text),
    sa.Column("segments", sa.SmallInteger),
    moment("created_at", nullable=False),
    moment("handled_at"),
    sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("fault", sa.Text),
)
sa.Index("uq_messages_inbound_provider_id", messages.c.channel, messages.c.provider_id, unique=True, postgresql_where=messages.c.inbound)
sa.Index("ix_messages_unhandled", messages.c.contact_id, messages.c.seq, postgresql_where=sa.text("inbound AND handled_at IS NULL"))
sa.Index("ix_messages_contact_id_seq", messages.c.contact_id, messages.c.seq)
sa.Index("ix_messages_outbound_provider_id", messages.c.provider_id, postgresql_where=sa.text("NOT inbound"))

# Outlives the messages: a provider that delivers again after retention has deleted the row must still do nothing.
seen_ids = sa.Table(
    "seen_ids",
    METADATA,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    moment("at", nullable=False),
)

sessions = sa.Table(
    "sessions",
    METADATA,
    # One session a contact, so that two workers can never hold two of them.
    sa.Column("contact_id", UUID(as_uuid=True), sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("flows_version", sa.Text, nullable=False),
    # Flow and node are copied out so that "who waits where" needs no decryption.
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("node", sa.Text, nullable=False),
    sealed("state", nullable=False),
    moment("started_at", nullable=False),
    moment("waiting_until", nullable=False),
)
sa.Index("ix_sessions_waiting_until", sessions.c.waiting_until)

submissions = sa.Table(
    "submissions",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("contact_id", UUID(as_uuid=True), sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("form_version", sa.Integer, nullable=False),
    sealed("answers", nullable=False),
    moment("completed_at", nullable=False),
)
