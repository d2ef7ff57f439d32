"""notices are found by the provider's id"""

from alembic import op

revision = '0005_inbound'
down_revision = '0004_channels'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_notifications_provider_id', 'notifications', ['provider_id'])


def downgrade() -> None:
    op.drop_index('ix_notifications_provider_id', table_name='notifications')
