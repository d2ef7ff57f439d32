"""what falls due for a referral, and since when its holder holds it"""

import sqlalchemy as sa
from alembic import op

revision = '0007_referral_ladder'
down_revision = '0006_referral_moves'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('referrals', sa.Column('held_since', sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE referrals SET held_since = coalesce((SELECT max(at) FROM referral_events e WHERE e.referral_id = referrals.id "
        "AND e.move IN ('offer', 'transfer', 'reopen')), opened_at)"
    )
    op.alter_column('referrals', 'held_since', nullable=False)
    op.create_table('referral_timers',
    sa.Column('referral_id', sa.UUID(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_referral_timers_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('referral_id', 'kind', 'since', name=op.f('pk_referral_timers'))
    )
    op.create_index(
        'ix_referral_timers_open_due', 'referral_timers', ['due_at'], unique=False, postgresql_where=sa.text('done_at IS NULL')
    )


def downgrade() -> None:
    op.drop_index('ix_referral_timers_open_due', table_name='referral_timers', postgresql_where=sa.text('done_at IS NULL'))
    op.drop_table('referral_timers')
    op.drop_column('referrals', 'held_since')
