"""The table of what people answer after completion: whether it is really done (issue 4)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from storage.record import Record, link, moment, partial, plain, surrogate


class FollowupRecord(Record, table=True):
    """That somebody was asked about one completion (`completed_at`) of an aspiration, once, and what they answered.

    `voice_id` is the aspiration by which a supporter is asked, NULL for the author of what was completed.
    `answer` is yes, partly or no, "" until there is one; `mandate_id` is the facilitator who passed it on.
    """

    __tablename__ = "followup"
    __table_args__ = (partial("ix_followup_no", "aspiration_id", where="answer = 'no'"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    aspiration_id: int = Field(sa_column=link("aspiration.id", ondelete="CASCADE", index=True))
    voice_id: int | None = Field(
        default=None, sa_column=link("aspiration.id", nullable=True, ondelete="CASCADE", index=True)
    )
    completed_at: datetime = Field(sa_column=moment())
    asked_at: datetime = Field(sa_column=moment())
    answer: str = Field(default="", sa_column=plain())
    answered_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    mandate_id: int | None = Field(default=None, sa_column=link("mandate.id", nullable=True))
