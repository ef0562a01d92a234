"""How a resident's draft is sent when it may support another aspiration (issue 4)."""

from __future__ import annotations

from random import Random
from typing import Final

from sqlalchemy import bindparam, select

from conversations.chat import Draft
from storage import aspirations, merging
from storage.actor import resident
from storage.aspirations import ASPIRATION, Receipt
from storage.rules import Scene


def submit(scene: Scene, draft: Draft, locale: str, random: Random) -> Receipt:
    """As storage.aspirations.submit; what the draft supports, if that can still be supported, is told with it.

    Sent a second time it supports nothing a second time: its receipt has no code then.
    """
    receipt = aspirations.submit(scene, draft, locale, random)
    if draft.supports and receipt.recovery_code:
        sent = {"key": f"{resident(scene.actor).chat_id}:{draft.serial}"}
        merging.support(scene, scene.connection.scalar(_SENT, sent) or 0, draft.supports, beside=draft.beside)
    return receipt


_SENT: Final = select(ASPIRATION.c.id).where(ASPIRATION.c.draft_key == bindparam("key"))
