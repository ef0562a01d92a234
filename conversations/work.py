"""What a civil servant's chat holds while it works: the queue that is looked at, and what is being written."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.desk import Desk
from conversations.meeting import MeetingDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The desk, and a meeting being written."""

    desk: Desk | None = None
    meeting: MeetingDraft | None = None
