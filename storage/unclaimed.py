"""Erasing somebody who was spoken for and has no chat of their own with us: asked for by word of mouth.

They have the same right as everybody (UU 27/2022 Pasal 8), without a phone to say so: whoever spoke for them, or they
themselves at a desk, ask the staff, and the command line does it at once. It is done once and cannot be undone.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, select, update

from storage import alerts, history, media, reports
from storage.actor import RefusalError, Staff
from storage.aspirations import ASPIRATION, AnyRow, strip
from storage.decisions import Target, find
from storage.history import Entry
from storage.ledger import OUTBOX
from storage.lifecycle import State
from storage.notices import NOTICES
from storage.rules import Scene

LONGEST_REASON: Final = 300  # characters


def forget(scene: Scene, target: Target, reason: str) -> frozenset[str]:
    """Erase what is known of the person behind a relayed aspiration that nobody has claimed.

    There remain its number, place, field, year and history, with the reason. Returns the kept files to discard after
    the commit (SHA-256). RefusalError, with a sentence for the command line: not_yours, no_reason, has_chat, erased,
    and those of storage.decisions.find.
    """
    if not isinstance(scene.actor, Staff):
        raise RefusalError("not_yours", "Only the staff may do this.")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        words = f"Say why, without names, in at most {LONGEST_REASON} characters."
        raise RefusalError("no_reason", words)
    row = find(scene, target)
    _require_unclaimed(row)
    files = media.used_by(scene.connection, row.id)
    reports.forget_reminders(scene.connection, [row.id])
    alerts.forget(scene.connection, scene.rules.secrets, None, [row.id])
    strip(scene.connection, row.id)
    _silence(scene, row.id)
    gone = {"draft_key": None, "locale": "id", "erased_at": scene.at}
    scene.connection.execute(update(ASPIRATION).where(ASPIRATION.c.id == row.id).values(gone))
    state = State(row.stage, row.decision)
    entry = Entry(row.id, scene.at, scene.actor, "erased", old=state, new=state, note=reason.strip())
    history.add(scene.connection, entry)
    return frozenset(media.forget_unused(scene.connection, among=files))


def _require_unclaimed(row: AnyRow) -> None:
    if row.erased_at is not None:
        raise RefusalError("erased", "What was known of this person has been erased already.")
    if row.chat_id is not None:
        raise RefusalError(
            "has_chat", "Its author has a chat with the bot, and can erase everything there with /data."
        )


def _silence(scene: Scene, aspiration: int) -> None:
    """Nobody is told anything more of it, whatever waits: also the one who spoke for them."""
    notices = select(NOTICES.c.id).where(NOTICES.c.aspiration_id == aspiration)
    scene.connection.execute(delete(OUTBOX).where(OUTBOX.c.notice_id.in_(notices)))
    scene.connection.execute(delete(NOTICES).where(NOTICES.c.aspiration_id == aspiration))
