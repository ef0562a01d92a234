"""Words of danger: what is flagged for it, and who is told at once.

Whoever holds the mandate "safeguard" for the place hears of it, by night too. Where nobody does, it is counted
without its words, and `suara doctor` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from conversations.chat import Draft
from conversations.danger import Concern, concern
from storage import notices
from storage.invitations import covers
from storage.ledger import table
from storage.notices import NOTICES, Message
from storage.relay_tables import MandateRecord
from storage.rules import Scene

RAISED: Final = "alert.raised"
"""The message to a safeguard. Parameters: words, village, kecamatan ("" when no place is known)."""

SAFEGUARD: Final = "safeguard"
NOBODY: Final = 0
"""Stands for the chat of an alert that nobody could be told; Telegram gives no such number."""

LONGEST_QUOTE: Final = 500  # characters
MANDATE: Final = table(MandateRecord)


def flag(draft: Draft, summary: str = "") -> Concern:
    """What the words of a draft, or the line that sums them up, are about: stored as `aspiration.flagged`."""
    return concern(f"{draft.words()}\n{summary}")


def raise_alert(scene: Scene, words: str, village: str = "") -> int:
    """Tell every safeguard of a village (of all places when it is "") at once; returns how many are told."""
    chats = safeguards(scene.connection, village)
    params = {"words": words[:LONGEST_QUOTE], **_place(scene, village)}
    for chat in chats:
        notices.tell(
            scene.connection, Message(chat_id=chat, key=RAISED, params=params, urgent=True), scene.at
        )
    if not chats:
        scene.connection.execute(insert(NOTICES).values(_unheard(scene)))
    return len(chats)


def safeguards(connection: Connection, village: str = "") -> list[int]:
    """The chats that hold the mandate for a village; with "" those of all places."""
    rows = connection.execute(_SAFEGUARDS).all()
    return sorted({row.chat_id for row in rows if not village or covers(row.scope, village)})


def unheard(connection: Connection) -> int:
    """How many alerts nobody could be told."""
    counted: int = connection.scalar(_UNHEARD) or 0
    return counted


def _place(scene: Scene, kode: str) -> Mapping[str, str]:
    found = scene.rules.regions.village(kode) if kode else None
    return {"village": found.name if found else "", "kecamatan": found.kecamatan if found else ""}


def _unheard(scene: Scene) -> dict[str, Any]:
    empty: dict[str, Any] = {"aspiration_id": None, "event_id": None, "params": {}, "state": "cancelled"}
    return {"chat_id": NOBODY, "key": RAISED, "due_at": scene.at, **empty}


_SAFEGUARDS: Final = select(MANDATE.c.chat_id, MANDATE.c.scope).where(
    MANDATE.c.role == SAFEGUARD, MANDATE.c.ended_at.is_(None), MANDATE.c.chat_id.is_not(None)
)
_UNHEARD: Final = select(func.count()).where(NOTICES.c.key == RAISED, NOTICES.c.chat_id == NOBODY)
