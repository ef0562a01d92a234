"""Broadcasts and their recipients, and who wants none of which topic.

Revision: 0008, after 0007.
"""

from alembic import op
import sqlalchemy as sa

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _big(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BIG, nullable=nullable)


def _id() -> sa.Column:
    return sa.Column("id", BIG, autoincrement=True, nullable=False)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.create_table(
        "broadcast",
        _id(),
        _big("mandate_id"),
        *(_text(name) for name in ("state", "topic", "words", "easy", "picture", "alternative", "voice")),
        sa.Column("voice_seconds", sa.Integer(), nullable=False),
        sa.Column("segment", sa.JSON(), nullable=False),
        _text("census"),
        _moment("due_at", nullable=True),
        _big("approved_by", nullable=True),
        _moment("approved_at", nullable=True),
        _big("made_to"),
        *(_moment(name, nullable=True) for name in ("made_at", "started_at", "paused_at", "done_at")),
        *(_big(name, nullable=True) for name in ("progress_row", "progress_edit")),
        *(_text(name) for name in ("progress_told", "corrected")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("mending", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_broadcast_mandate_id")),
        sa.ForeignKeyConstraint(["approved_by"], ["mandate.id"], name=op.f("fk_broadcast_approved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    op.create_index(op.f("ix_broadcast_mandate_id"), "broadcast", ["mandate_id"])
    _partial("ix_broadcast_open", "broadcast", ["due_at"], "state IN ('scheduled', 'sending')")
    op.create_table(
        "broadcast_recipient",
        _id(),
        _big("broadcast_id"),
        _big("chat_id"),
        *(_text(name) for name in ("state", "reason")),
        *(_big(name, nullable=True) for name in ("outbox_id", "message_id")),
        _moment("held_at", nullable=True),
        sa.Column("extras", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcast.id"],
            name=op.f("fk_broadcast_recipient_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_recipient")),
        sa.UniqueConstraint("broadcast_id", "chat_id", name="uq_broadcast_recipient_chat"),
    )
    op.create_index(op.f("ix_broadcast_recipient_chat_id"), "broadcast_recipient", ["chat_id"])
    waiting = "state IN ('waiting', 'held')"
    _partial("ix_broadcast_recipient_waiting", "broadcast_recipient", ["broadcast_id", "id"], waiting)
    _partial("ix_broadcast_recipient_outbox", "broadcast_recipient", ["outbox_id"], "state = 'queued'")
    op.create_table(
        "broadcast_stop",
        sa.Column("chat_id", BIG, autoincrement=False, nullable=False),
        _text("topic"),
        _moment("at"),
        sa.PrimaryKeyConstraint("chat_id", "topic", name=op.f("pk_broadcast_stop")),
    )


def downgrade() -> None:
    for name in ("broadcast_stop", "broadcast_recipient", "broadcast"):
        op.drop_table(name)
