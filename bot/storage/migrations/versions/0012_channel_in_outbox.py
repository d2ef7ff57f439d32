"""by which channel a row of the outbox goes, so that a halted sender's rows need not be looked at"""

import sqlalchemy as sa
from alembic import op

revision = "0012_channel_in_outbox"
down_revision = "0011_eager_vacuum"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("channel", sa.Text(), server_default="sms", nullable=False))
    # What may still go, be reported as failed after all, or be sent again by hand. The rest of a long history stays as it is: nobody looks
    # at its channel.
    for table, name in (("messages", "channel"), ("notifications", "means")):
        op.execute(
            f"UPDATE outbox o SET channel = s.{name} FROM {table} s WHERE s.id = o.subject_id AND "
            "(o.state IN ('due','leased','unknown','parked','failed') OR o.error_code = 'expired' OR o.finished_at > now() - interval '7 days')"
        )
    op.create_index("ix_outbox_due", "outbox", ["channel", "due_at"], postgresql_where=sa.text("state = 'due'"))
    op.drop_index("ix_outbox_open_due", "outbox")


def downgrade() -> None:
    op.create_index("ix_outbox_open_due", "outbox", ["due_at"], postgresql_where=sa.text("state IN ('due','leased','unknown')"))
    op.drop_index("ix_outbox_due", "outbox")
    op.drop_column("outbox", "channel")
