"""How often an image was sent whole by the static link."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    # Both databases add a column in place; copying the table would break the rows that refer to it.
    op.add_column("update", sa.Column("whole_downloads", sa.Integer(), nullable=False, server_default="0"))
    # An update that installs has had all its bytes once.
    op.execute("UPDATE \"update\" SET whole_downloads = 1 WHERE state = 'installing'")


def downgrade():
    op.drop_column("update", "whole_downloads")
