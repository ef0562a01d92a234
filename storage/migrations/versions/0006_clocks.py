"""Deadlines, their reminders, and the question after completion.

Revision: 0006, after 0005.

What is in the database already gets its deadline with its next decision: until then nobody is reminded of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DUE = sa.text("due_at IS NOT NULL")
NO = sa.text("answer = 'no'")
ALERT = sa.text("key = 'alert.raised'")


def upgrade() -> None:
    op.add_column("aspiration", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("aspiration", sa.Column("chased", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_index("ix_aspiration_due", "aspiration", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("ix_notice_alert", "notice", ["due_at"], sqlite_where=ALERT, postgresql_where=ALERT)
    op.create_table(
        "followup",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("aspiration_id", BIG, nullable=False),
        sa.Column("voice_id", BIG, nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mandate_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["aspiration_id"], ["aspiration.id"], name=op.f("fk_followup_aspiration_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["voice_id"], ["aspiration.id"], name=op.f("fk_followup_voice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_followup_mandate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followup")),
    )
    for column in ("aspiration_id", "voice_id"):
        op.create_index(op.f(f"ix_followup_{column}"), "followup", [column])
    op.create_index("ix_followup_no", "followup", ["aspiration_id"], sqlite_where=NO, postgresql_where=NO)


def downgrade() -> None:
    op.drop_table("followup")
    op.drop_index("ix_notice_alert", table_name="notice")
    op.drop_index("ix_aspiration_due", table_name="aspiration")
    op.drop_column("aspiration", "chased")
    op.drop_column("aspiration", "due_at")
