"""What every event is made of: when it happened, and the edge that an outcome takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Common to all: `at` is our clock, `sent_at` Telegram's, `message` the id of the message that came."""

    at: datetime
    sent_at: datetime | None = None
    message: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Event):
    """The event that an effect gives back; `name` is the edge it takes."""

    name: ClassVar[str] = ""
