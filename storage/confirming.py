"""Whether what was completed is really done: the answer of its author, or of whoever speaks for them (issue 4)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from sqlalchemy import and_, bindparam, or_, select, update

from conversations.followup import AnswerFollowup
from storage import relays, replies
from storage.actor import RefusalError, resident
from storage.followup import FOLLOWUP
from storage.rules import Scene
from storage.submissions import ASPIRATION

AnyRow = Any


def answer(scene: Scene, effect: AnswerFollowup) -> None:
    """Keep an answer to the newest question; it may be changed until somebody decides again.

    "Not done" objects to the decision, so that the staff is told and sees it in its queues (storage.replies).
    RefusalError: unknown, late.
    """
    chat = resident(scene.actor).chat_id
    row = scene.connection.execute(_OWN, {"ticket": effect.ticket, "chat": chat}).first()
    mandate = None
    if row is None:
        row = relays.spoken_for(scene.connection, chat, effect.ticket, lock=True)
        mandate = row.mandate_id if row is not None else None
    if row is None:
        raise RefusalError("unknown", "This is nobody's of this chat.")
    said = {"answer": effect.answer, "answered_at": scene.at, "mandate_id": mandate}
    asked = scene.connection.execute(_ASKED, {"id": row.id}).one_or_none()
    if asked is None:
        raise RefusalError("late", "It was decided again meanwhile.")
    if effect.answer == "no":
        _doubt(scene, effect.ticket, asked)
    scene.connection.execute(update(FOLLOWUP).where(FOLLOWUP.c.id == asked.id).values(said))


def _doubt(scene: Scene, ticket: str, asked: AnyRow) -> None:
    """An author objects to the decision. A supporter's own is decided by itself: the staff of what was completed is
    told, once for each completion.
    """
    if asked.voice_id is None:
        with suppress(RefusalError):  # they have objected to this decision before
            replies.object_to(scene, ticket)
        return
    completion = {"id": asked.aspiration_id, "completed_at": asked.completed_at}
    if scene.connection.execute(_DOUBTED, completion).first() is None:
        replies.tell_of_doubt(scene, asked.aspiration_id)


_OWN: Final = (
    select(ASPIRATION)
    .where(
        ASPIRATION.c.ticket == bindparam("ticket"),
        ASPIRATION.c.chat_id == bindparam("chat"),
        ASPIRATION.c.retracted_at.is_(None),
    )
    .order_by(ASPIRATION.c.id.desc())
    .with_for_update()
)
_ASKED: Final = (
    select(FOLLOWUP)
    .join(ASPIRATION, ASPIRATION.c.id == FOLLOWUP.c.aspiration_id)
    .where(
        or_(
            FOLLOWUP.c.voice_id == bindparam("id"),
            and_(FOLLOWUP.c.voice_id.is_(None), FOLLOWUP.c.aspiration_id == bindparam("id")),
        ),
        FOLLOWUP.c.completed_at == ASPIRATION.c.closed_at,
    )
    .order_by(FOLLOWUP.c.id.desc())
    .limit(1)
)
_DOUBTED: Final = select(FOLLOWUP.c.id).where(
    FOLLOWUP.c.aspiration_id == bindparam("id"),
    FOLLOWUP.c.completed_at == bindparam("completed_at"),
    FOLLOWUP.c.voice_id.is_not(None),
    FOLLOWUP.c.answer == "no",
)
