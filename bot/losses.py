"""What somebody is told whose recording could not be fetched or cannot be heard: through the inbox, once."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection

from bot.transport import TooBig
from bot.turn import Arrival, Turner
from conversations.events import MediaLost
from storage.errands import Errand
from storage.media import mark_lost
from storage.unheard import mark_fault, ticket_of

Reason = Literal["too_big", "gone", "too_short", "too_long", "silent", "unreadable"]
NOT_KEPT: Final = frozenset({"too_big", "gone", "unreadable"})
"""Of these nothing is kept; what is silent, too short or too long is kept as it came."""


def reason_of(error: Exception) -> Reason:
    """Why a file could not be fetched."""
    return "too_big" if isinstance(error, TooBig) else "gone"


def lose(turner: Turner, connection: Connection, errand: Errand, reason: Reason, at: datetime) -> None:
    """Note what a file lacks, take it out of the answer that it was in, and tell whoever sent it.

    What was sent already stays as it is, and its ticket is named.
    """
    unique_id = str(errand.params["unique_id"])
    if reason in NOT_KEPT:
        mark_lost(connection, unique_id)
    mark_fault(connection, unique_id, reason)
    if errand.chat_id is None:
        return
    ticket = ticket_of(connection, errand.chat_id, unique_id)
    lost = MediaLost(at=at, unique_id=unique_id, reason=reason, ticket=ticket)
    turner.process(connection, [Arrival(("errand", str(errand.id)), errand.chat_id, "private", lost)], at)
