"""Recordings that nobody has put into written words yet: each waits as a task from the moment that it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, exists, insert, select

from conversations.chat import Draft
from storage.ledger import table
from storage.media import PART
from storage.relay_tables import TaskRecord, TranscriptRecord

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


_RECORDED: Final = (
    select(PART.c.id, PART.c.kind)
    .where(
        PART.c.aspiration_id == bindparam("aspiration"),
        PART.c.kind.in_(KINDS),
        ~exists().where(TASK.c.part_id == PART.c.id),
    )
    .order_by(PART.c.id)
)
