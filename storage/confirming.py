"""Whether what was completed is really done: the answer of its author, or of whoever speaks for them (issue 4)."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from sqlalchemy import bindparam, func, select, update

from conversations.followup import AnswerFollowup
from storage import relays, replies
from storage.actor import RefusalError, resident
from storage.followup import FOLLOWUP
from storage.rules import Scene
from storage.submissions import ASPIRATION


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
    asked = scene.connection.scalar(_ASKED, {"id": row.id})
    if asked is None:
        raise RefusalError("late", "It was decided again meanwhile.")
    scene.connection.execute(update(FOLLOWUP).where(FOLLOWUP.c.id == asked).values(said))
    if effect.answer == "no":
        with suppress(RefusalError):  # they have objected to this decision before
            replies.object_to(scene, effect.ticket)


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
    select(FOLLOWUP.c.id)
    .join(ASPIRATION, ASPIRATION.c.id == FOLLOWUP.c.aspiration_id)
    .where(
        func.coalesce(FOLLOWUP.c.voice_id, FOLLOWUP.c.aspiration_id) == bindparam("id"),
        FOLLOWUP.c.completed_at == ASPIRATION.c.closed_at,
    )
    .order_by(FOLLOWUP.c.id.desc())
    .limit(1)
)
