"""Mandates of agencies; the desk, what was asked back, and the audit.

Revision: 0003, after 0002.
"""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


REFUSE_FUNCTION = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""
REFUSE_TRIGGER = """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
"""
REFUSE_ON_SQLITE = """
CREATE TRIGGER audit_refuse_{name} BEFORE {verb} ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
"""
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", BIG, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mandate", BIG, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.execute(f"INSERT INTO audit_head (id, number, digest) VALUES (1, 0, '{'0' * 64}')")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(REFUSE_FUNCTION)
        op.execute(REFUSE_TRIGGER)
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(REFUSE_ON_SQLITE.format(name=verb.lower(), verb=verb))
    for table in ("invitation", "mandate"):
        op.add_column(table, sa.Column("agencies", sa.JSON(), nullable=True))
    _create_desk()


def _create_desk() -> None:
    op.create_table(
        "desk_card",
        sa.Column("aspiration_id", BIG, autoincrement=False, nullable=False),
        sa.Column("mandate_id", BIG, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["aspiration_id"],
            ["aspiration.id"],
            name=op.f("fk_desk_card_aspiration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_desk_card_mandate_id")),
        sa.PrimaryKeyConstraint("aspiration_id", name=op.f("pk_desk_card")),
    )
    op.create_index(op.f("ix_desk_card_mandate_id"), "desk_card", ["mandate_id"])
    op.create_table(
        "desk_note",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("aspiration_id", BIG, nullable=False),
        sa.Column("mandate_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["aspiration_id"],
            ["aspiration.id"],
            name=op.f("fk_desk_note_aspiration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_desk_note_mandate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_note")),
    )
    op.create_index(op.f("ix_desk_note_aspiration_id"), "desk_note", ["aspiration_id"])


def downgrade() -> None:
    op.drop_table("desk_note")
    op.drop_table("desk_card")
    op.drop_table("audit")
    op.drop_table("audit_head")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")
    for table in ("invitation", "mandate"):
        op.drop_column(table, "agencies")
