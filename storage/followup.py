"""After completion: its people are asked once whether it is really done, and their answer stands beside the status.

"Not done" puts the card into a queue of the desk until somebody decides about it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, select, update

from conversations.followup import DONE, Done
from storage import reports, residents, voices
from storage.followup_tables import FollowupRecord
from storage.ledger import table
from storage.likeness_index import LIKENESS
from storage.notices import Message, tell
from storage.submissions import ASPIRATION

FOLLOWUP: Final = table(FollowupRecord)
ASKED: Final = "followup.asked"
"""The question to the author. Parameters: ticket; `lead`, the number of what it supports, "" when itself was completed."""

TO_ASK: Final = "followup.to_ask"
"""The same for whoever speaks for the author. Parameters: ticket, lead, name."""

AnyRow = Any


def ask(connection: Connection, at: datetime, limit: int) -> int:
    """Ask the people of what was completed so long ago; returns how many completions were looked at.

    Whoever wants no notices, or is represented by nobody now, is not asked, and neither later.
    """
    rows = connection.execute(_DUE, {"at": at, "limit": limit}).all()
    for row in rows:
        _ask_one(connection, row, None, at)
        for voice in voices.beside(connection, row.id) if voices.is_public(connection, row.id) else ():
            _ask_one(connection, row, voice, at)
    if rows:
        connection.execute(_ASKED, {"ids": [row.id for row in rows]})
    return len(rows)


def _ask_one(connection: Connection, row: AnyRow, voice: AnyRow | None, at: datetime) -> None:
    """Ask its author, or one who supports it by an aspiration of their own (`voice`)."""
    asked = voice or row
    to = _reader(connection, asked)
    if to is None:
        return
    chat, key, about = to
    params = {"ticket": asked.ticket, "lead": row.ticket if voice else "", **about}
    values = {"aspiration_id": row.id, "voice_id": voice.id if voice else None, "completed_at": row.closed_at}
    connection.execute(insert(FOLLOWUP).values(**values, asked_at=at, answer=""))
    tell(connection, Message(chat_id=chat, key=key, params=params, aspiration_id=asked.id), at)


def _reader(connection: Connection, asked: AnyRow) -> tuple[int, str, dict[str, str]] | None:
    """Whose chat is asked, in which letter, and the name of somebody spoken for; None when nobody can be."""
    if asked.chat_id is not None:
        return (asked.chat_id, ASKED, {}) if residents.wants_notices(connection, asked.chat_id) else None
    relay = reports.represented(connection, asked.id)
    if relay is None or relay.chat_id is None:
        return None
    return relay.chat_id, TO_ASK, {"name": relay.name or ""}


def answers(connection: Connection, aspirations: Sequence[int]) -> dict[int, Done]:
    """What their authors say of the completion that stands now, by aspiration."""
    found = connection.execute(_ANSWERS, {"ids": list(aspirations)}) if aspirations else ()
    return {row.aspiration_id: row.answer for row in found if row.voice_id is None}


def tally(connection: Connection, aspiration: int) -> tuple[tuple[Done, int], ...]:
    """How many say what of the completion that stands now: author, supporters, and those decided with it."""
    ids = [aspiration, *(row.id for row in voices.joined(connection, aspiration))]
    said = Counter(row.answer for row in connection.execute(_ANSWERS, {"ids": ids}))
    return tuple((answer, said[answer]) for answer in DONE if said[answer])


def unfinished() -> ColumnElement[bool]:
    """The condition that people say of a completion that it is not done, and nobody has decided again since."""
    stands = ASPIRATION.alias()
    joined = and_(LIKENESS.c.aspiration_id == stands.c.id, LIKENESS.c.kind == voices.JOINED)
    leads = func.coalesce(LIKENESS.c.lead_id, stands.c.id)
    asked = FOLLOWUP.join(stands, stands.c.id == FOLLOWUP.c.aspiration_id).outerjoin(LIKENESS, joined)
    said = select(leads).select_from(asked)
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
    select(FOLLOWUP.c.aspiration_id, FOLLOWUP.c.voice_id, FOLLOWUP.c.answer)
    .join(ASPIRATION, ASPIRATION.c.id == FOLLOWUP.c.aspiration_id)
    .where(
        FOLLOWUP.c.aspiration_id.in_(bindparam("ids", expanding=True)),
        FOLLOWUP.c.completed_at == ASPIRATION.c.closed_at,
        FOLLOWUP.c.answer != "",
    )
)
