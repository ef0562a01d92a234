"""What was exported and imported.

Revision: 0009, after 0008.
"""

from alembic import op
import sqlalchemy as sa

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "file_export",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("mandate_id", BIG, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("identified", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_file_export_mandate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_export")),
    )
    op.create_index(op.f("ix_file_export_mandate_id"), "file_export", ["mandate_id"])
    op.create_table(
        "sipd_import",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sipd_import")),
        sa.UniqueConstraint("digest", name=op.f("uq_sipd_import_digest")),
    )


def downgrade() -> None:
    op.drop_table("sipd_import")
    op.drop_table("file_export")
