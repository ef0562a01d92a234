"""The index of stems, and who supports what.

Revision: 0007, after 0006.
"""

from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BIG, autoincrement=False, nullable=nullable)


def _aspiration(table: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], ["aspiration.id"], name=name, ondelete=ondelete)


OPEN = "closed_at IS NULL AND retracted_at IS NULL"


def _partial(name: str, table: str, *columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)


def _desk() -> None:
    """The queues of the desk are counted from these alone."""
    states = ("region", "stage", "decision", "due_at", "field", "flagged", "closed_at", "retracted_at")
    _partial("ix_aspiration_open", "aspiration", *states, where=OPEN)
    known = ("region", "field", "retracted_at")
    _partial("ix_aspiration_known", "aspiration", *known, where="retracted_at IS NULL")
    _partial("ix_desk_card_held", "desk_card", "aspiration_id", "held_at", where="held_at IS NOT NULL")


def upgrade() -> None:
    """Those of before are looked at by the clock, lot by lot, which makes their stems, too."""
    op.create_table(
        "likeness",
        _key("aspiration_id"),
        sa.Column("kind", sa.Text(), nullable=False),
        _key("lead_id", nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        _key("like_id", nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        _aspiration("likeness", "aspiration_id", "CASCADE"),
        _aspiration("likeness", "lead_id"),
        _aspiration("likeness", "like_id"),
        sa.PrimaryKeyConstraint("aspiration_id", name=op.f("pk_likeness")),
    )
    op.create_index(op.f("ix_likeness_lead_id"), "likeness", ["lead_id"])
    _partial("ix_likeness_waiting", "likeness", "aspiration_id", where="looked_at IS NULL")
    _partial("ix_likeness_like", "likeness", "aspiration_id", "like_id", where="like_id IS NOT NULL")
    joined = ("aspiration_id", "kind", "lead_id")
    _partial("ix_likeness_joined", "likeness", *joined, where="lead_id IS NOT NULL")
    op.create_table(
        "likeness_stem",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        _key("aspiration_id"),
        _aspiration("likeness_stem", "aspiration_id", "CASCADE"),
        sa.PrimaryKeyConstraint("place", "visible", "stem", "aspiration_id", name=op.f("pk_likeness_stem")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_likeness_stem_aspiration_id"), "likeness_stem", ["aspiration_id"])
    op.execute(
        "INSERT INTO likeness (aspiration_id, kind) SELECT id, '' FROM aspiration"
        " WHERE retracted_at IS NULL AND erased_at IS NULL"
    )
    _desk()


def downgrade() -> None:
    op.drop_index("ix_desk_card_held", table_name="desk_card")
    op.drop_index("ix_aspiration_known", table_name="aspiration")
    op.drop_index("ix_aspiration_open", table_name="aspiration")
    op.drop_table("likeness_stem")
    op.drop_table("likeness")
