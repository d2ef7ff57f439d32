"""who answers for a partner"""

import sqlalchemy as sa
from alembic import op

revision = '0008_members'
down_revision = '0007_referral_ladder'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('members',
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('partner', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), server_default='', nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('language', sa.Text(), server_default='fr', nullable=False),
    sa.Column('pin', sa.LargeBinary(), nullable=True),
    sa.Column('digest', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('absent_from', sa.Date(), nullable=True),
    sa.Column('absent_to', sa.Date(), nullable=True),
    sa.Column('deputy_id', sa.UUID(), nullable=True),
    sa.ForeignKeyConstraint(['deputy_id'], ['members.id'], name=op.f('fk_members_deputy_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_members')),
    sa.UniqueConstraint('partner', 'hash', name=op.f('uq_members_partner_hash'))
    )
    op.create_index(op.f('ix_members_hash'), 'members', ['hash'], unique=False)
    op.create_index(op.f('ix_members_deputy_id'), 'members', ['deputy_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_members_deputy_id'), table_name='members')
    op.drop_index(op.f('ix_members_hash'), table_name='members')
    op.drop_table('members')
