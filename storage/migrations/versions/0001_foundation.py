"""The tables of the foundation, and a history of aspirations that can only be added to.

Revision: 0001, the first.
"""

from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TABLES = (
    "outbox",
    "notice",
    "aspiration_part",
    "aspiration_event",
    "aspiration_audience",
    "consent",
    "aspiration",
    "resident",
    "region",
    "media",
    "inbox",
    "errand",
    "chat",
)

REFUSE_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'aspiration_event is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""
REFUSE_TRIGGER = """
CREATE TRIGGER aspiration_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON aspiration_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
REFUSE_ON_SQLITE = """
CREATE TRIGGER aspiration_event_refuse_{name} BEFORE {verb} ON aspiration_event
BEGIN SELECT RAISE(ABORT, 'aspiration_event is append-only'); END
"""


def upgrade() -> None:
    op.create_table(
        "chat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("quiet_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
    )
    op.create_index(
        "ix_chat_draft",
        "chat",
        ["draft_at"],
        unique=False,
        sqlite_where=sa.text("draft_at IS NOT NULL AND reminded_at IS NULL"),
        postgresql_where=sa.text("draft_at IS NOT NULL AND reminded_at IS NULL"),
    )
    op.create_index(
        "ix_chat_held",
        "chat",
        ["held_at"],
        unique=False,
        sqlite_where=sa.text("held_at IS NOT NULL"),
        postgresql_where=sa.text("held_at IS NOT NULL"),
    )
    op.create_index(
        "ix_chat_quiet",
        "chat",
        ["quiet_at"],
        unique=False,
        sqlite_where=sa.text("quiet_at IS NOT NULL"),
        postgresql_where=sa.text("quiet_at IS NOT NULL"),
    )
    op.create_table(
        "errand",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_errand_chat_id"), "errand", ["chat_id"], unique=False)
    op.create_index(
        "ix_errand_due",
        "errand",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'doing')"),
        postgresql_where=sa.text("state IN ('waiting', 'doing')"),
    )
    op.create_table(
        "inbox",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "id", name=op.f("pk_inbox")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_inbox_at", "inbox", ["at"], unique=False)
    op.create_table(
        "media",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("unique_id", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("unique_id", name=op.f("uq_media_unique_id")),
    )
    op.create_index(op.f("ix_media_sha256"), "media", ["sha256"], unique=False)
    op.create_table(
        "region",
        sa.Column("kode", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("other_names", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["region.kode"], name=op.f("fk_region_parent")),
        sa.PrimaryKeyConstraint("kode", name=op.f("pk_region")),
    )
    op.create_index(op.f("ix_region_folded"), "region", ["folded"], unique=False)
    op.create_index(op.f("ix_region_parent"), "region", ["parent"], unique=False)
    op.create_table(
        "resident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("groups", sa.Text(), nullable=True),
        sa.Column("groups_answered", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("village_kode", sa.Text(), nullable=True),
        sa.Column("notices", sa.Boolean(), nullable=False),
        sa.Column("broadcasts", sa.Boolean(), nullable=False),
        sa.Column("erasure_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["village_kode"], ["region.kode"], name=op.f("fk_resident_village_kode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("chat_id", name=op.f("uq_resident_chat_id")),
    )
    op.create_index(
        "ix_resident_erasure",
        "resident",
        ["erasure_due_at"],
        unique=False,
        sqlite_where=sa.text("erasure_due_at IS NOT NULL"),
        postgresql_where=sa.text("erasure_due_at IS NOT NULL"),
    )
    op.create_table(
        "aspiration",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("plan_year", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("draft_key", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("landmark", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recovery_digest", sa.Text(), nullable=False),
        sa.Column("redacted", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["region.kode"], name=op.f("fk_aspiration_region")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_aspiration_resident_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aspiration")),
        sa.UniqueConstraint("draft_key", name=op.f("uq_aspiration_draft_key")),
        sa.UniqueConstraint("plan_year", "ticket", name="uq_aspiration_ticket"),
    )
    op.create_index(op.f("ix_aspiration_chat_id"), "aspiration", ["chat_id"], unique=False)
    op.create_index(op.f("ix_aspiration_region"), "aspiration", ["region"], unique=False)
    op.create_index(op.f("ix_aspiration_resident_id"), "aspiration", ["resident_id"], unique=False)
    op.create_index(op.f("ix_aspiration_ticket"), "aspiration", ["ticket"], unique=False)
    op.create_index("ix_aspiration_year", "aspiration", ["plan_year", "id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_consent_resident_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_resident_id"), "consent", ["resident_id"], unique=False)
    op.create_table(
        "aspiration_audience",
        sa.Column("aspiration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("grp", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["aspiration_id"], ["aspiration.id"], name=op.f("fk_aspiration_audience_aspiration_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("aspiration_id", "grp", name=op.f("pk_aspiration_audience")),
    )
    op.create_table(
        "aspiration_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("aspiration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_ref", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("old_stage", sa.Text(), nullable=False),
        sa.Column("new_stage", sa.Text(), nullable=False),
        sa.Column("old_decision", sa.Text(), nullable=False),
        sa.Column("new_decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["aspiration_id"], ["aspiration.id"], name=op.f("fk_aspiration_event_aspiration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aspiration_event")),
    )
    op.create_index(op.f("ix_aspiration_event_aspiration_id"), "aspiration_event", ["aspiration_id"], unique=False)
    op.create_table(
        "aspiration_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("aspiration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("media_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["aspiration_id"], ["aspiration.id"], name=op.f("fk_aspiration_part_aspiration_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_aspiration_part_media_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aspiration_part")),
        sa.UniqueConstraint("aspiration_id", "role", "position", name="uq_aspiration_part_position"),
    )
    op.create_index(op.f("ix_aspiration_part_media_id"), "aspiration_part", ["media_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("aspiration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["aspiration_id"], ["aspiration.id"], name=op.f("fk_notice_aspiration_id")),
        sa.ForeignKeyConstraint(["event_id"], ["aspiration_event.id"], name=op.f("fk_notice_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("event_id", "chat_id", name="uq_notice_event"),
    )
    op.create_index(op.f("ix_notice_aspiration_id"), "notice", ["aspiration_id"], unique=False)
    op.create_index(
        "ix_notice_due",
        "notice",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=True),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_outbox_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_done",
        "outbox",
        ["done_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NOT NULL"),
        postgresql_where=sa.text("done_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["lane", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["chat_id", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'calling')"),
        postgresql_where=sa.text("state IN ('waiting', 'calling')"),
    )
    op.create_index(
        "uq_outbox_notice",
        "outbox",
        ["notice_id"],
        unique=True,
        sqlite_where=sa.text("notice_id IS NOT NULL"),
        postgresql_where=sa.text("notice_id IS NOT NULL"),
    )

    if op.get_bind().dialect.name == "postgresql":
        op.execute(REFUSE_FUNCTION)
        op.execute(REFUSE_TRIGGER)
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(REFUSE_ON_SQLITE.format(name=verb.lower(), verb=verb))


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
