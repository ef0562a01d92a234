"""The tables of issue 3: mandates and those spoken for, written words of recordings, access needs, spoken messages.

As in storage.tables: times are UTC, a text that is not there is "" unless said otherwise. What is about a person
is encrypted (storage.columns).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Text
from sqlmodel import Field

from storage.columns import BIG, Encrypted, EncryptedJson
from storage.record import Record, big, link, moment, partial, plain, surrogate


class AccessRecord(Record, table=True):
    """What a person needs at meetings, apart from who they are. `needs` None: declined to answer."""

    __tablename__ = "access"
    resident_id: int = Field(
        sa_column=Column(
            BIG, ForeignKey("resident.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    needs: list[str] | None = Field(default=None, sa_column=Column(EncryptedJson(), nullable=True))
    other: str | None = Field(default=None, sa_column=Column(Encrypted(), nullable=True))
    answered_at: datetime = Field(sa_column=moment())


class InvitationRecord(Record, table=True):
    """A one-time link to a mandate, or a one-time code to take over `from_mandate`'s people; only its digest is kept.

    `scope` are region codes. Spent when `used_at` is set, dead when `revoked_at` is.
    """

    __tablename__ = "invitation"
    id: int | None = Field(default=None, sa_column=surrogate())
    digest: str = Field(sa_column=Column(Text(), nullable=False, unique=True))
    role: str = Field(sa_column=plain())
    scope: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))
    forum: bool = False
    from_mandate: int | None = Field(default=None, sa_column=link("mandate.id", nullable=True))
    note: str | None = Field(default=None, sa_column=Column(Encrypted(), nullable=True))
    created_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment())
    used_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    agencies: list[str] | None = Field(default=None, sa_column=Column(JSON(), nullable=True))


class MandateRecord(Record, table=True):
    """A role in a region, given to a chat by an invitation; over when `ended_at` is set.

    `chat_id` is NULL once its holder was erased. `label` is who it is, for those who manage mandates. `conduct` is
    the version of the code of conduct that was agreed to. `flagged_at`: many near-identical items came from it.
    """

    __tablename__ = "mandate"
    __table_args__ = (partial("uq_mandate_holder", "chat_id", "role", where="ended_at IS NULL", unique=True),)
    id: int | None = Field(default=None, sa_column=surrogate())
    chat_id: int | None = Field(default=None, sa_column=big(nullable=True))
    role: str = Field(sa_column=plain())
    scope: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))
    forum: bool = False
    label: str | None = Field(default=None, sa_column=Column(Encrypted(), nullable=True))
    conduct: str = Field(default="", sa_column=plain())
    begun_at: datetime = Field(sa_column=moment())
    ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    flagged_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    agencies: list[str] | None = Field(default=None, sa_column=Column(JSON(), nullable=True))


class RelayRecord(Record, table=True):
    """That an aspiration was spoken for by a facilitator: who, for whom, with which consent, how they are told.

    `mandate_id` is who represents the person now, `relayed_by` who did at first (handing over changes only the
    former). `claim_digest` is "" when no code is out; `claim_tries` counts wrong tries at the present one.
    """

    __tablename__ = "relay"
    id: int | None = Field(default=None, sa_column=surrogate())
    aspiration_id: int = Field(sa_column=link("aspiration.id", ondelete="CASCADE", unique=True))
    mandate_id: int = Field(sa_column=link("mandate.id", index=True))
    relayed_by: int = Field(sa_column=link("mandate.id"))
    name: str | None = Field(default=None, sa_column=Column(Encrypted(), nullable=True))
    contact: str | None = Field(default=None, sa_column=Column(Encrypted(), nullable=True))
    relation: str = Field(sa_column=plain())
    maturity: str = Field(sa_column=plain())
    groups: list[str] | None = Field(default=None, sa_column=Column(EncryptedJson(), nullable=True))
    needs: list[str] | None = Field(default=None, sa_column=Column(EncryptedJson(), nullable=True))
    told_by: str = Field(sa_column=plain())
    consent_form: str = Field(sa_column=plain())
    consent_media_id: int | None = Field(default=None, sa_column=link("media.id", nullable=True, index=True))
    witnessed: str | None = Field(default=None, sa_column=Column(Encrypted(), nullable=True))
    consented_at: datetime = Field(sa_column=moment())
    form_number: str | None = Field(default=None, sa_column=Column(Text(), nullable=True, unique=True))
    claim_digest: str = Field(default="", sa_column=plain())
    claim_tries: int = 0
    claimed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class ReportRecord(Record, table=True):
    """A change that somebody who spoke through a facilitator is still to be told of, or was: `told_at`.

    One for each change. `answer_media_id` and `answer` are what the person said to it. Ended without telling when
    the aspiration was claimed (`ended_at`).
    """

    __tablename__ = "report"
    __table_args__ = (partial("ix_report_due", "due_at", where="told_at IS NULL AND ended_at IS NULL"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    relay_id: int = Field(sa_column=link("relay.id", ondelete="CASCADE", index=True))
    event_id: int = Field(sa_column=link("aspiration_event.id", unique=True))
    due_at: datetime = Field(sa_column=moment())
    told_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    answer: str | None = Field(default=None, sa_column=Column(Encrypted(), nullable=True))
    answer_media_id: int | None = Field(default=None, sa_column=link("media.id", nullable=True, index=True))


class TaskRecord(Record, table=True):
    """A recording that a person is to put into written words: transcribe, interpret (sign language), or check.

    `region` is where the aspiration belongs, `mandate_id` who has taken it. `state`: open, taken, done, ended (the
    aspiration is gone, or the words came otherwise).
    """

    __tablename__ = "task"
    __table_args__ = (partial("ix_task_open", "created_at", "id", where="state IN ('open', 'taken')"),)
    id: int | None = Field(default=None, sa_column=surrogate())
    kind: str = Field(sa_column=plain())
    part_id: int = Field(sa_column=link("aspiration_part.id", ondelete="CASCADE", index=True))
    region: str = Field(sa_column=Column(Text(), ForeignKey("region.kode"), nullable=False))
    transcript_id: int | None = Field(
        default=None, sa_column=link("transcript.id", nullable=True, ondelete="CASCADE")
    )
    state: str = Field(default="open", sa_column=plain())
    mandate_id: int | None = Field(default=None, sa_column=link("mandate.id", nullable=True))
    created_at: datetime = Field(sa_column=moment())
    taken_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class TranscriptRecord(Record, table=True):
    """Written words of one message of an aspiration; the recording stays beside it, and every version is kept.

    `source`: machine, person, checked (a second person agreed or corrected), speaker (their own correction).
    `state`: draft (a machine's, or waiting for a check), offered (to the speaker), confirmed, refused, replaced.
    """

    __tablename__ = "transcript"
    id: int | None = Field(default=None, sa_column=surrogate())
    part_id: int = Field(sa_column=link("aspiration_part.id", ondelete="CASCADE", index=True))
    source: str = Field(sa_column=plain())
    words: str = Field(sa_column=Column(Encrypted(), nullable=False))
    state: str = Field(sa_column=plain())
    written_by: int | None = Field(default=None, sa_column=link("mandate.id", nullable=True))
    at: datetime = Field(sa_column=moment())
    settled_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class SpokenRecord(Record, table=True):
    """A voice note that Telegram has already: `digest` of what is said and of the bot that said it, `file_id` to send it again."""

    __tablename__ = "spoken"
    digest: str = Field(sa_column=Column(Text(), primary_key=True))
    file_id: str = Field(sa_column=plain())
    seconds: int = 0
    at: datetime = Field(sa_column=moment())
