"""Referrals, and everything that is to be sent."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from bot.domain.referrals import OPEN
from bot.storage.models.base import METADATA, moment, sealed

referrals = sa.Table(
    "referrals",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("contact_id", UUID(as_uuid=True), sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("submission_id", UUID(as_uuid=True), sa.ForeignKey("submissions.id", ondelete="SET NULL")),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    # One referral for one inbound message at one node, however often the turn is tried.
    sa.Column("effect_key", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("need", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False, server_default=""),
    sa.Column("urgency", sa.Text, nullable=False),
    sa.Column("partner", sa.Text, nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    moment("opened_at", nullable=False),
    moment("due_at", nullable=False),
    # Since when the present holder holds it: the rungs of the ladder count from here.
    moment("held_since", nullable=False),
    moment("closed_at"),
    # The closing code of a referral that is over.
    sa.Column("outcome", sa.Text),
)

# Written out in every statement: the index is only for a condition that is known when a statement is planned.
OPEN_REFERRAL = referrals.c.state.in_(sa.bindparam("open_states", OPEN, expanding=True, literal_execute=True))
sa.Index("ix_referrals_open_partner", referrals.c.partner, postgresql_where=OPEN_REFERRAL)

referral_events = sa.Table(
    "referral_events",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("seq", sa.BigInteger, sa.Identity(), nullable=False),
    sa.Column("referral_id", UUID(as_uuid=True), sa.ForeignKey("referrals.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("move", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False, server_default=""),
    # The reason as a code, who holds the referral after the move, and which registered address wrote it (opaque).
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("partner", sa.Text, nullable=False, server_default=""),
    sa.Column("member", sa.Text, nullable=False, server_default=""),
    moment("at", nullable=False),
)

# What falls due for a referral while nobody acts: rungs of the ladder, its deadline, questions to the person. Each at most once
# for what it counts from (`since`): the holding, the deadline, the opening or the end.
referral_timers = sa.Table(
    "referral_timers",
    METADATA,
    sa.Column("referral_id", UUID(as_uuid=True), sa.ForeignKey("referrals.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("since", sa.DateTime(timezone=True), primary_key=True),
    moment("due_at", nullable=False),
    moment("done_at"),
    # What came of it: `done`, or why there was nothing to do any more.
    sa.Column("result", sa.Text, nullable=False, server_default=""),
)
sa.Index("ix_referral_timers_open_due", referral_timers.c.due_at, postgresql_where=sa.text("done_at IS NULL"))

notifications = sa.Table(
    "notifications",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("referral_id", UUID(as_uuid=True), sa.ForeignKey("referrals.id", ondelete="CASCADE"), index=True),
    sa.Column("effect_key", sa.Text, nullable=False, unique=True),
    sa.Column("partner", sa.Text, nullable=False),
    sa.Column("means", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sealed("recipient", nullable=False),
    # No personal data by construction: code, need, department, urgency, deadline, what to answer.
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("provider_id", sa.Text),
    sa.Column("status", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("error_code", sa.Text),
    moment("created_at", nullable=False),
)

# Reports of gateways that carry no id of ours find their notice by the gateway's.
sa.Index("ix_notifications_provider_id", notifications.c.provider_id)

outbox = sa.Table(
    "outbox",
    METADATA,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("seq", sa.BigInteger, sa.Identity(), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject_id", UUID(as_uuid=True), nullable=False, unique=True),
    # Things with the same key go out in order, one after the other.
    sa.Column("ordering_key", sa.Text, nullable=False),
    # By which channel it goes: what a halted sender has to send is not looked at. The default is for processes of the version before.
    sa.Column("channel", sa.Text, nullable=False, server_default="sms"),
    sa.Column("state", sa.Text, nullable=False, server_default="due"),
    moment("due_at", nullable=False),
    moment("expires_at"),
    sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
    moment("lease_until"),
    moment("attempted_at"),
    sa.Column("error_code", sa.Text),
    moment("created_at", nullable=False),
    moment("finished_at"),
    # The provider's ids of attempts that it reported as failed: a late report on one of them changes nothing.
    sa.Column("spent_ids", ARRAY(sa.Text), nullable=False, server_default="{}"),
    # A template for buttons was refused: the same words go without.
    sa.Column("plain", sa.Boolean, nullable=False, server_default=sa.false()),
    # It goes to another address than it was meant for: not a second time.
    sa.Column("moved", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("state IN ('due','leased','unknown','parked','sent','failed','cancelled')", name="state"),
)
_OPEN = sa.text("state IN ('due','leased','unknown')")
sa.Index("ix_outbox_open_key", outbox.c.ordering_key, outbox.c.seq, postgresql_where=_OPEN)
sa.Index("ix_outbox_due", outbox.c.channel, outbox.c.due_at, postgresql_where=sa.text("state = 'due'"))
sa.Index("ix_outbox_parked", outbox.c.ordering_key, postgresql_where=sa.text("state = 'parked'"))
sa.Index("ix_outbox_failed", outbox.c.finished_at, postgresql_where=sa.text("state = 'failed'"))

# When each periodic job last ran: the age of the sweep is the first thing an operator wants to know.
sweeps = sa.Table(
    "sweeps",
    METADATA,
    sa.Column("job", sa.Text, primary_key=True),
    moment("ran_at", nullable=False),
)
