"""Boards and cores by compile worker; columns of builds in the words of the code."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_RENAMED = (("snapshot_digest", "sources_digest"), ("is_pristine", "built_clean"))


def upgrade():
    # SQLite and PostgreSQL rename a column in place; copying the table would break the rows that refer to it.
    for old, new in _RENAMED:
        op.execute(f"ALTER TABLE build RENAME COLUMN {old} TO {new}")
    # Each worker writes its boards when it starts, so the old rows are not needed.
    for name in ("board", "core", "tool"):
        op.drop_table(name)
    op.create_table(
        "compile_worker",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("tool_version", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_compile_worker")),
    )
    op.create_table(
        "board",
        sa.Column("worker", sa.String(length=128), nullable=False),
        *_board_columns(),
        sa.ForeignKeyConstraint(
            ["worker"],
            ["compile_worker.name"],
            name=op.f("fk_board_worker_compile_worker"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("worker", "fqbn", name=op.f("pk_board")),
    )
    op.create_table(
        "core",
        sa.Column("worker", sa.String(length=128), nullable=False),
        *_core_columns(),
        sa.ForeignKeyConstraint(
            ["worker"], ["compile_worker.name"], name=op.f("fk_core_worker_compile_worker"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("worker", "core", name=op.f("pk_core")),
    )


def downgrade():
    for name in ("core", "board", "compile_worker"):
        op.drop_table(name)
    op.create_table(
        "tool",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tool")),
    )
    op.create_table("board", *_board_columns(), sa.PrimaryKeyConstraint("fqbn", name=op.f("pk_board")))
    op.create_table("core", *_core_columns(), sa.PrimaryKeyConstraint("core", name=op.f("pk_core")))
    for old, new in _RENAMED:
        op.execute(f"ALTER TABLE build RENAME COLUMN {new} TO {old}")


def _board_columns():
    return (
        sa.Column("fqbn", sa.String(length=256), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("core", sa.String(length=64), nullable=False),
        sa.Column("chip", sa.String(length=16), nullable=False),
        sa.Column("slot_bytes", sa.Integer(), nullable=False),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("toolchain_key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
    )


def _core_columns():
    return (
        sa.Column("core", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
    )
