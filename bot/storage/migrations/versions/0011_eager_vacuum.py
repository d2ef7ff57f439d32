"""tables whose rows change all the time are cleaned up early, and open referrals are counted by an index

The outbox has few open rows among many that are done, and the indexes on the open ones hold every row that ever was open until a
vacuum comes. By default that is after a fifth of the table has changed, which for a long history is never soon; the planner's idea
of how many are open is as old.

Messages are many and large, and are left to the defaults: cleaned up as early as the others, they are being cleaned up all the time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_eager_vacuum"
down_revision = "0010_offer_confirmations"
branch_labels = None
depends_on = None

_CHANGING = ("outbox", "sessions", "paces")
_OPEN = "state IN ('new','offered','seen','accepted','contacted','in_service','declined')"
_SETTINGS = {
    "autovacuum_vacuum_scale_factor": "0.01",
    "autovacuum_vacuum_threshold": "1000",
    "autovacuum_analyze_scale_factor": "0.01",
    "autovacuum_analyze_threshold": "500",
}


def upgrade() -> None:
    op.create_index("ix_referrals_open_partner", "referrals", ["partner"], postgresql_where=sa.text(_OPEN))
    for table in _CHANGING:
        op.execute(f"ALTER TABLE {table} SET ({', '.join(f'{name} = {value}' for name, value in _SETTINGS.items())})")


def downgrade() -> None:
    for table in _CHANGING:
        op.execute(f"ALTER TABLE {table} RESET ({', '.join(_SETTINGS)})")
    op.drop_index("ix_referrals_open_partner", "referrals")
