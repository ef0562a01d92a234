"""Recordings that nobody has put into written words yet: each waits as a task from the moment that it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, exists, insert, or_, select, union_all, update

from conversations.chat import Draft
from storage.ledger import table
from storage.media import MEDIA, PART, RELAY, REPORT
from storage.relay_tables import MandateRecord, TaskRecord, TranscriptRecord
from storage.tables import AspirationRecord

ASPIRATION: Final = table(AspirationRecord)
MANDATE: Final = table(MandateRecord)
TASK: Final = table(TaskRecord)
TRANSCRIPT: Final = table(TranscriptRecord)

HEARD: Final = ("voice", "audio")
"""Kinds of messages that somebody who hears puts into words."""

SEEN: Final = ("video", "video_note")
"""Those that may be sign language, for an interpreter."""

KINDS: Final[Mapping[str, str]] = dict.fromkeys(HEARD, "transcribe") | dict.fromkeys(SEEN, "interpret")
"""The kind of task that each kind of message makes."""


def is_recorded(draft: Draft) -> bool:
    """Whether anything in a draft was spoken or signed."""
    parts = (*draft.parts, draft.landmark) if draft.landmark else draft.parts
    return any(part.kind in KINDS for part in parts)


def open_for(connection: Connection, aspiration: int, region: str, at: datetime) -> None:
    """One task for each recording of an aspiration that has none; also of one that somebody relayed."""
    for part in connection.execute(_RECORDED, {"aspiration": aspiration}).all():
        row = {"kind": KINDS[part.kind], "part_id": part.id, "region": region}
        connection.execute(insert(TASK), row | {"state": "open", "created_at": at})


def mark_fault(connection: Connection, unique_id: str, fault: str) -> None:
    """Note what a recording lacks: silent, too_short, too_long, unreadable; or why there is none."""
    connection.execute(update(MEDIA).where(MEDIA.c.unique_id == unique_id).values(fault=fault))


def ticket_of(connection: Connection, chat_id: int, unique_id: str) -> str:
    """The newest aspiration of a chat, or of those it speaks for, that a file was sent with; "" for none.

    In its words, as consent, or as an answer. Others may have sent the same file: theirs is nobody else's to know.
    """
    return connection.scalar(_TICKET, {"unique_id": unique_id, "chat": chat_id}) or ""


_FILE: Final = select(MEDIA.c.id).where(MEDIA.c.unique_id == bindparam("unique_id")).scalar_subquery()
_SENT_WITH: Final = union_all(
    select(PART.c.aspiration_id).where(PART.c.media_id == _FILE),
    select(RELAY.c.aspiration_id).where(RELAY.c.consent_media_id == _FILE),
    select(RELAY.c.aspiration_id)
    .join(REPORT, REPORT.c.relay_id == RELAY.c.id)
    .where(REPORT.c.answer_media_id == _FILE),
)
_SPOKEN_FOR: Final = (
    select(RELAY.c.aspiration_id)
    .join(MANDATE, MANDATE.c.id == RELAY.c.mandate_id)
    .where(MANDATE.c.chat_id == bindparam("chat"), MANDATE.c.ended_at.is_(None), RELAY.c.claimed_at.is_(None))
)
_TICKET: Final = (
    select(ASPIRATION.c.ticket)
    .where(
        ASPIRATION.c.id.in_(_SENT_WITH),
        or_(ASPIRATION.c.chat_id == bindparam("chat"), ASPIRATION.c.id.in_(_SPOKEN_FOR)),
        ASPIRATION.c.retracted_at.is_(None),
    )
    .order_by(ASPIRATION.c.id.desc())
    .limit(1)
)
_RECORDED: Final = (
    select(PART.c.id, PART.c.kind)
    .where(
        PART.c.aspiration_id == bindparam("aspiration"),
        PART.c.kind.in_(KINDS),
        ~exists().where(TASK.c.part_id == PART.c.id),
    )
    .order_by(PART.c.id)
)
