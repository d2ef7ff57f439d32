"""moves of referrals: reasons and closing codes, notes, links to details, guesses, questions to caseworkers"""

import sqlalchemy as sa
from alembic import op

revision = '0006_referral_moves'
down_revision = '0005_inbound'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('referrals', sa.Column('outcome', sa.Text(), nullable=True))
    for name in ('reason', 'partner', 'member'):
        op.add_column('referral_events', sa.Column(name, sa.Text(), server_default='', nullable=False))
    op.create_table('referral_notes',
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('referral_id', sa.UUID(), nullable=False),
    sa.Column('partner', sa.Text(), nullable=False),
    sa.Column('member', sa.Text(), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_referral_notes_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_notes'))
    )
    op.create_index(op.f('ix_referral_notes_referral_id'), 'referral_notes', ['referral_id'], unique=False)
    op.create_table('detail_links',
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('referral_id', sa.UUID(), nullable=False),
    sa.Column('partner', sa.Text(), nullable=False),
    sa.Column('member', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_detail_links_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_detail_links'))
    )
    op.create_index(op.f('ix_detail_links_referral_id'), 'detail_links', ['referral_id'], unique=False)
    op.create_table('guesses',
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guesses'))
    )
    op.create_index('ix_guesses_kind_subject_at', 'guesses', ['kind', 'subject', 'at'], unique=False)
    op.create_table('casework_questions',
    sa.Column('member', sa.Text(), nullable=False),
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('command', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), server_default='', nullable=False),
    sa.Column('rest', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('member', name=op.f('pk_casework_questions'))
    )


def downgrade() -> None:
    op.drop_table('casework_questions')
    op.drop_index('ix_guesses_kind_subject_at', table_name='guesses')
    op.drop_table('guesses')
    op.drop_index(op.f('ix_detail_links_referral_id'), table_name='detail_links')
    op.drop_table('detail_links')
    op.drop_index(op.f('ix_referral_notes_referral_id'), table_name='referral_notes')
    op.drop_table('referral_notes')
    for name in ('member', 'partner', 'reason'):
        op.drop_column('referral_events', name)
    op.drop_column('referrals', 'outcome')
