"""Columns of devices in the words of their field; a bot with an owner keeps no hash of a password."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("device") as batch:
        batch.alter_column("next_key_by_wire", new_column_name="next_key_over_usb", existing_type=sa.Boolean())
        batch.alter_column("network_trouble", new_column_name="network_error", existing_type=sa.String(length=32))
        batch.alter_column("password_hash", existing_type=sa.String(length=255), nullable=True)
    # It proved that somebody may have the bot; since then it was only a password's hash more to lose.
    op.execute("UPDATE device SET password_hash = NULL WHERE account_id IS NOT NULL")


def downgrade():
    # No password fits an empty hash.
    op.execute("UPDATE device SET password_hash = '' WHERE password_hash IS NULL")
    with op.batch_alter_table("device") as batch:
        batch.alter_column("password_hash", existing_type=sa.String(length=255), nullable=False)
        batch.alter_column("network_error", new_column_name="network_trouble", existing_type=sa.String(length=32))
        batch.alter_column("next_key_over_usb", new_column_name="next_key_by_wire", existing_type=sa.Boolean())
