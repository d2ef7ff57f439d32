"""what owners of offers were asked and answered"""

import sqlalchemy as sa
from alembic import op

revision = '0010_offer_confirmations'
down_revision = '0009_media'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('offer_confirmations',
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('offer', sa.Text(), nullable=False),
    sa.Column('expiry', sa.Date(), nullable=False),
    sa.Column('partner', sa.Text(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer_confirmations')),
    sa.UniqueConstraint('code', name=op.f('uq_offer_confirmations_code')),
    sa.UniqueConstraint('offer', 'expiry', 'hash', name=op.f('uq_offer_confirmations_offer_expiry_hash'))
    )
    op.create_index(op.f('ix_offer_confirmations_hash'), 'offer_confirmations', ['hash'], unique=False)
    op.create_table('offer_answers',
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('confirmation_id', sa.UUID(), nullable=False),
    sa.Column('goes_on', sa.Boolean(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['confirmation_id'], ['offer_confirmations.id'], name=op.f('fk_offer_answers_confirmation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_offer_answers'))
    )
    op.create_index(op.f('ix_offer_answers_confirmation_id'), 'offer_answers', ['confirmation_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_offer_answers_confirmation_id'), table_name='offer_answers')
    op.drop_table('offer_answers')
    op.drop_index(op.f('ix_offer_confirmations_hash'), table_name='offer_confirmations')
    op.drop_table('offer_confirmations')
