"""how much went out, templates, incidents; parked messages"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004_channels'
down_revision = '0003'
branch_labels = None
depends_on = None

_STATES = "state IN ('due','leased','unknown','sent','failed','cancelled')"
_STATES_WITH_PARKED = "state IN ('due','leased','unknown','parked','sent','failed','cancelled')"


def upgrade() -> None:
    op.add_column('addresses', sa.Column('window_closed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('outbox', sa.Column('spent_ids', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False))
    op.add_column('outbox', sa.Column('plain', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('outbox', sa.Column('moved', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_constraint(op.f('ck_outbox_state'), 'outbox')
    op.create_check_constraint(op.f('ck_outbox_state'), 'outbox', _STATES_WITH_PARKED)
    op.create_index('ix_outbox_parked', 'outbox', ['ordering_key'], postgresql_where=sa.text("state = 'parked'"))
    op.create_index('ix_outbox_failed', 'outbox', ['finished_at'], postgresql_where=sa.text("state = 'failed'"))
    op.create_table('paces',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('refilled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tokens', sa.Float(), nullable=False),
    sa.Column('messages', sa.Integer(), server_default='0', nullable=False),
    sa.Column('segments', sa.Integer(), server_default='0', nullable=False),
    sa.Column('texts', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('paused_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_paces'))
    )
    op.create_table('templates',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content_sid', sa.Text(), nullable=False),
    sa.Column('approval', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('pushed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("approval IN ('unsent','pending','approved','rejected','paused','disabled')", name=op.f('ck_templates_approval')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_templates'))
    )
    op.create_table('incidents',
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), server_default='', nullable=False),
    sa.Column('times', sa.Integer(), server_default='1', nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incidents'))
    )
    op.create_index('uq_incidents_open', 'incidents', ['kind', 'subject', 'code'], unique=True, postgresql_where=sa.text('closed_at IS NULL'))


def downgrade() -> None:
    op.drop_index('uq_incidents_open', table_name='incidents')
    op.drop_table('incidents')
    op.drop_table('templates')
    op.drop_table('paces')
    op.drop_index('ix_outbox_failed', table_name='outbox')
    op.drop_index('ix_outbox_parked', table_name='outbox')
    # What waits for an answer has no state in the older schema: it goes out again, or not at all.
    op.execute("UPDATE outbox SET state = 'due' WHERE state = 'parked'")
    op.drop_constraint(op.f('ck_outbox_state'), 'outbox')
    op.create_check_constraint(op.f('ck_outbox_state'), 'outbox', _STATES)
    op.drop_column('outbox', 'moved')
    op.drop_column('outbox', 'plain')
    op.drop_column('outbox', 'spent_ids')
    op.drop_column('addresses', 'window_closed_at')
