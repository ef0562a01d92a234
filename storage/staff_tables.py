"""The tables of the staff: the audit of what they did, and what they keep about cards of the desk (issue 4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, SmallInteger
from sqlmodel import Field

from storage.record import Record, big, moment, plain, surrogate


class AuditRecord(Record, table=True):
    """What an officer did: opaque numbers and keyed digests alone. A trigger refuses UPDATE and DELETE.

    `digest` is the SHA-256 of this row and of `previous`, the digest of the row before: whoever changes a row has
    to change all that follow. `number` counts without a gap.
    """

    __tablename__ = "audit"
    number: int = Field(sa_column=surrogate())
    at: datetime = Field(sa_column=moment())
    mandate: int = Field(sa_column=big())
    action: str = Field(sa_column=plain())
    subject: str = Field(sa_column=plain())
    code: str = Field(default="", sa_column=plain())
    previous: str = Field(sa_column=plain())
    digest: str = Field(sa_column=plain())


class AuditHeadRecord(Record, table=True):
    """The one row that names the newest entry of the audit: locked last, so that two processes cannot deadlock."""

    __tablename__ = "audit_head"
    id: int = Field(sa_column=Column(SmallInteger(), primary_key=True, autoincrement=False))
    number: int = Field(sa_column=big())
    digest: str = Field(sa_column=plain())
