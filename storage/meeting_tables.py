"""The tables of meetings: when and where, who answered and came, and what was agreed (issue 4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field

from storage.columns import EncryptedJson
from storage.record import Record, link, moment, plain, surrogate


class MeetingRecord(Record, table=True):
    """One meeting on the calendar. `region` is whose it is: a desa, a kecamatan or the kabupaten.

    `key` is its name in an imported file, NULL for one made in chat. `kecamatan` and `groups` are whom it is for,
    empty for everybody in its region. `access` are what the venue has (conversations.meeting.FACILITIES). `bidang` is
    an agency's. `sequence` grows with each change (RFC 5545, 3.8.7.4). `minutes` is its length.
    """

    __tablename__ = "meeting"
    __table_args__ = (Index("ix_meeting_starts_at", "starts_at"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    key: str | None = Field(default=None, sa_column=Column(Text(), nullable=True, unique=True))
    title: str = Field(sa_column=plain())
    kind: str = Field(sa_column=plain())
    region: str = Field(sa_column=Column(Text(), ForeignKey("region.kode"), nullable=False))
    bidang: str = Field(default="", sa_column=plain())
    starts_at: datetime = Field(sa_column=moment())
    minutes: int = 180
    mode: str = Field(sa_column=plain())
    venue: str = Field(default="", sa_column=plain())
    access: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))
    link: str = Field(default="", sa_column=plain())
    kecamatan: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))
    groups: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))
    contact: str = Field(default="", sa_column=plain())
    capacity: int = 0
    sequence: int = 0
    cancelled_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    created_at: datetime = Field(sa_column=moment())


class MeetingAnswerRecord(Record, table=True):
    """Whether somebody comes. What they need stands in `access`; `arranged` are the needs that are ready here.

    `confirmed_at`: when they last said that their needs on file are right. `reminded` is how many hours before the
    meeting the newest reminder was due; the next is one that is due later.
    """

    __tablename__ = "meeting_answer"
    __table_args__ = (UniqueConstraint("meeting_id", "resident_id", name="uq_meeting_answer_person"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    meeting_id: int = Field(sa_column=link("meeting.id"))
    resident_id: int = Field(sa_column=link("resident.id", ondelete="CASCADE", index=True))
    answer: str = Field(sa_column=plain())
    answered_at: datetime = Field(sa_column=moment())
    confirmed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    arranged: list[str] | None = Field(default=None, sa_column=Column(EncryptedJson(), nullable=True))
    reminded: int = 0


class AttendanceRecord(Record, table=True):
    """Somebody was there, counted once: `who` is a pseudonym of the person, `way` room, online or list.

    Of somebody whom a facilitator listed, `relay_id` tells the place and the groups.
    """

    __tablename__ = "meeting_attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "who", name="uq_meeting_attendance_who"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    meeting_id: int = Field(sa_column=link("meeting.id"))
    who: str = Field(sa_column=plain())
    way: str = Field(sa_column=plain())
    resident_id: int | None = Field(
        default=None, sa_column=link("resident.id", nullable=True, ondelete="CASCADE", index=True)
    )
    relay_id: int | None = Field(
        default=None, sa_column=link("relay.id", nullable=True, ondelete="CASCADE", index=True)
    )
    at: datetime = Field(sa_column=moment())


class MinuteRecord(Record, table=True):
    """One item of the minutes; `verdict` agreed, deferred or rejected; `position` is its priority among these."""

    __tablename__ = "meeting_minute"
    id: int | None = Field(default=None, sa_column=surrogate())
    meeting_id: int = Field(sa_column=link("meeting.id", index=True))
    verdict: str = Field(sa_column=plain())
    position: int
    words: str = Field(sa_column=plain())
    at: datetime = Field(sa_column=moment())
