"""Who comes to a meeting, what they need there, and that it is ready (issue 4).

What somebody needs stands once, in their access needs; an answer only says that these are right, and which of them
are ready.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import insert, select, update

from conversations.meeting import Coming
from storage import audit, residents
from storage.actor import RefusalError, resident
from storage.ledger import ErrandRow, Ledger
from storage.meeting_letters import ARRANGED, about
from storage.meeting_staff import require_meeting
from storage.meeting_views import ANSWER, ends_at, meeting_row
from storage.notices import Message, tell
from storage.reminding import passed
from storage.residents import ACCESS, RESIDENT
from storage.rules import Scene

MAKE_CALENDAR: Final = "meeting_calendar"
"""The errand that sends a meeting as a calendar file; its parameter: meeting."""


def answer(scene: Scene, number: int, coming: Coming) -> None:
    """Whether somebody comes. RefusalError: unknown, over, no_such_way, no_consent."""
    row = _open(scene, number)
    ways = {"coming": row.mode != "online", "phone": row.mode != "offline"}
    if not ways.get(coming, bool(coming)):
        raise RefusalError("no_such_way", "This meeting cannot be attended so.")
    person = residents.require(scene.connection, scene.actor, scene.rules.consent_version)
    told = {
        "answer": coming,
        "answered_at": scene.at,
        "confirmed_at": None,
        "reminded": passed(row.starts_at, scene.at),
    }
    mine = (ANSWER.c.meeting_id == number, ANSWER.c.resident_id == person.id)
    if scene.connection.execute(update(ANSWER).where(*mine).values(told)).rowcount == 0:
        scene.connection.execute(insert(ANSWER).values(meeting_id=number, resident_id=person.id, **told))


def confirm(scene: Scene, number: int) -> None:
    """The needs on file are right. RefusalError: unknown, over, unanswered."""
    _open(scene, number)
    person = (
        select(RESIDENT.c.id).where(RESIDENT.c.chat_id == resident(scene.actor).chat_id).scalar_subquery()
    )
    mine = (ANSWER.c.meeting_id == number, ANSWER.c.resident_id == person)
    if scene.connection.execute(update(ANSWER).where(*mine).values(confirmed_at=scene.at)).rowcount == 0:
        raise RefusalError("unanswered", "Whoever did not answer has nothing to confirm.")


def send_calendar(scene: Scene, number: int) -> None:
    """Send a meeting as a calendar file. RefusalError: unknown."""
    meeting_row(scene.connection, number)
    chat = resident(scene.actor).chat_id
    errand = ErrandRow(kind=MAKE_CALENDAR, due_at=scene.at, params={"meeting": number}, chat_id=chat)
    Ledger(scene.connection).add_errands([errand], scene.at)


def arrange(scene: Scene, number: int, need: str) -> None:
    """Something that somebody needs is ready: they are told, once. RefusalError: not_allowed, unknown, settled."""
    found = scene.connection.execute(_NEEDING.where(ANSWER.c.id == number)).one_or_none()
    if found is None:
        raise RefusalError("unknown", "There is no such answer.")
    meeting = meeting_row(scene.connection, found.meeting_id)
    officer = require_meeting(scene, meeting)
    ready = list(found.arranged or ())
    if need in ready or need not in (found.needs or ()):
        raise RefusalError("settled", "This is arranged already, or not needed any more.")
    scene.connection.execute(update(ANSWER).where(ANSWER.c.id == number).values(arranged=[*ready, need]))
    if found.chat_id is not None:
        params = {**about(meeting, scene.rules), "need": need}
        tell(scene.connection, Message(chat_id=found.chat_id, key=ARRANGED, params=params), scene.at)
    audit.record(scene, officer, "meeting", f"answer:{number}", "arranged")


def _open(scene: Scene, number: int) -> Any:
    """A meeting that can still be answered. RefusalError: unknown, over."""
    row = meeting_row(scene.connection, number)
    if row.cancelled_at is not None or ends_at(row) <= scene.at:
        raise RefusalError("over", "This meeting is over, or was cancelled.")
    return row


_NEEDING: Final = (
    select(ANSWER.c.meeting_id, ANSWER.c.arranged, RESIDENT.c.chat_id, ACCESS.c.needs)
    .join(RESIDENT, RESIDENT.c.id == ANSWER.c.resident_id)
    .outerjoin(ACCESS, ACCESS.c.resident_id == RESIDENT.c.id)
)
