"""Meetings, answers, attendance and minutes.

Revision: 0004, after 0003.
"""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column:
    return sa.Column("id", BIG, autoincrement=True, nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "meeting",
        _id(),
        _text("key", nullable=True),
        *(_text(name) for name in ("title", "kind", "region", "bidang")),
        _moment("starts_at"),
        sa.Column("minutes", sa.Integer(), nullable=False),
        *(_text(name) for name in ("mode", "venue")),
        sa.Column("access", sa.JSON(), nullable=False),
        _text("link"),
        sa.Column("kecamatan", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        _text("contact"),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        _moment("cancelled_at", nullable=True),
        _moment("created_at"),
        sa.ForeignKeyConstraint(["region"], ["region.kode"], name=op.f("fk_meeting_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("key", name=op.f("uq_meeting_key")),
    )
    op.create_index("ix_meeting_starts_at", "meeting", ["starts_at"])
    op.create_table(
        "meeting_answer",
        _id(),
        sa.Column("meeting_id", BIG, nullable=False),
        sa.Column("resident_id", BIG, nullable=False),
        _text("answer"),
        _moment("answered_at"),
        _moment("confirmed_at", nullable=True),
        _text("arranged", nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_answer_meeting_id")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_meeting_answer_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_answer")),
        sa.UniqueConstraint("meeting_id", "resident_id", name="uq_meeting_answer_person"),
    )
    op.create_index(op.f("ix_meeting_answer_resident_id"), "meeting_answer", ["resident_id"])
    op.create_table(
        "meeting_attendance",
        _id(),
        sa.Column("meeting_id", BIG, nullable=False),
        *(_text(name) for name in ("who", "way")),
        sa.Column("resident_id", BIG, nullable=True),
        sa.Column("relay_id", BIG, nullable=True),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_attendance_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_meeting_attendance_resident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["relay_id"], ["relay.id"], name=op.f("fk_meeting_attendance_relay_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendance")),
        sa.UniqueConstraint("meeting_id", "who", name="uq_meeting_attendance_who"),
    )
    for column in ("resident_id", "relay_id"):
        op.create_index(op.f(f"ix_meeting_attendance_{column}"), "meeting_attendance", [column])
    op.create_table(
        "meeting_minute",
        _id(),
        sa.Column("meeting_id", BIG, nullable=False),
        _text("verdict"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("words"),
        _moment("at"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_minute_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_minute")),
    )
    op.create_index(op.f("ix_meeting_minute_meeting_id"), "meeting_minute", ["meeting_id"])


def downgrade() -> None:
    for name in ("meeting_minute", "meeting_attendance", "meeting_answer", "meeting"):
        op.drop_table(name)
