"""Whether a file was relayed before: facilitators forward the same voice twice without knowing."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select

from storage.ledger import table
from storage.media import MEDIA, PART
from storage.relay_tables import MandateRecord, RelayRecord

RELAY: Final = table(RelayRecord)
MANDATE: Final = table(MandateRecord)


def relayed_before(connection: Connection, chat_id: int, unique_id: str) -> bool:
    """Whether the facilitator of this chat has relayed a file of this `file_unique_id` (Bot API)."""
    return connection.execute(_BEFORE, {"chat": chat_id, "file": unique_id}).first() is not None


_BEFORE: Final = (
    select(PART.c.id)
    .join(MEDIA, PART.c.media_id == MEDIA.c.id)
    .join(RELAY, RELAY.c.aspiration_id == PART.c.aspiration_id)
    .join(MANDATE, MANDATE.c.id == RELAY.c.relayed_by)
    .where(MEDIA.c.unique_id == bindparam("file"), MANDATE.c.chat_id == bindparam("chat"))
    .limit(1)
)
