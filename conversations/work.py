"""What a civil servant's chat holds while it works: the queue that is looked at, and what is being written."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.broadcast import BroadcastDraft
from conversations.desk import Desk
from conversations.figure import Choice
from conversations.meeting import MeetingDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The desk, a meeting or a broadcast being written, and a choice of figures or files."""

    desk: Desk | None = None
    meeting: MeetingDraft | None = None
    broadcast: BroadcastDraft | None = None
    choice: Choice | None = None
