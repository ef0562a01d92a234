"""Questions to residents, and what they reply.

Revision: 0005, after 0004.
"""

from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _big(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, BIG, nullable=nullable)


def _id() -> sa.Column:
    return sa.Column("id", BIG, autoincrement=True, nullable=False)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _link(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _partial(name: str, table: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, ["aspiration_id"], sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.create_table(
        "contact",
        _id(),
        _big("chat_id", nullable=False),
        _text("region"),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_chat_id"), "contact", ["chat_id"])
    op.create_table(
        "question",
        _id(),
        _big("aspiration_id"),
        _big("contact_id"),
        _big("mandate_id", nullable=False),
        _text("asked"),
        _moment("at"),
        _moment("answered_at", nullable=True),
        _moment("reminded_at", nullable=True),
        _link("question", "aspiration_id", "aspiration", "CASCADE"),
        _link("question", "contact_id", "contact", "CASCADE"),
        _link("question", "mandate_id", "mandate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_table(
        "reply",
        _id(),
        *(_big(name) for name in ("aspiration_id", "question_id", "event_id", "mandate_id")),
        _text("kind"),
        _text("answer"),
        *(_big(name) for name in ("part_id", "media_id")),
        _moment("at"),
        _moment("read_at", nullable=True),
        _link("reply", "aspiration_id", "aspiration", "CASCADE"),
        _link("reply", "question_id", "question", "CASCADE"),
        _link("reply", "event_id", "aspiration_event"),
        _link("reply", "mandate_id", "mandate"),
        _link("reply", "part_id", "aspiration_part", "SET NULL"),
        _link("reply", "media_id", "media"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("event_id", name=op.f("uq_reply_event_id")),
    )
    indexed = {
        "question": ("aspiration_id", "contact_id"),
        "reply": ("aspiration_id", "question_id", "part_id", "media_id"),
    }
    for table, columns in indexed.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    _partial("ix_question_open", "question", "answered_at IS NULL")
    _partial("ix_reply_unread", "reply", "read_at IS NULL")


def downgrade() -> None:
    for name in ("reply", "question", "contact"):
        op.drop_table(name)
