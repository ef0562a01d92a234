"""Figures for whoever watches over the bot: how much waits, and how much went wrong. No names, no ids."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select, text, update

from storage.ledger import ERRAND, INBOX, OUTBOX, Ledger

PROBE: Final = ("health", "probe")
"""The inbox key of a row that is written to see whether writing works."""


def figures(connection: Connection, now: datetime) -> dict[str, float]:
    """Rows that wait, the age in seconds of the oldest call, and updates in quarantine."""
    waiting = text("state IN ('waiting', 'calling')")
    oldest = connection.scalar(select(func.min(OUTBOX.c.due_at)).where(waiting))
    errands = select(func.count()).select_from(ERRAND).where(text("state IN ('waiting', 'doing')"))
    quarantined = select(func.count()).select_from(INBOX).where(INBOX.c.state == "quarantined")
    return {
        "outbox_waiting": float(
            connection.scalar(select(func.count()).select_from(OUTBOX).where(waiting)) or 0
        ),
        "outbox_oldest_seconds": max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        "errands_waiting": float(connection.scalar(errands) or 0),
        "updates_quarantined": float(connection.scalar(quarantined) or 0),
    }


def probe(connection: Connection, now: datetime) -> None:
    """Write a row: on a full disk all reading still works. The caller's commit raises what does not."""
    Ledger(connection).admit([PROBE], now)
    connection.execute(update(INBOX).where(INBOX.c.source == PROBE[0], INBOX.c.id == PROBE[1]).values(at=now))
