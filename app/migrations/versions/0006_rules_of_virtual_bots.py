"""Whether a browser has a virtual bot, and the other servers its sketches may ask."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "virtual_bot",
        sa.Column("device_id", sa.String(length=32), nullable=False),
        sa.Column("is_taken", sa.Boolean(), nullable=False),
        sa.Column("allowed_origins", sa.String(length=1024), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_virtual_bot_device_id_device"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_virtual_bot")),
    )


def downgrade():
    op.drop_table("virtual_bot")
