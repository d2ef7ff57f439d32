"""texts that were not understood, for review"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('unclear_texts',
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('node', sa.Text(), nullable=False),
    sa.Column('ranking', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('label', sa.Text(), nullable=True),
    sa.Column('labelled_by', sa.Text(), nullable=True),
    sa.Column('labelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('exported_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unclear_texts'))
    )
    op.create_index('ix_unclear_texts_at', 'unclear_texts', ['at'], unique=False)
    op.create_table('unclear_labels',
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('text_id', sa.UUID(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_unclear_labels'))
    )
    op.create_index(op.f('ix_unclear_labels_text_id'), 'unclear_labels', ['text_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_unclear_labels_text_id'), table_name='unclear_labels')
    op.drop_table('unclear_labels')
    op.drop_index('ix_unclear_texts_at', table_name='unclear_texts')
    op.drop_table('unclear_texts')
