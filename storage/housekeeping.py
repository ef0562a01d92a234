"""Rows that have served their time: keys of processed updates, quarantined ones, calls and errands that were done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete

from storage.ledger import ERRAND, INBOX, OUTBOX

PROCESSED: Final = timedelta(days=7)
"""Telegram redelivers for 24 hours at most; a week leaves room for a long outage."""

QUARANTINED: Final = timedelta(days=30)
"""How long an update that failed is kept for somebody to look at (design: inbox)."""

SENT: Final = timedelta(days=30)
"""How long it is remembered which message a call became; a message can be deleted for 48 hours."""

DONE: Final = timedelta(days=30)
"""How long an errand that is done or has failed is kept, so that somebody can see why."""


def prune(connection: Connection, now: datetime) -> int:
    """Delete what is older than that; returns how many rows went."""
    quarantined = INBOX.c.state == "quarantined"
    sent, done = OUTBOX.c.done_at, ERRAND.c.done_at
    statements = (
        delete(INBOX).where(INBOX.c.at < now - PROCESSED, ~quarantined),
        delete(INBOX).where(INBOX.c.at < now - QUARANTINED, quarantined),
        delete(OUTBOX).where(sent.is_not(None), sent < now - SENT),
        delete(ERRAND).where(done.is_not(None), done < now - DONE),
    )
    return sum(connection.execute(statement).rowcount for statement in statements)
