"""What Telegram has already of what was said or shown: sent again by its file_id, without making or uploading it.

A file_id holds for one bot only (Bot API, "Sending by file_id"), so the bot is part of what a row is known by. Only
what is the same for everybody is remembered (conversations.spoken.Piece.ours).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.ledger import CHAT, table
from storage.relay_tables import SpokenRecord

SPEAK: Final = "speak"
"""The errand that sends a message as a voice note too; its parameters are emptied when it is over."""

SPOKEN: Final = table(SpokenRecord)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A file that Telegram has: how to send it again, and its length in seconds."""

    file_id: str
    seconds: int


def key(bot: str, digest: str) -> str:
    """What a file is known by: the bot that sent it and what it says."""
    return hashlib.sha256(f"{bot}:{digest}".encode()).hexdigest()


def find(connection: Connection, known_by: str) -> Remembered | None:
    """What was remembered, None when Telegram does not have it yet."""
    row = connection.execute(_FIND, {"b_digest": known_by}).first()
    return Remembered(row.file_id, row.seconds) if row is not None else None


def remember(connection: Connection, known_by: str, file: Remembered, at: datetime) -> None:
    """Telegram has this now; the newest file_id stands."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgres_insert
    row = insert(SPOKEN).values(digest=known_by, file_id=file.file_id, seconds=file.seconds, at=at)
    values = {"file_id": row.excluded.file_id, "seconds": row.excluded.seconds, "at": row.excluded.at}
    connection.execute(row.on_conflict_do_update(index_elements=["digest"], set_=values))


def forget(connection: Connection, file_id: str) -> None:
    """Telegram does not know this one any more: it is made and uploaded anew the next time."""
    connection.execute(delete(SPOKEN).where(SPOKEN.c.file_id == file_id))


def heard_last(connection: Connection, chat_id: int) -> datetime | None:
    """When the person of a chat was last heard of: what was to be said before that is no longer said."""
    return connection.scalar(_SEEN, {"b_id": chat_id})


_FIND: Final = select(SPOKEN.c.file_id, SPOKEN.c.seconds).where(SPOKEN.c.digest == bindparam("b_digest"))
_SEEN: Final = select(CHAT.c.seen_at).where(CHAT.c.id == bindparam("b_id"))
