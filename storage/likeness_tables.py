"""The tables of likeness: the stems that aspirations are found by, and which are told together (issue 4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, ForeignKey, Text
from sqlmodel import Field

from storage.columns import BIG
from storage.record import Record, link, moment, partial, plain


def _of_aspiration(*, index: bool | None = None) -> Column[int]:
    key = ForeignKey("aspiration.id", ondelete="CASCADE")
    return Column(BIG, key, primary_key=True, autoincrement=False, index=index)


class LikenessRecord(Record, table=True):
    """One voice: an aspiration that can be found. `kind` is "" for one that stands alone or leads others.

    "joined": it is told and decided with `lead_id`; "beside": it is decided by itself, and counts as support of
    `lead_id`. `like_id` is the most alike one that the clock found, until somebody of the staff has looked at it.
    `looked_at` is NULL while its words have changed since, or were never looked at.
    """

    __tablename__ = "likeness"
    __table_args__ = (
        partial("ix_likeness_waiting", "aspiration_id", where="looked_at IS NULL"),
        partial("ix_likeness_like", "aspiration_id", "like_id", where="like_id IS NOT NULL"),
        partial("ix_likeness_joined", "aspiration_id", "kind", "lead_id", where="lead_id IS NOT NULL"),
    )
    aspiration_id: int = Field(sa_column=_of_aspiration())
    kind: str = Field(default="", sa_column=plain())
    lead_id: int | None = Field(default=None, sa_column=link("aspiration.id", nullable=True, index=True))
    joined_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    like_id: int | None = Field(default=None, sa_column=link("aspiration.id", nullable=True))
    looked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class LikenessStemRecord(Record, table=True):
    """A stem that an aspiration has among its words; `place` is the code of its kecamatan, `visible` that it is public."""

    __tablename__ = "likeness_stem"
    __table_args__ = ({"sqlite_with_rowid": False},)
    place: str = Field(sa_column=Column(Text(), primary_key=True))
    visible: bool = Field(sa_column=Column(Boolean(), primary_key=True))
    stem: str = Field(sa_column=Column(Text(), primary_key=True))
    aspiration_id: int = Field(sa_column=_of_aspiration(index=True))
