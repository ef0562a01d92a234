"""Who holds a role in a place now: whom the house turns to."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select

from conversations.facts import Role
from storage.invitations import covers
from storage.ledger import table
from storage.relay_tables import MandateRecord

MANDATE: Final = table(MandateRecord)


def holders(connection: Connection, role: Role, kode: str = "") -> list[int]:
    """The chats whose mandates of a role, in force now, cover a region; with "" those of all places."""
    rows = connection.execute(_HOLDERS, {"role": role}).all()
    return [row.chat_id for row in rows if not kode or covers(row.scope, kode)]


_HOLDERS: Final = (
    select(MANDATE.c.chat_id, MANDATE.c.scope)
    .where(MANDATE.c.role == bindparam("role"), MANDATE.c.ended_at.is_(None), MANDATE.c.chat_id.is_not(None))
    .order_by(MANDATE.c.id)
)
