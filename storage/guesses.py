"""Guessing is slowed: five wrong recovery codes an hour for each chat (issue 2).

Wrong tries stand in the inbox under a pseudonym of the chat, without content, and leave it with its other rows
after a week.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, insert, select

from storage.actor import RefusalError
from storage.ledger import INBOX

SCOPE: Final = "recovery"
"""The scope of the pseudonyms: see storage.ticket.Secrets.pseudonym."""

MOST: Final = 5
SPAN: Final = timedelta(hours=1)


def source(guesser: str) -> str:
    """The inbox source of the wrong tries of a chat, by its pseudonym."""
    return f"guess:{guesser}"


def require_patience(connection: Connection, guesser: str, at: datetime) -> None:
    """Raises RefusalError("slowed") after five wrong tries within the hour before `at`."""
    recent = (INBOX.c.source == source(guesser), INBOX.c.at > at - SPAN)
    if (connection.scalar(select(func.count()).select_from(INBOX).where(*recent)) or 0) >= MOST:
        raise RefusalError("slowed", "There were too many wrong tries; wait an hour.")


def note(connection: Connection, guesser: str, at: datetime) -> None:
    """Count a wrong try."""
    tries = connection.scalar(
        select(func.count()).select_from(INBOX).where(INBOX.c.source == source(guesser))
    )
    row = {
        "source": source(guesser),
        "id": f"{at.isoformat()} {tries}",
        "at": at,
        "state": "done",
        "error": "",
    }
    connection.execute(insert(INBOX).values(row))
