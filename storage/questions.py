"""Questions on their way: to whom each goes, asked of somebody else or once more, and forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from storage import notices, reports, residents
from storage.actor import Officer, RefusalError
from storage.asking_views import ASKED, QUESTION, RELAYED, TOLD
from storage.notices import NOTICES, Delivery, Message
from storage.rules import Scene
from storage.submissions import ASPIRATION

REMINDED_AFTER: Final = timedelta(days=3)
"""After so long without an answer a question is asked once more, and then no more."""

AnyRow = Any


def put(scene: Scene, officer: Officer, words: str, **about: int) -> int:
    """Keep a question of a mandate about an aspiration, or about the person of an alert; returns its id."""
    row = {"mandate_id": officer.mandate, "asked": words, "at": scene.at, **about}
    return int(scene.connection.execute(insert(QUESTION).values(row).returning(QUESTION.c.id)).scalar_one())


def letter(connection: Connection, row: AnyRow, number: int, words: str) -> Message:
    """A question about an aspiration, to its author or whoever speaks for them. RefusalError: silent."""
    params = {"question": number, "ticket": row.ticket, "words": words}
    if row.chat_id is not None:
        if not residents.wants_notices(connection, row.chat_id):
            raise RefusalError("silent", "They want no messages.")
        return Message(chat_id=row.chat_id, key=ASKED, params=params, aspiration_id=row.id)
    relay = reports.represented(connection, row.id)
    if relay is None or relay.chat_id is None:
        raise RefusalError("silent", "Nobody speaks for its author now.")
    named = params | {"name": relay.name or ""}
    return Message(chat_id=relay.chat_id, key=RELAYED, params=named, aspiration_id=row.id)


def ask_anew(scene: Scene, aspiration: int) -> None:
    """Ask who can answer now (the author who has just claimed it, another facilitator) what nobody has answered."""
    unread = (NOTICES.c.aspiration_id == aspiration, NOTICES.c.key == RELAYED, NOTICES.c.state == "waiting")
    scene.connection.execute(update(NOTICES).where(*unread).values(state="cancelled"))
    for row in scene.connection.execute(_UNANSWERED, {"id": aspiration}).all():
        _tell(scene.connection, row, scene.rules.delivery.awake(scene.at))


def remind(connection: Connection, at: datetime, delivery: Delivery, limit: int = 100) -> int:
    """Ask once more what has waited for three days; returns how many questions those were."""
    late = connection.execute(_LATE, {"at": at - REMINDED_AFTER, "limit": limit}).all()
    for row in late:
        connection.execute(update(QUESTION).where(QUESTION.c.id == row.question).values(reminded_at=at))
        _tell(connection, row, delivery.awake(at))
    return len(late)


def forget(connection: Connection, contacts: Collection[int]) -> None:
    """Empty what safeguards were told of the answers of somebody who is erased."""
    told = select(NOTICES.c.id, NOTICES.c.params).where(NOTICES.c.key == TOLD, NOTICES.c.state != "forgotten")
    rows = connection.execute(told).all() if contacts else ()
    theirs = [row.id for row in rows if row.params.get("contact") in contacts]
    emptied = update(NOTICES).where(NOTICES.c.id.in_(theirs)).values(params={}, state="forgotten")
    connection.execute(emptied)


def _tell(connection: Connection, row: AnyRow, due_at: datetime) -> None:
    """Ask; when nobody can be asked now the question waits on the card."""
    try:
        notices.tell(connection, letter(connection, row, row.question, row.asked), due_at)
    except RefusalError:
        return


_OPEN: Final = (
    select(ASPIRATION, QUESTION.c.id.label("question"), QUESTION.c.asked)
    .join(QUESTION, QUESTION.c.aspiration_id == ASPIRATION.c.id)
    .where(QUESTION.c.answered_at.is_(None), ASPIRATION.c.retracted_at.is_(None))
    .order_by(QUESTION.c.id)
)
_UNANSWERED: Final = _OPEN.where(ASPIRATION.c.id == bindparam("id"))
_LATE: Final = _OPEN.where(
    QUESTION.c.reminded_at.is_(None),
    QUESTION.c.at <= bindparam("at"),
    ASPIRATION.c.closed_at.is_(None),
).limit(bindparam("limit"))
