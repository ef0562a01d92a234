"""The tables of asking back: whom a safeguard may write to, what was asked, and what was replied (issue 4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from storage.columns import Encrypted
from storage.record import Record, big, link, moment, partial, plain, surrogate


class ContactRecord(Record, table=True):
    """The person of an alert, whom a safeguard may write to without being told who it is.

    `region` is the village that it was about, "" when none was known.
    """

    __tablename__ = "contact"
    id: int | None = Field(default=None, sa_column=surrogate())
    chat_id: int = Field(sa_column=big(index=True))
    region: str = Field(default="", sa_column=plain())
    at: datetime = Field(sa_column=moment())


class QuestionRecord(Record, table=True):
    """What a mandate asked: about an aspiration, or the person of an alert (`contact_id`); exactly one of them.

    `answered_at` is when the first reply came.
    """

    __tablename__ = "question"
    __table_args__ = (partial("ix_question_open", "aspiration_id", where="answered_at IS NULL"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    aspiration_id: int | None = Field(
        default=None, sa_column=link("aspiration.id", nullable=True, ondelete="CASCADE", index=True)
    )
    contact_id: int | None = Field(
        default=None, sa_column=link("contact.id", nullable=True, ondelete="CASCADE", index=True)
    )
    mandate_id: int = Field(sa_column=link("mandate.id"))
    asked: str = Field(sa_column=Column(Encrypted(), nullable=False))
    at: datetime = Field(sa_column=moment())
    answered_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    reminded_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class ReplyRecord(Record, table=True):
    """What was said to a question or to a notice about an aspiration; or (`event_id`) that a decision is objected to.

    A recording is a message of the aspiration (`part_id`), so that it is written down like the others; one that a
    safeguard gets is kept besides (`media_id`). `mandate_id` is the facilitator who passed it on. `read_at`: when the
    staff said that it was read.
    """

    __tablename__ = "reply"
    __table_args__ = (partial("ix_reply_unread", "aspiration_id", where="read_at IS NULL"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    aspiration_id: int | None = Field(
        default=None, sa_column=link("aspiration.id", nullable=True, ondelete="CASCADE", index=True)
    )
    question_id: int | None = Field(
        default=None, sa_column=link("question.id", nullable=True, ondelete="CASCADE", index=True)
    )
    event_id: int | None = Field(
        default=None, sa_column=link("aspiration_event.id", nullable=True, unique=True)
    )
    mandate_id: int | None = Field(default=None, sa_column=link("mandate.id", nullable=True))
    kind: str = Field(sa_column=plain())
    answer: str = Field(sa_column=Column(Encrypted(), nullable=False))
    part_id: int | None = Field(
        default=None, sa_column=link("aspiration_part.id", nullable=True, ondelete="SET NULL", index=True)
    )
    media_id: int | None = Field(default=None, sa_column=link("media.id", nullable=True, index=True))
    at: datetime = Field(sa_column=moment())
    read_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
