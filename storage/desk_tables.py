"""The tables of the desk: what the staff keeps about an aspiration beside its history (issue 4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from storage.columns import BIG, Encrypted
from storage.record import Record, link, moment, partial, plain, surrogate


class DeskCardRecord(Record, table=True):
    """Who works on an aspiration (a mandate), to which agency (bidang urusan) it was sent, and whether it is held.

    There is a row as soon as somebody did something with it. `held_at`: abuse that nobody but the staff is shown.
    """

    __tablename__ = "desk_card"
    __table_args__ = (partial("ix_desk_card_held", "aspiration_id", "held_at", where="held_at IS NOT NULL"),)
    aspiration_id: int = Field(
        sa_column=Column(
            BIG, ForeignKey("aspiration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    mandate_id: int | None = Field(default=None, sa_column=link("mandate.id", nullable=True, index=True))
    taken_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    agency: str = Field(default="", sa_column=plain())
    held_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class DeskNoteRecord(Record, table=True):
    """A note of the staff about an aspiration, for the staff alone."""

    __tablename__ = "desk_note"
    id: int | None = Field(default=None, sa_column=surrogate())
    aspiration_id: int = Field(sa_column=link("aspiration.id", ondelete="CASCADE", index=True))
    mandate_id: int = Field(sa_column=link("mandate.id"))
    at: datetime = Field(sa_column=moment())
    remark: str = Field(sa_column=Column(Encrypted(), nullable=False))
