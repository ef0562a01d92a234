"""The tables. Every column that may be empty says why; a text that is not there is "", never NULL.

Times are UTC (storage.columns.Utc); ids from Telegram and surrogate keys have 64 bits. Rows that are written at
every message (chat, inbox, outbox, errand) go through storage.ledger, all others through the verbs beside it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, SmallInteger, Text, UniqueConstraint
from sqlmodel import Field

from storage import asking_tables as asking_tables  # noqa: PLC0414
from storage import broadcast_tables as broadcast_tables  # noqa: PLC0414
from storage import desk_tables as desk_tables  # noqa: PLC0414
from storage import export_tables as export_tables  # noqa: PLC0414
from storage import followup_tables as followup_tables  # noqa: PLC0414
from storage import likeness_tables as likeness_tables  # noqa: PLC0414
from storage import meeting_tables as meeting_tables  # noqa: PLC0414
from storage import relay_tables as relay_tables  # noqa: PLC0414  (whoever knows the tables knows all of them)
from storage import staff_tables as staff_tables  # noqa: PLC0414
from storage.columns import BIG, Encrypted, EncryptedBytes, EncryptedJson, Sealable
from storage.record import Record as Record  # noqa: PLC0414
from storage.record import added, big, link, moment, partial, plain, surrogate

REPLY, NOTICE, BROADCAST, BESIDE = 0, 1, 2, 9
"""Lanes of the outbox: a lower one goes first; BESIDE (answerCallbackQuery) is outside lanes and pacing."""


class RegionRecord(Record, table=True):
    """A region by Kemendagri code. `folded` is the name casefolded, without spaces and punctuation."""

    __tablename__ = "region"
    kode: str = Field(sa_column=Column(Text(), primary_key=True))
    name: str = Field(sa_column=plain())
    kind: str = Field(sa_column=plain())
    parent: str | None = Field(
        default=None, sa_column=Column(Text(), ForeignKey("region.kode"), nullable=True, index=True)
    )
    folded: str = Field(sa_column=Column(Text(), nullable=False, index=True))
    other_names: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))


class ChatRecord(Record, table=True):
    """One Telegram chat; `state` is conversations.chat.Chat as JSON, "" for a chat that was just created.

    It is sealed while it holds what is about a person (conversations.forgetting.is_personal).
    `quiet_at`: when the gathering of an answer ends. `draft_at`: last activity of an unfinished draft, NULL
    without one. `reminded_at`: when this draft's one reminder went out. `held_at`: since when
    something is held for a day only (conversations.forgetting).
    """

    __tablename__ = "chat"
    __table_args__ = (
        partial("ix_chat_quiet", "quiet_at", where="quiet_at IS NOT NULL"),
        partial("ix_chat_draft", "draft_at", where="draft_at IS NOT NULL AND reminded_at IS NULL"),
        partial("ix_chat_held", "held_at", where="held_at IS NOT NULL"),
    )
    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    state: str = Field(default="", sa_column=Column(Sealable(), nullable=False))
    reachable: bool = True
    quiet_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    draft_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    reminded_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    held_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    created_at: datetime = Field(sa_column=moment())
    seen_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class ResidentRecord(Record, table=True):
    """A person who consented, apart from what they said. `groups` None: not asked or declined to answer."""

    __tablename__ = "resident"
    __table_args__ = (partial("ix_resident_erasure", "erasure_due_at", where="erasure_due_at IS NOT NULL"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    chat_id: int | None = Field(default=None, sa_column=big(nullable=True, unique=True))
    name: str | None = Field(default=None, sa_column=Column(Encrypted(), nullable=True))
    groups: list[str] | None = Field(default=None, sa_column=Column(EncryptedJson(), nullable=True))
    groups_answered: bool = False
    locale: str = Field(default="id", sa_column=plain())
    village_kode: str | None = Field(
        default=None, sa_column=Column(Text(), ForeignKey("region.kode"), nullable=True)
    )
    notices: bool = True
    broadcasts: bool = False
    erasure_due_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    created_at: datetime = Field(sa_column=moment())


class ConsentRecord(Record, table=True):
    """What was shown (version, locale, form) and answered, and when: appended, never changed (UU 27/2022 Ps 22-24)."""

    __tablename__ = "consent"
    id: int | None = Field(default=None, sa_column=surrogate())
    resident_id: int = Field(sa_column=link("resident.id", ondelete="CASCADE", index=True))
    purpose: str = Field(sa_column=plain())
    granted: bool
    version: str = Field(sa_column=plain())
    locale: str = Field(sa_column=plain())
    form: str = Field(sa_column=plain())
    at: datetime = Field(sa_column=moment())
    media_id: int | None = Field(default=None, sa_column=link("media.id", nullable=True, index=True))


class MediaRecord(Record, table=True):
    """A file: `unique_id` recognises it, `file_id` fetches it, `sha256` names it under MEDIA_DIR once it is kept.

    `state`: waiting, kept, lost. `fault` is what a recording that was kept lacks: silent, too_short, too_long,
    unreadable (bot.recordings).
    """

    __tablename__ = "media"
    id: int | None = Field(default=None, sa_column=surrogate())
    unique_id: str = Field(sa_column=Column(Text(), nullable=False, unique=True))
    file_id: str = Field(sa_column=plain())
    kind: str = Field(sa_column=plain())
    mime: str = Field(default="", sa_column=plain())
    seconds: int = 0
    bytes: int = Field(default=0, sa_column=big())
    sha256: str = Field(default="", sa_column=Column(Text(), nullable=False, index=True))
    state: str = Field(default="waiting", sa_column=plain())
    created_at: datetime = Field(sa_column=moment())
    fault: str = Field(default="", sa_column=added())


_KNOWN = "retracted_at IS NULL"
_ON_DESK = ("region", "stage", "decision", "due_at", "field", "flagged", "closed_at", "retracted_at")
"""All that the counts of the desk look at, so that they read the index alone (storage.desk_queues)."""


class AspirationRecord(Record, table=True):
    """What was submitted. `resident_id` is NULL when anonymous or erased; `chat_id` is where notices go, NULL when erased.

    `flagged` "danger" or "complaint" (conversations.danger): what is flagged for danger is never published.
    `draft_key` ("chat:serial") makes a draft submit once. Of an anonymous one no staff-facing read shows `chat_id`.
    `due_at`: by when its people are to hear, while it is open; once completed, when they are asked whether it really
    is (storage.deadlines). `chased`: how often the staff was reminded of that.
    """

    __tablename__ = "aspiration"
    __table_args__ = (
        UniqueConstraint("plan_year", "ticket", name="uq_aspiration_ticket"),
        Index("ix_aspiration_year", "plan_year", "id"),
        partial("ix_aspiration_due", "due_at", where="due_at IS NOT NULL"),
        partial("ix_aspiration_open", *_ON_DESK, where=f"closed_at IS NULL AND {_KNOWN}"),
        partial("ix_aspiration_known", "region", "field", "retracted_at", where=_KNOWN),
    )
    id: int | None = Field(default=None, sa_column=surrogate())
    ticket: str = Field(sa_column=Column(Text(), nullable=False, index=True))
    plan_year: int
    resident_id: int | None = Field(
        default=None, sa_column=link("resident.id", nullable=True, ondelete="SET NULL", index=True)
    )
    chat_id: int | None = Field(default=None, sa_column=big(nullable=True, index=True))
    draft_key: str | None = Field(default=None, sa_column=Column(Text(), nullable=True, unique=True))
    region: str = Field(sa_column=Column(Text(), ForeignKey("region.kode"), nullable=False, index=True))
    landmark: str = Field(default="", sa_column=plain())
    latitude: float | None = None
    longitude: float | None = None
    field: str = Field(sa_column=plain())
    visibility: str = Field(sa_column=plain())
    stage: str = Field(sa_column=plain())
    decision: str = Field(default="", sa_column=plain())
    reason: str = Field(default="", sa_column=plain())
    office: str = Field(default="", sa_column=plain())
    locale: str = Field(default="id", sa_column=plain())
    submitted_at: datetime = Field(sa_column=moment())
    closed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    retracted_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    erased_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    recovery_digest: str = Field(default="", sa_column=plain())
    redacted: str = Field(default="", sa_column=plain())
    flagged: str = Field(default="", sa_column=added())
    due_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    chased: int = Field(default=0, sa_column=Column(SmallInteger(), nullable=False, server_default="0"))


class AspirationPartRecord(Record, table=True):
    """One message of an aspiration; `role` is "need", "landmark", or "summary": the relaying person's one line.

    `origin` is whom Telegram names as the sender of a forwarded message: "", user, hidden_user, chat, channel.
    """

    __tablename__ = "aspiration_part"
    __table_args__ = (
        UniqueConstraint("aspiration_id", "role", "position", name="uq_aspiration_part_position"),
    )
    id: int | None = Field(default=None, sa_column=surrogate())
    aspiration_id: int = Field(sa_column=link("aspiration.id", ondelete="CASCADE"))
    role: str = Field(default="need", sa_column=plain())
    position: int
    kind: str = Field(sa_column=plain())
    text: str = Field(default="", sa_column=plain())
    media_id: int | None = Field(default=None, sa_column=link("media.id", nullable=True, index=True))
    origin: str = Field(default="", sa_column=added())


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
    id: int | None = Field(default=None, sa_column=surrogate())
    aspiration_id: int = Field(sa_column=link("aspiration.id", index=True))
    at: datetime = Field(sa_column=moment())
    actor_kind: str = Field(sa_column=plain())
    actor_ref: str = Field(default="", sa_column=plain())
    verb: str = Field(sa_column=plain())
    old_stage: str = Field(default="", sa_column=plain())
    new_stage: str = Field(default="", sa_column=plain())
    old_decision: str = Field(default="", sa_column=plain())
    new_decision: str = Field(default="", sa_column=plain())
    reason: str = Field(default="", sa_column=plain())
    note: str = Field(default="", sa_column=plain())
    office: str = Field(default="", sa_column=plain())


class NoticeRecord(Record, table=True):
    """A message that somebody is told, as key and parameters: rendered at sending. One for each event and chat.

    `aspiration_id` and `event_id` are NULL when it is about no change of an aspiration: a reminder, an alert.
    `state`: waiting (until `due_at`), queued (its outbox row exists), cancelled, forgotten (it was told or called
    off long ago, and its parameters are empty).
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("event_id", "chat_id", name="uq_notice_event"),
        partial("ix_notice_due", "due_at", where="state = 'waiting'"),
        partial("ix_notice_alert", "due_at", where="key = 'alert.raised'"),
    )
    id: int | None = Field(default=None, sa_column=surrogate())
    aspiration_id: int | None = Field(
        default=None, sa_column=link("aspiration.id", nullable=True, index=True)
    )
    event_id: int | None = Field(default=None, sa_column=link("aspiration_event.id", nullable=True))
    chat_id: int = Field(sa_column=big(index=True))
    key: str = Field(sa_column=plain())
    params: dict[str, Any] = Field(default_factory=dict, sa_column=Column(EncryptedJson(), nullable=False))
    due_at: datetime = Field(sa_column=moment())
    state: str = Field(default="waiting", sa_column=plain())


