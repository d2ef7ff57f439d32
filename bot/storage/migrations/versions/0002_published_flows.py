"""published versions of the flows"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

_NEVER_CHANGES = """
CREATE FUNCTION flow_versions_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a stored version of the flows never changes';
END $$
"""


def upgrade() -> None:
    op.create_table('flow_versions',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('files', sa.LargeBinary(), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flow_versions'))
    )
    op.execute(_NEVER_CHANGES)
    op.execute(
        "CREATE TRIGGER flow_versions_never_change BEFORE UPDATE ON flow_versions "
        "FOR EACH ROW EXECUTE FUNCTION flow_versions_never_change()"
    )
    op.create_table('flow_activations',
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('publish','rollback')", name=op.f('ck_flow_activations_kind')),
    sa.ForeignKeyConstraint(['version'], ['flow_versions.id'], name=op.f('fk_flow_activations_version')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_flow_activations'))
    )
    op.create_table('session_moves',
    sa.Column('contact_id', sa.UUID(), nullable=False),
    sa.Column('activation', sa.BigInteger(), nullable=False),
    sa.Column('flows_version', sa.Text(), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('node', sa.Text(), nullable=False),
    sa.Column('state', sa.LargeBinary(), nullable=False),
    sa.Column('moved', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['activation'], ['flow_activations.seq'], name=op.f('fk_session_moves_activation')),
    sa.ForeignKeyConstraint(['contact_id'], ['sessions.contact_id'], name=op.f('fk_session_moves_contact_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('contact_id', 'activation', name=op.f('pk_session_moves'))
    )
    op.create_table('flow_signatures',
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('signer', sa.Text(), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('path', 'signer', name=op.f('pk_flow_signatures'))
    )


def downgrade() -> None:
    op.drop_table('flow_signatures')
    op.drop_table('session_moves')
    op.drop_table('flow_activations')
    op.drop_table('flow_versions')
    op.execute("DROP FUNCTION flow_versions_never_change()")
