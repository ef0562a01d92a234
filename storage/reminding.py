"""Reminders of meetings: 7, 3 and 1 days and 2 hours before, following the answer (issue 4).

Nothing is planned ahead: each tick asks who has not heard of the newest one that is due. So a meeting that moves has
its reminders where it now is, several that are overdue become one, and none comes when the meeting has begun.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from storage.meeting_letters import REMINDER, about
from storage.meeting_views import ANSWER, MEETING
from storage.notices import Message, tell
from storage.residents import ACCESS, RESIDENT, wants_notices
from storage.rules import Rules

LEADS: Final = (7 * 24, 3 * 24, 24, 2)
"""Hours before a meeting at which one is reminded of it."""

FOLLOWS: Final = ("coming", "phone", "represented")
"""Whoever said that they cannot come is left alone."""


def passed(starts_at: datetime, at: datetime) -> int:
    """The newest reminder, in hours before the meeting, that was due at `at`; 0 for none yet."""
    due = [lead for lead in LEADS if starts_at - timedelta(hours=lead) <= at]
    return min(due, default=0)


def remind(connection: Connection, at: datetime, rules: Rules, limit: int) -> int:
    """Remind whoever has not heard of the newest reminder that is due; returns how many."""
    found = [row for lead in LEADS for row in connection.execute(_DUE, _window(at, lead, limit)).all()][
        :limit
    ]
    for row in found:
        connection.execute(
            update(ANSWER).where(ANSWER.c.id == row.answer_id).values(reminded=passed(row.starts_at, at))
        )
        if row.answer in FOLLOWS and wants_notices(connection, row.chat_id):
            tell(connection, Message(chat_id=row.chat_id, key=REMINDER, params=_params(row, rules)), at)
    return len(found)


def _window(at: datetime, lead: int, limit: int) -> dict[str, Any]:
    """Meetings whose newest reminder that is due is this one."""
    later = max((other for other in LEADS if other < lead), default=0)
    after, before = (at + timedelta(hours=hours) for hours in (later, lead))
    return {"lead": lead, "after": after, "before": before, "limit": limit}


def _params(row: Any, rules: Rules) -> dict[str, Any]:
    return {
        **about(row, rules),
        "answer": row.answer,
        "needs": list(row.needs or ()),
        "arranged": list(row.arranged or ()),
    }


_DUE: Final = (
    select(
        MEETING,
        ANSWER.c.id.label("answer_id"),
        ANSWER.c.answer,
        ANSWER.c.arranged,
        RESIDENT.c.chat_id,
        ACCESS.c.needs,
    )
    .join(ANSWER, ANSWER.c.meeting_id == MEETING.c.id)
    .join(RESIDENT, RESIDENT.c.id == ANSWER.c.resident_id)
    .outerjoin(ACCESS, ACCESS.c.resident_id == RESIDENT.c.id)
    .where(
        MEETING.c.cancelled_at.is_(None),
        MEETING.c.starts_at > bindparam("after"),
        MEETING.c.starts_at <= bindparam("before"),
        ANSWER.c.reminded != bindparam("lead"),
        RESIDENT.c.chat_id.is_not(None),
    )
    .order_by(MEETING.c.starts_at, ANSWER.c.id)
    .limit(bindparam("limit"))
)
