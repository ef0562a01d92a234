"""Counting whom a broadcast reaches, while others write: own groups are opened for it, which takes its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.app import Home
from conversations.broadcast import Census
from storage.broadcast_drafts import broadcast_row, store_count
from storage.broadcast_segments import census, read_segment
from storage.errands import Errand


@dataclass(frozen=True, slots=True)
class Counted:
    """A broadcast as it was read, and whom it reached then."""

    row: Any
    census: Census


def count(home: Home, connection: Connection, errand: Errand) -> Counted | None:
    """Count; it only reads. None for a broadcast that was dropped meanwhile."""
    row = broadcast_row(connection, int(errand.params["broadcast"]))
    if row is None:
        return None
    rules = home.furnished.rules
    return Counted(row, census(connection, read_segment(row.segment), row.topic, rules))


def keep(connection: Connection, counted: Counted | None, at: datetime) -> None:
    """Store it and tell the author."""
    if counted is not None:
        store_count(connection, counted.row.id, counted.row, counted.census, at)