class InboxRecord(Record, table=True):
    """An update, an errand's outcome or a clock job that was processed; content only when quarantined.

    `state`: done, quarantined, dropped. `chat_id` and `message_id` name the message that came, so that it can be
    deleted for its writer (storage.messages).
    """

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_at", "at"), {"sqlite_with_rowid": False})
    source: str = Field(sa_column=Column(Text(), primary_key=True))
    id: str = Field(sa_column=Column(Text(), primary_key=True))
    at: datetime = Field(sa_column=moment())
    state: str = Field(default="done", sa_column=plain())
    content: bytes | None = Field(default=None, sa_column=Column(EncryptedBytes(), nullable=True))
    error: str = Field(default="", sa_column=plain())
    chat_id: int | None = Field(default=None, sa_column=big(nullable=True))
    message_id: int | None = Field(default=None, sa_column=big(nullable=True))


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
        partial("ix_outbox_due", "lane", "due_at", "id", where=_WAITING),
        partial("ix_outbox_open", "chat_id", "lane", "id", where=_OPEN),
        partial("uq_outbox_notice", "notice_id", where=_NOTICED, unique=True),
        partial("ix_outbox_done", "done_at", where=_DONE),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, sa_column=surrogate())
    chat_id: int | None = Field(default=None, sa_column=big(nullable=True))
    lane: int = Field(default=REPLY, sa_column=Column(SmallInteger(), nullable=False))
    method: str = Field(default="", sa_column=plain())
    params: str = Field(default="", sa_column=plain())
    files: str | None = Field(default=None, sa_column=Column(Text(), nullable=True))
    notice_id: int | None = Field(default=None, sa_column=link("notice.id", nullable=True))
    state: str = Field(default="waiting", sa_column=plain())
    due_at: datetime = Field(sa_column=moment())
    attempts: int = 0
    doubtful: bool = False
    message_id: int | None = Field(default=None, sa_column=big(nullable=True))
    error: str = Field(default="", sa_column=plain())
    created_at: datetime = Field(sa_column=moment())
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class ErrandRecord(Record, table=True):
    """Slow work outside the turn. `state`: waiting, doing (until `due_at`, then up for another), done, failed."""

    __tablename__ = "errand"
    __table_args__ = (
        partial("ix_errand_due", "due_at", "id", where="state IN ('waiting', 'doing')"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, sa_column=surrogate())
    kind: str = Field(sa_column=plain())
    params: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON(), nullable=False))
    chat_id: int | None = Field(default=None, sa_column=big(nullable=True, index=True))
    state: str = Field(default="waiting", sa_column=plain())
    due_at: datetime = Field(sa_column=moment())
    attempts: int = 0
    error: str = Field(default="", sa_column=plain())
    created_at: datetime = Field(sa_column=moment())
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
