"""Keys that wait for their first use, and keys that were revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("next_key_sealed", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("key_revoked", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    with op.batch_alter_table("device") as batch:
        batch.drop_column("key_revoked")
        batch.drop_column("next_key_sealed")
