"""files that people send, sealed, and who opened them"""

import sqlalchemy as sa
from alembic import op

revision = '0009_media'
down_revision = '0008_members'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('media',
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('message_id', sa.UUID(), nullable=False),
    sa.Column('contact_id', sa.UUID(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('source', sa.LargeBinary(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('state', sa.Text(), server_default='waiting', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('attempts', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('provider_gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting','kept','refused','lost','dropped','expired')", name=op.f('ck_media_state')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_media_contact_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_media_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media')),
    sa.UniqueConstraint('message_id', 'position', name=op.f('uq_media_message_id_position'))
    )
    op.create_index(op.f('ix_media_contact_id'), 'media', ['contact_id'], unique=False)
    op.create_index('ix_media_created_at', 'media', ['created_at'], unique=False)
    op.create_index('ix_media_open_due', 'media', ['due_at'], unique=False, postgresql_where=sa.text("state = 'waiting' OR provider_gone_at IS NULL"))
    op.create_table('media_events',
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('media_id', sa.UUID(), nullable=False),
    sa.Column('event', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_media_events'))
    )
    op.create_index(op.f('ix_media_events_media_id'), 'media_events', ['media_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_media_events_media_id'), table_name='media_events')
    op.drop_table('media_events')
    op.drop_index('ix_media_open_due', table_name='media')
    op.drop_index('ix_media_created_at', table_name='media')
    op.drop_index(op.f('ix_media_contact_id'), table_name='media')
    op.drop_table('media')
