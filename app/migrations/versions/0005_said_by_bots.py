"""What bots say of their networks, logs and wishes; keys that are handed over in an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("next_key_by_wire", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("key_since", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("wants_log", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("network_failed_revision", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("network_trouble", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("sends_log", sa.Boolean(), nullable=True))
    # Until now a waiting key reached its bot by wire only, and may lie in a file already.
    op.execute("UPDATE device SET next_key_by_wire = true WHERE next_key_sealed IS NOT NULL")
    with op.batch_alter_table("update") as batch:
        batch.add_column(sa.Column("wish", sa.String(length=32), nullable=True))
    with op.batch_alter_table("device_log") as batch:
        batch.add_column(sa.Column("total", sa.Integer(), nullable=False, server_default="0"))


def downgrade():
    with op.batch_alter_table("device_log") as batch:
        batch.drop_column("total")
    with op.batch_alter_table("update") as batch:
        batch.drop_column("wish")
    with op.batch_alter_table("device") as batch:
        batch.drop_column("sends_log")
        batch.drop_column("network_trouble")
        batch.drop_column("network_failed_revision")
        batch.drop_column("wants_log")
        batch.drop_column("key_since")
        batch.drop_column("next_key_by_wire")
