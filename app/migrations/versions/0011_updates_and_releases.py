"""Update errors as codes, the update status of devices, and releases that no build made."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SEND_AGAIN = "Check its power and its Wi-Fi, then send again."
# The sentences that were stored until now, word by word.
_CODES = {
    "The bot got an answer that is not signed by this server. Check its address.": "bad_signature",
    "The image is made for another board. Compile for the bot's board, send again.": "wrong_board",
    "The bot received another number of bytes than announced. Send again.": "wrong_size",
    "The image arrived damaged; the bot kept its old one. Send again.": "wrong_digest",
    "The image is larger than the bot's slot. Make the sketch smaller, send again.": "too_big",
    "The bot could not write its flash memory. Send again; if it stays, replace it.": "flash_write",
    "The bot had too little memory for the update. Restart it, then send again.": "no_space",
    "The bot lost its connection too often. Move it nearer to the Wi-Fi, send again.": "connection",
    "The sketch on the bot refused the update. Send again when it allows it.": "refused_by_sketch",
    "The bot could not take the update (other). Send again.": "other",
    f"The bot asked for the image but never fetched it. {_SEND_AGAIN}": "never_fetched",
    f"The bot fell silent while it downloaded. {_SEND_AGAIN}": "silent_downloading",
    f"The bot fell silent while it installed the image. {_SEND_AGAIN}": "silent_installing",
    f"The bot restarted and has not called since. {_SEND_AGAIN}": "silent_restarting",
    f"The new image started but never confirmed itself. {_SEND_AGAIN}": "silent_verifying",
    "The new image did not start well; the bot went back to its old one. Fix the sketch.": "rolled_back",
    "The image does not fit the bot's board. Compile for the bot's board, send again.": "wrong_board",
}
_OTHER = "The bot could not take the update ("
_OTHER_END = "). Send again."
_DETAIL_CHARS = 80
_STATUS = """
    UPDATE device SET update_status = COALESCE((
        SELECT CASE
            WHEN u.state = 'confirmed' THEN 'in_sync'
            WHEN u.state IN ('failed', 'timed_out', 'rolled_back', 'incompatible') THEN 'error'
            ELSE 'pending'
        END
        FROM "update" u
        WHERE u.device_id = device.id AND u.state NOT IN ('cancelled', 'superseded')
        ORDER BY u.created_at DESC, u.id LIMIT 1
    ), 'unknown')
"""


def upgrade():
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("update_status", sa.String(length=32), nullable=False, server_default="unknown"))
    op.execute(_STATUS)
    with op.batch_alter_table("update") as batch:
        batch.add_column(sa.Column("error_code", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("error_detail", sa.String(length=80), nullable=False, server_default=""))
        batch.add_column(
            sa.Column("rollback_requested", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.alter_column("former_digest", new_column_name="previous_digest")
    op.execute("""UPDATE "update" SET rollback_requested = true WHERE wish = 'former'""")
    _split_errors()
    with op.batch_alter_table("update") as batch:
        batch.drop_column("error")
        batch.drop_column("wish")
    with op.batch_alter_table("release") as batch:
        batch.add_column(sa.Column("artifact_id", sa.String(length=32), nullable=False, server_default=""))
        batch.alter_column("build_id", existing_type=sa.String(length=32), nullable=True)
        batch.drop_constraint("uq_release_build_id", type_="unique")
        batch.create_index("ix_release_build_id", ["build_id"])
        batch.create_index("ix_release_image_digest", ["image_digest"])
    op.execute("UPDATE release SET artifact_id = build_id")
    with op.batch_alter_table("build") as batch:
        batch.create_index("ix_build_image_digest", ["image_digest"])


def downgrade():
    with op.batch_alter_table("build") as batch:
        batch.drop_index("ix_build_image_digest")
    with op.batch_alter_table("release") as batch:
        batch.drop_index("ix_release_image_digest")
        batch.drop_index("ix_release_build_id")
        batch.create_unique_constraint("uq_release_build_id", ["build_id"])
        batch.alter_column("build_id", existing_type=sa.String(length=32), nullable=False)
        batch.drop_column("artifact_id")
    with op.batch_alter_table("update") as batch:
        batch.add_column(sa.Column("wish", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("error", sa.String(length=200), nullable=False, server_default=""))
        batch.alter_column("previous_digest", new_column_name="former_digest")
    op.execute("""UPDATE "update" SET wish = 'former' WHERE rollback_requested""")
    _join_errors()
    with op.batch_alter_table("update") as batch:
        batch.drop_column("rollback_requested")
        batch.drop_column("error_detail")
        batch.drop_column("error_code")
    with op.batch_alter_table("device") as batch:
        batch.drop_column("update_status")


def _split_errors():
    connection = op.get_bind()
    for (text,) in connection.execute(sa.text("""SELECT DISTINCT error FROM "update" WHERE error <> ''""")).all():
        code = _CODES.get(text, "other")
        detail = "" if text in _CODES else text.removeprefix(_OTHER).removesuffix(_OTHER_END)[:_DETAIL_CHARS]
        connection.execute(
            sa.text("""UPDATE "update" SET error_code = :code, error_detail = :detail WHERE error = :text"""),
            {"code": code, "detail": detail, "text": text},
        )


def _join_errors():
    connection = op.get_bind()
    for text, code in _CODES.items():
        connection.execute(
            sa.text("""UPDATE "update" SET error = :text WHERE error_code = :code"""), {"text": text, "code": code}
        )
    connection.execute(
        sa.text("""UPDATE "update" SET error = error_detail WHERE error_code = 'other' AND error_detail <> ''""")
    )
