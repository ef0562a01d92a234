"""The tables of broadcasts: one message to many, and what became of it for each of them (issue 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text, UniqueConstraint
from sqlmodel import Field

from storage.columns import BIG, Encrypted, EncryptedJson
from storage.record import Record, big, link, moment, partial, plain, surrogate


class BroadcastRecord(Record, table=True):
    """One broadcast, written under a mandate. `state` as conversations.broadcast.BroadcastState.

    `picture` and `voice` are file_ids of this bot (Bot API, File), "" without one. `segment` is whom it is for, as
    conversations.broadcast.Segment; `census` the last count: recipients, left_out by reason, rows of five samples,
    empty before the first. `due_at` is when it may begin, NULL for at once; the quiet hours are each recipient's.
    Rows of recipients are made in lots, by chat: those up to the chat `made_to` are made, all of them at `made_at`.
    `progress_row` is the outbox row of the message that tells its author how far it is, `progress_edit` that of its
    newest change, `progress_told` what that said. `corrected` are the words that replace what was sent; each correction
    is a new `revision`, and -1 takes back what was sent; `mending` while recipients have another one than this.
    """

    __tablename__ = "broadcast"
    __table_args__ = (partial("ix_broadcast_open", "due_at", where="state IN ('scheduled', 'sending')"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    mandate_id: int = Field(sa_column=link("mandate.id", index=True))
    state: str = Field(default="draft", sa_column=plain())
    topic: str = Field(sa_column=plain())
    words: str = Field(sa_column=Column(Encrypted(), nullable=False))
    easy: str = Field(sa_column=Column(Encrypted(), nullable=False))
    picture: str = Field(default="", sa_column=plain())
    alternative: str = Field(default="", sa_column=Column(Encrypted(), nullable=False))
    voice: str = Field(default="", sa_column=plain())
    voice_seconds: int = 0
    segment: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON(), nullable=False))
    census: dict[str, Any] = Field(default_factory=dict, sa_column=Column(EncryptedJson(), nullable=False))
    due_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    approved_by: int | None = Field(default=None, sa_column=link("mandate.id", nullable=True))
    approved_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    made_to: int = Field(default=0, sa_column=big())
    made_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    started_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    paused_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    progress_row: int | None = Field(default=None, sa_column=big(nullable=True))
    progress_edit: int | None = Field(default=None, sa_column=big(nullable=True))
    progress_told: str = Field(default="", sa_column=plain())
    corrected: str = Field(default="", sa_column=Column(Encrypted(), nullable=False))
    revision: int = 0
    mending: bool = False
    created_at: datetime = Field(sa_column=moment())


class BroadcastRecipientRecord(Record, table=True):
    """What became of one broadcast for one chat: the pair is unique, so that nobody is told twice.

    `state`: waiting, held (they are in the middle of a question, since `held_at`), queued (its outbox row exists),
    sent, blocked, deactivated, refused, unknown, left_out (`reason` says why). `at` is when it came into that state.
    `extras` are the outbox rows of picture and voice that followed; `revision` is the one that they were sent.
    """

    __tablename__ = "broadcast_recipient"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "chat_id", name="uq_broadcast_recipient_chat"),
        partial("ix_broadcast_recipient_waiting", "broadcast_id", "id", where="state IN ('waiting', 'held')"),
        partial("ix_broadcast_recipient_outbox", "outbox_id", where="state = 'queued'"),
    )
    id: int | None = Field(default=None, sa_column=surrogate())
    broadcast_id: int = Field(sa_column=link("broadcast.id", ondelete="CASCADE"))
    chat_id: int = Field(sa_column=big(index=True))
    state: str = Field(default="waiting", sa_column=plain())
    reason: str = Field(default="", sa_column=plain())
    outbox_id: int | None = Field(default=None, sa_column=big(nullable=True))
    message_id: int | None = Field(default=None, sa_column=big(nullable=True))
    held_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    extras: list[int] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))
    revision: int = 0
    at: datetime = Field(sa_column=moment())


class BroadcastStopRecord(Record, table=True):
    """A chat that wants no broadcasts of one topic; notices about its own aspirations are not touched by it."""

    __tablename__ = "broadcast_stop"
    chat_id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    topic: str = Field(sa_column=Column(Text(), primary_key=True))
    at: datetime = Field(sa_column=moment())
