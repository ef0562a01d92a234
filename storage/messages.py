"""Messages of a chat that may be gone: on a shared phone, whoever holds it next should not read them.

Telegram lets a bot delete what either side wrote in a private chat for 48 hours (Bot API, deleteMessage).
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select

from storage.actor import RefusalError, resident
from storage.errands import Errand
from storage.ledger import INBOX, OUTBOX, ErrandRow, Ledger, OutboxRow
from storage.notices import NOTICES
from storage.rules import Scene
from storage.tables import REPLY

FORGET: Final = "forget_messages"
"""The errand that deletes what its chat said and heard until it was asked for.

Its parameter `last`: the newest row of the outbox then; what is said to the wish itself comes after it.
"""

OPENED: Final = "opened"
"""The parameter of a notice that was asked for, and is said whole although its chat is discreet."""

DELETABLE: Final = timedelta(hours=48)
MARGIN: Final = timedelta(minutes=10)
"""What would be too old by the time that the call arrives is left alone."""

MOST_AT_ONCE: Final = 100
"""Identifiers in one call of deleteMessages (Bot API)."""


def ask_to_forget(scene: Scene) -> None:
    """Delete the messages of the acting chat, in an errand: no index leads from a chat to what it was sent."""
    last: int = scene.connection.scalar(select(func.max(OUTBOX.c.id))) or 0
    chat_id = resident(scene.actor).chat_id
    errand = ErrandRow(kind=FORGET, due_at=scene.at, params={"last": last}, chat_id=chat_id)
    Ledger(scene.connection).add_errands([errand], scene.at)


def deletable(connection: Connection, errand: Errand, now: datetime) -> list[int]:
    """The messages that a chat said and heard before it asked, as far as they can still be deleted; newest first.

    Reads every message of two days (half a second for 400,000 rows): not to be done where others wait to write.
    """
    span = {"chat": errand.chat_id, "since": now - DELETABLE + MARGIN}
    said = connection.scalars(_SAID, {**span, "until": errand.asked_at})
    heard = connection.scalars(_HEARD, {**span, "last": errand.params["last"]})
    return sorted({*said, *heard}, reverse=True)


def delete(connection: Connection, errand: Errand, numbers: list[int], now: datetime) -> None:
    """Plan to delete them. What was said to the wish comes before it, and stays: it says nothing of the rest."""
    lots = (numbers[first : first + MOST_AT_ONCE] for first in range(0, len(numbers), MOST_AT_ONCE))
    calls = [_call(errand.chat_id, lot, now) for lot in lots] if errand.chat_id is not None else []
    Ledger(connection).enqueue(calls, now)


def open_letter(scene: Scene, number: int) -> None:
    """Say the whole of a notice to the chat that it is for, as a reply. RefusalError: unknown (or told long ago)."""
    chat_id = resident(scene.actor).chat_id
    row = scene.connection.execute(_LETTER, {"id": number, "chat": chat_id}).one_or_none()
    if row is None:
        raise RefusalError("unknown", "There is no such message for this chat.")
    whole = {
        "aspiration_id": row.aspiration_id,
        "chat_id": chat_id,
        "key": row.key,
        "params": {**row.params, OPENED: True},
        "due_at": scene.at,
        "state": "queued",
    }
    made = scene.connection.execute(_WHOLE, whole).scalar_one()
    call = OutboxRow(chat_id=chat_id, due_at=scene.at, notice_id=int(made), lane=REPLY)
    Ledger(scene.connection).enqueue([call], scene.at)


def _call(chat_id: int, numbers: list[int], now: datetime) -> OutboxRow:
    params = json.dumps({"chat_id": chat_id, "message_ids": numbers})
    return OutboxRow(chat_id=chat_id, due_at=now, method="deleteMessages", params=params)


_SAID: Final = select(INBOX.c.message_id).where(
    INBOX.c.at >= bindparam("since"),
    INBOX.c.at <= bindparam("until"),
    INBOX.c.chat_id == bindparam("chat"),
    INBOX.c.message_id.is_not(None),
)
_HEARD: Final = select(OUTBOX.c.message_id).where(
    OUTBOX.c.done_at.is_not(None),  # as the partial index says it, so that it is used
    OUTBOX.c.done_at >= bindparam("since"),
    OUTBOX.c.id <= bindparam("last"),
    OUTBOX.c.chat_id == bindparam("chat"),
    OUTBOX.c.message_id.is_not(None),
)
_LETTER: Final = select(NOTICES).where(
    NOTICES.c.id == bindparam("id"), NOTICES.c.chat_id == bindparam("chat"), NOTICES.c.state == "queued"
)
_WHOLE: Final = insert(NOTICES).returning(NOTICES.c.id)
