"""What all tables share: their base, and the kinds of columns that they are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, MetaData, Text, text
from sqlmodel import SQLModel

from storage.columns import BIG, Utc


class Record(SQLModel):
    """The base of all tables, with names for constraints, which migrations need."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def surrogate() -> Column[int]:
    """A surrogate key that counts up."""
    return Column(BIG, primary_key=True, autoincrement=True)


def big(*, nullable: bool = False, **options: Any) -> Column[int]:
    """A number of 64 bits, as Telegram's ids are."""
    return Column(BIG, nullable=nullable, **options)


def link(target: str, *, nullable: bool = False, ondelete: str | None = None, **options: Any) -> Column[int]:
    """The key of another table's row."""
    return Column(BIG, ForeignKey(target, ondelete=ondelete), nullable=nullable, **options)


def moment(*, nullable: bool = False) -> Column[datetime]:
    """A moment in UTC."""
    return Column(Utc(), nullable=nullable)


def plain() -> Column[str]:
    """A text; "" when there is none, never NULL."""
    return Column(Text(), nullable=False)


def added() -> Column[str]:
    """A text that a later migration added: the rows of before have ""."""
    return Column(Text(), nullable=False, server_default="")


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows of a condition only."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
