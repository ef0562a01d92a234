"""After completion: its people are asked once whether it is really done, and their answer stands beside the status.

"Not done" puts the card into a queue of the desk until somebody decides about it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from conversations.followup import Done
from storage import reports, residents
from storage.followup_tables import FollowupRecord
from storage.ledger import table
from storage.notices import Message, tell
from storage.submissions import ASPIRATION

FOLLOWUP: Final = table(FollowupRecord)
ASKED: Final = "followup.asked"
"""The question to the author. Parameters: ticket."""

TO_ASK: Final = "followup.to_ask"
"""The same for whoever speaks for the author. Parameters: ticket, name."""

AnyRow = Any


def ask(connection: Connection, at: datetime, limit: int) -> int:
    """Ask the people of what was completed so long ago; returns how many completions were looked at.

    Whoever wants no notices, or is represented by nobody now, is not asked, and neither later.
    """
    rows = connection.execute(_DUE, {"at": at, "limit": limit}).all()
    for row in rows:
        message = _message(connection, row)
        if message is not None:
            asked = {"aspiration_id": row.id, "completed_at": row.closed_at, "asked_at": at, "answer": ""}
            connection.execute(insert(FOLLOWUP).values(asked))
            tell(connection, message, at)
    if rows:
        connection.execute(_ASKED, {"ids": [row.id for row in rows]})
    return len(rows)


def _message(connection: Connection, row: AnyRow) -> Message | None:
    if row.chat_id is not None:
        wanted = residents.wants_notices(connection, row.chat_id)
        params = {"ticket": row.ticket}
        return (
            Message(chat_id=row.chat_id, key=ASKED, params=params, aspiration_id=row.id) if wanted else None
        )
    relay = reports.represented(connection, row.id)
    if relay is None or relay.chat_id is None:
        return None
    params = {"ticket": row.ticket, "name": relay.name or ""}
    return Message(chat_id=relay.chat_id, key=TO_ASK, params=params, aspiration_id=row.id)


def answers(connection: Connection, aspirations: Sequence[int]) -> dict[int, Done]:
    """What people say of the completion that stands now, by aspiration."""
    found = connection.execute(_ANSWERS, {"ids": list(aspirations)}) if aspirations else ()
    return {row.aspiration_id: row.answer for row in found}


def unfinished() -> ColumnElement[bool]:
    """The condition that people say of a completion that it is not done, and nobody has decided again since."""
    stands = ASPIRATION.alias()
    said = select(FOLLOWUP.c.aspiration_id).join(stands, stands.c.id == FOLLOWUP.c.aspiration_id)
    still = said.where(FOLLOWUP.c.answer == "no", FOLLOWUP.c.completed_at == stands.c.closed_at)
    return ASPIRATION.c.id.in_(still)


_DUE: Final = (
    select(ASPIRATION)
    .where(
        ASPIRATION.c.due_at <= bindparam("at"),
        ASPIRATION.c.closed_at.is_not(None),
        ASPIRATION.c.retracted_at.is_(None),
    )
    .order_by(ASPIRATION.c.due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_ASKED: Final = (
    update(ASPIRATION).where(ASPIRATION.c.id.in_(bindparam("ids", expanding=True))).values(due_at=None)
)
_ANSWERS: Final = (
    select(FOLLOWUP.c.aspiration_id, FOLLOWUP.c.answer)
    .join(ASPIRATION, ASPIRATION.c.id == FOLLOWUP.c.aspiration_id)
    .where(
        FOLLOWUP.c.aspiration_id.in_(bindparam("ids", expanding=True)),
        FOLLOWUP.c.completed_at == ASPIRATION.c.closed_at,
        FOLLOWUP.c.answer != "",
    )
)
