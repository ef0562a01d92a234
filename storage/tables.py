"""The tables. Every column that may be empty says why; a text that is not there is "", never NULL.

Times are UTC (storage.columns.Utc); ids from Telegram and surrogate keys have 64 bits. Rows that are written at
every message (chat, inbox, outbox, errand) go through storage.ledger, all others through the verbs beside it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, MetaData, SmallInteger, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import BIG, Encrypted, EncryptedBytes, EncryptedJson, Utc

REPLY, NOTICE, BROADCAST, BESIDE = 0, 1, 2, 9
"""Lanes of the outbox: a lower one goes first; BESIDE (answerCallbackQuery) is outside lanes and pacing."""


def _key() -> Column[int]:
    return Column(BIG, primary_key=True, autoincrement=True)


def _big(*, nullable: bool = False, **options: Any) -> Column[int]:
    return Column(BIG, nullable=nullable, **options)


def _link(target: str, *, nullable: bool = False, ondelete: str | None = None, **options: Any) -> Column[int]:
    return Column(BIG, ForeignKey(target, ondelete=ondelete), nullable=nullable, **options)


def _moment(*, nullable: bool = False) -> Column[datetime]:
    return Column(Utc(), nullable=nullable)


def _words() -> Column[str]:
    return Column(Text(), nullable=False)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


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


class RegionRecord(Record, table=True):
    """A region by Kemendagri code. `folded` is the name casefolded, without spaces and punctuation."""

    __tablename__ = "region"
    kode: str = Field(sa_column=Column(Text(), primary_key=True))
    name: str = Field(sa_column=_words())
    kind: str = Field(sa_column=_words())
    parent: str | None = Field(
        default=None, sa_column=Column(Text(), ForeignKey("region.kode"), nullable=True, index=True)
    )
    folded: str = Field(sa_column=Column(Text(), nullable=False, index=True))
    other_names: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))


class ChatRecord(Record, table=True):
    """One Telegram chat; `state` is conversations.chat.Chat as JSON, "" for a chat that was just created.

    `quiet_at`: when the gathering of an answer ends. `draft_at`: last activity of an unfinished draft, NULL
    without one. `reminded_at`: when this draft's one reminder went out. `held_at`: since when
    something is held for a day only (conversations.forgetting).
    """

    __tablename__ = "chat"
    __table_args__ = (
        _partial("ix_chat_quiet", "quiet_at", where="quiet_at IS NOT NULL"),
        _partial("ix_chat_draft", "draft_at", where="draft_at IS NOT NULL AND reminded_at IS NULL"),
        _partial("ix_chat_held", "held_at", where="held_at IS NOT NULL"),
    )
    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    state: str = Field(default="", sa_column=_words())
    reachable: bool = True
    quiet_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    draft_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    reminded_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    held_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    created_at: datetime = Field(sa_column=_moment())
    seen_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class ResidentRecord(Record, table=True):
    """A person who consented, apart from what they said. `groups` None: not asked or declined to answer."""

    __tablename__ = "resident"
    __table_args__ = (_partial("ix_resident_erasure", "erasure_due_at", where="erasure_due_at IS NOT NULL"),)
    id: int | None = Field(default=None, sa_column=_key())
    chat_id: int | None = Field(default=None, sa_column=_big(nullable=True, unique=True))
    name: str | None = Field(default=None, sa_column=Column(Encrypted(), nullable=True))
    groups: list[str] | None = Field(default=None, sa_column=Column(EncryptedJson(), nullable=True))
    groups_answered: bool = False
    locale: str = Field(default="id", sa_column=_words())
    village_kode: str | None = Field(
        default=None, sa_column=Column(Text(), ForeignKey("region.kode"), nullable=True)
    )
    notices: bool = True
    broadcasts: bool = False
    erasure_due_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    created_at: datetime = Field(sa_column=_moment())


class ConsentRecord(Record, table=True):
    """What was shown (version, locale, form) and answered, and when: appended, never changed (UU 27/2022 Ps 22-24)."""

    __tablename__ = "consent"
    id: int | None = Field(default=None, sa_column=_key())
    resident_id: int = Field(sa_column=_link("resident.id", ondelete="CASCADE", index=True))
    purpose: str = Field(sa_column=_words())
    granted: bool
    version: str = Field(sa_column=_words())
    locale: str = Field(sa_column=_words())
    form: str = Field(sa_column=_words())
    at: datetime = Field(sa_column=_moment())


class MediaRecord(Record, table=True):
    """A file: `unique_id` recognises it, `file_id` fetches it, `sha256` names it under MEDIA_DIR once it is kept."""

    __tablename__ = "media"
    id: int | None = Field(default=None, sa_column=_key())
    unique_id: str = Field(sa_column=Column(Text(), nullable=False, unique=True))
    file_id: str = Field(sa_column=_words())
    kind: str = Field(sa_column=_words())
    mime: str = Field(default="", sa_column=_words())
    seconds: int = 0
    bytes: int = Field(default=0, sa_column=_big())
    sha256: str = Field(default="", sa_column=Column(Text(), nullable=False, index=True))
    state: str = Field(default="waiting", sa_column=_words())
    created_at: datetime = Field(sa_column=_moment())


class AspirationRecord(Record, table=True):
    """What was submitted. `resident_id` is NULL when anonymous or erased; `chat_id` is where notices go, NULL when erased.

    `draft_key` ("chat:serial") makes a draft submit once. Of an anonymous one no staff-facing read shows `chat_id`.
    """

    __tablename__ = "aspiration"
    __table_args__ = (
        UniqueConstraint("plan_year", "ticket", name="uq_aspiration_ticket"),
        Index("ix_aspiration_year", "plan_year", "id"),
    )
    id: int | None = Field(default=None, sa_column=_key())
    ticket: str = Field(sa_column=Column(Text(), nullable=False, index=True))
    plan_year: int
    resident_id: int | None = Field(
        default=None, sa_column=_link("resident.id", nullable=True, ondelete="SET NULL", index=True)
    )
    chat_id: int | None = Field(default=None, sa_column=_big(nullable=True, index=True))
    draft_key: str | None = Field(default=None, sa_column=Column(Text(), nullable=True, unique=True))
    region: str = Field(sa_column=Column(Text(), ForeignKey("region.kode"), nullable=False, index=True))
    landmark: str = Field(default="", sa_column=_words())
    latitude: float | None = None
    longitude: float | None = None
    field: str = Field(sa_column=_words())
    visibility: str = Field(sa_column=_words())
    stage: str = Field(sa_column=_words())
    decision: str = Field(default="", sa_column=_words())
    reason: str = Field(default="", sa_column=_words())
    office: str = Field(default="", sa_column=_words())
    locale: str = Field(default="id", sa_column=_words())
    submitted_at: datetime = Field(sa_column=_moment())
    closed_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    retracted_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    erased_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    recovery_digest: str = Field(default="", sa_column=_words())
    redacted: str = Field(default="", sa_column=_words())


class AspirationPartRecord(Record, table=True):
    """One message of an aspiration; `role` is "need" or "landmark"."""

    __tablename__ = "aspiration_part"
    __table_args__ = (
        UniqueConstraint("aspiration_id", "role", "position", name="uq_aspiration_part_position"),
    )
    id: int | None = Field(default=None, sa_column=_key())
    aspiration_id: int = Field(sa_column=_link("aspiration.id", ondelete="CASCADE"))
    role: str = Field(default="need", sa_column=_words())
    position: int
    kind: str = Field(sa_column=_words())
    text: str = Field(default="", sa_column=_words())
    media_id: int | None = Field(default=None, sa_column=_link("media.id", nullable=True, index=True))


class AspirationAudienceRecord(Record, table=True):
    """A group that an aspiration is for; apart from its author's own groups."""

    __tablename__ = "aspiration_audience"
    aspiration_id: int = Field(
        sa_column=Column(
            BIG, ForeignKey("aspiration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    grp: str = Field(sa_column=Column(Text(), primary_key=True))


class AspirationEventRecord(Record, table=True):
    """One entry of an aspiration's history. A trigger refuses UPDATE and DELETE on both engines."""

    __tablename__ = "aspiration_event"
    id: int | None = Field(default=None, sa_column=_key())
    aspiration_id: int = Field(sa_column=_link("aspiration.id", index=True))
    at: datetime = Field(sa_column=_moment())
    actor_kind: str = Field(sa_column=_words())
    actor_ref: str = Field(default="", sa_column=_words())
    verb: str = Field(sa_column=_words())
    old_stage: str = Field(default="", sa_column=_words())
    new_stage: str = Field(default="", sa_column=_words())
    old_decision: str = Field(default="", sa_column=_words())
    new_decision: str = Field(default="", sa_column=_words())
    reason: str = Field(default="", sa_column=_words())
    note: str = Field(default="", sa_column=_words())
    office: str = Field(default="", sa_column=_words())


class NoticeRecord(Record, table=True):
    """A message about one's own aspiration, as key and parameters: rendered at sending. One for each event and chat.

    `state`: waiting (until `due_at`), queued (its outbox row exists), cancelled.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("event_id", "chat_id", name="uq_notice_event"),
        _partial("ix_notice_due", "due_at", where="state = 'waiting'"),
    )
    id: int | None = Field(default=None, sa_column=_key())
    aspiration_id: int = Field(sa_column=_link("aspiration.id", index=True))
    event_id: int = Field(sa_column=_link("aspiration_event.id"))
    chat_id: int = Field(sa_column=_big())
    key: str = Field(sa_column=_words())
    params: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON(), nullable=False))
    due_at: datetime = Field(sa_column=_moment())
    state: str = Field(default="waiting", sa_column=_words())


class InboxRecord(Record, table=True):
    """An update, an errand's outcome or a clock job that was processed; content only when quarantined.

    `state`: done, quarantined, dropped.
    """

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_at", "at"), {"sqlite_with_rowid": False})
    source: str = Field(sa_column=Column(Text(), primary_key=True))
    id: str = Field(sa_column=Column(Text(), primary_key=True))
    at: datetime = Field(sa_column=_moment())
    state: str = Field(default="done", sa_column=_words())
    content: bytes | None = Field(default=None, sa_column=Column(EncryptedBytes(), nullable=True))
    error: str = Field(default="", sa_column=_words())


_WAITING = "state = 'waiting'"
_OPEN = "state IN ('waiting', 'calling')"
_NOTICED = "notice_id IS NOT NULL"
_DONE = "done_at IS NOT NULL"


class OutboxRecord(Record, table=True):
    """A call to make. `params` is its JSON text, "" for a notice (rendered at sending) and after it was sent.

    `state`: waiting, calling (committed before the call), sent, blocked, refused (`error` keeps the server's
    words), unknown, dropped. `doubtful`: a call whose outcome is unknown was, or may have been, repeated.
    `chat_id` is NULL only in the lane BESIDE. Its key is never used twice, so that a late answer cannot
    settle another row.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        _partial("ix_outbox_due", "lane", "due_at", "id", where=_WAITING),
        _partial("ix_outbox_open", "chat_id", "lane", "id", where=_OPEN),
        _partial("uq_outbox_notice", "notice_id", where=_NOTICED, unique=True),
        _partial("ix_outbox_done", "done_at", where=_DONE),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, sa_column=_key())
    chat_id: int | None = Field(default=None, sa_column=_big(nullable=True))
    lane: int = Field(default=REPLY, sa_column=Column(SmallInteger(), nullable=False))
    method: str = Field(default="", sa_column=_words())
    params: str = Field(default="", sa_column=_words())
    files: str | None = Field(default=None, sa_column=Column(Text(), nullable=True))
    notice_id: int | None = Field(default=None, sa_column=_link("notice.id", nullable=True))
    state: str = Field(default="waiting", sa_column=_words())
    due_at: datetime = Field(sa_column=_moment())
    attempts: int = 0
    doubtful: bool = False
    message_id: int | None = Field(default=None, sa_column=_big(nullable=True))
    error: str = Field(default="", sa_column=_words())
    created_at: datetime = Field(sa_column=_moment())
    done_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class ErrandRecord(Record, table=True):
    """Slow work outside the turn. `state`: waiting, doing (until `due_at`, then up for another), done, failed."""

    __tablename__ = "errand"
    __table_args__ = (
        _partial("ix_errand_due", "due_at", "id", where="state IN ('waiting', 'doing')"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, sa_column=_key())
    kind: str = Field(sa_column=_words())
    params: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON(), nullable=False))
    chat_id: int | None = Field(default=None, sa_column=_big(nullable=True, index=True))
    state: str = Field(default="waiting", sa_column=_words())
    due_at: datetime = Field(sa_column=_moment())
    attempts: int = 0
    error: str = Field(default="", sa_column=_words())
    created_at: datetime = Field(sa_column=_moment())
    done_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
