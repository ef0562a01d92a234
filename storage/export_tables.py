"""The tables of files: what the staff took away, and which files of SIPD were brought in (issue 4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field

from storage.columns import Encrypted
from storage.record import Record, link, moment, plain, surrogate


class FileExportRecord(Record, table=True):
    """A file that was asked for: its kind, whether it has names, and why.

    `mandate_id` is NULL when it was made at the keyboard of the server.
    """

    __tablename__ = "file_export"
    id: int | None = Field(default=None, sa_column=surrogate())
    mandate_id: int | None = Field(default=None, sa_column=link("mandate.id", nullable=True, index=True))
    at: datetime = Field(sa_column=moment())
    kind: str = Field(sa_column=plain())
    identified: bool = False
    reason: str = Field(default="", sa_column=Column(Encrypted(), nullable=False))


class SipdImportRecord(Record, table=True):
    """A file of SIPD that was applied: the SHA-256 of its bytes, so that it is applied once, and how much changed."""

    __tablename__ = "sipd_import"
    id: int | None = Field(default=None, sa_column=surrogate())
    digest: str = Field(sa_column=Column(Text(), nullable=False, unique=True))
    at: datetime = Field(sa_column=moment())
    changed: int = 0
