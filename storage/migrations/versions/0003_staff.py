"""Mandates of agencies; the desk, what was asked back, and the audit.

Revision: 0003, after 0002.
"""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("invitation", "mandate"):
        op.add_column(table, sa.Column("agencies", sa.JSON(), nullable=True))


def downgrade() -> None:
    for table in ("invitation", "mandate"):
        op.drop_column(table, "agencies")
