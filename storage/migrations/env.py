"""Alembic's way into the tables: always on a connection that storage.schema hands over, in its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from storage.columns import Utc
from storage.tables import Record


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types into a migration as what they are in the database, so that it stays true."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.DateTime(timezone=True)" if isinstance(item, Utc) else "sa.Text()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    transactional_ddl=True,  # on SQLite too, since storage.engine begins transactions itself
    render_as_batch=context.config.attributes.get("batch", True),  # SQLite alters a table by copying it
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
