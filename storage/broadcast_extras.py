"""Picture and voice that follow a broadcast (storage.broadcast_sending), held back as the broadcast itself is (issue 4).

They lie in the outbox as calls of their own: while it is paused, and by night, they are put off, and go out later; of
one that was stopped they never go out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, text, update

from storage.broadcast_sending import RECIPIENT
from storage.broadcast_words import BROADCAST
from storage.ledger import OUTBOX
from storage.notices import Delivery
from storage.tables import BROADCAST as LANE

PAUSED: Final = timedelta(days=365)
"""So far off is put what waits for a broadcast to go on; whatever becomes due before that is put off again."""

AnyRow = Any
"""A row of the outbox with the state of its broadcast."""


def hold(connection: Connection, delivery: Delivery, at: datetime) -> None:
    """Put off, or call off, what would be sent now although its broadcast is paused or stopped, or it is night."""
    due = _extras(connection, OUTBOX.c.due_at <= at)
    _call_off(connection, [row.id for row in due if row.state == "stopped"])
    _put_off(connection, [row.id for row in due if row.state == "paused"], at + PAUSED)
    if (morning := delivery.awake(at)) != at:
        _put_off(connection, [row.id for row in due if row.state not in {"stopped", "paused"}], morning)


def let_go(connection: Connection, delivery: Delivery, number: int, at: datetime) -> None:
    """A broadcast goes on, and what was put off with it follows: now, or in the morning."""
    waiting = _extras(connection, OUTBOX.c.due_at > at, BROADCAST.c.id == number)
    _put_off(connection, [row.id for row in waiting], delivery.awake(at))


def call_off(connection: Connection, number: int) -> None:
    """What has not followed yet never will."""
    _call_off(connection, [row.id for row in _extras(connection, BROADCAST.c.id == number)])


def _extras(connection: Connection, *which: Any) -> list[AnyRow]:
    """Those that no call is being made for: known by the recipient whom they follow."""
    return [row for row in connection.execute(_WAITING.where(*which)) if row.id in row.extras]


def _put_off(connection: Connection, ids: Sequence[int], until: datetime) -> None:
    if ids:
        connection.execute(_DUE, {"ids": ids, "until": until})


def _call_off(connection: Connection, ids: Sequence[int]) -> None:
    if ids:
        connection.execute(_GONE, {"ids": ids})


_UNSENT: Final = (text("outbox.state = 'waiting'"), OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
_DUE: Final = update(OUTBOX).where(*_UNSENT).values(due_at=bindparam("until", type_=OUTBOX.c.due_at.type))
_GONE: Final = delete(OUTBOX).where(*_UNSENT)
_WAITING: Final = (
    select(OUTBOX.c.id, RECIPIENT.c.extras, BROADCAST.c.state)
    .join_from(OUTBOX, RECIPIENT, RECIPIENT.c.chat_id == OUTBOX.c.chat_id)
    .join(BROADCAST, BROADCAST.c.id == RECIPIENT.c.broadcast_id)
    .where(
        text("outbox.state = 'waiting'"),
        OUTBOX.c.lane == LANE,
        OUTBOX.c.notice_id.is_(None),
        RECIPIENT.c.state == "sent",
    )
)
