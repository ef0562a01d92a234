"""How far a broadcast is: what its author is told in one message that changes, and what is still to be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, or_, select, text, update

from conversations.broadcast import Topic
from conversations.sending import STEERED, Progress
from storage.broadcast_control import mendable, mendable_since, steerer, topic
from storage.broadcast_sending import RECIPIENT, totals
from storage.broadcast_words import BROADCAST, SENT, TAKEN_BACK, filled
from storage.ledger import CHAT, OUTBOX
from storage.mandates import MANDATE
from storage.notices import NOTICES, Delivery
from storage.outbox import Notice
from storage.rules import Rules

AnyRow = Any
"""A row of a few columns."""


@dataclass(frozen=True, slots=True)
class DatabaseSendingFacts:
    """Implements conversations.sending.SendingFacts for one chat."""

    connection: Connection
    chat_id: int
    rules: Rules

    def progress(self, number: int, at: datetime) -> Progress | None:
        """How far one is; None for one that this chat may not steer."""
        row = self.connection.execute(_ONE, {"id": number}).one_or_none()
        if row is None or row.state not in STEERED:
            return None
        if steerer(self.connection, self.chat_id, row, self.rules) is None:
            return None
        return progress(self.connection, row, self.rules.delivery, at)

    def topic(self, number: int) -> Topic | None:
        """What kind of broadcast this chat was told as this number."""
        return topic(self.connection, self.chat_id, number)


def progress(connection: Connection, row: AnyRow, delivery: Delivery, at: datetime) -> Progress:
    """How far a broadcast (a row of its table) is."""
    states = totals(connection, row.id)
    return Progress(
        id=row.id,
        state=row.state,
        topic=row.topic,
        sent=states["sent"],
        failed=states["blocked"] + states["deactivated"] + states["refused"],
        unknown=states["unknown"],
        left_out=states["left_out"],
        held=states["held"],
        waiting=states["waiting"] + states["queued"],
        made=row.made_at is not None,
        resting=row.state == "sending" and delivery.awake(at) != at,
        mendable=mendable(connection, row, at),
        mending=row.mending,
        taken_back=row.revision == TAKEN_BACK,
    )


@dataclass(frozen=True, slots=True)
class Telling:
    """A broadcast whose author may have to be told how far it is: their chat, and the message that tells it.

    `message` is 0 while that is on its way; `busy` while its newest change is, at the earliest `changed_at`.
    """

    row: AnyRow
    chat_id: int
    first: bool
    message: int
    busy: bool
    changed_at: datetime | None


def to_tell(connection: Connection) -> list[Telling]:
    """Broadcasts on their way, and those that have just ended, with the message that tells of them."""
    return [
        Telling(
            row=row,
            chat_id=row.author,
            first=row.progress_row is None,
            message=row.message_id or 0,
            busy=row.edit_state in {"waiting", "calling"},
            changed_at=row.edit_at or row.told_at,
        )
        for row in connection.execute(_TELLING).all()
        if row.author is not None
    ]


def remember(connection: Connection, number: int, **values: object) -> None:
    """Note which rows of the outbox tell of a broadcast, and what they said."""
    connection.execute(update(BROADCAST).where(BROADCAST.c.id == number).values(values))


@dataclass(frozen=True, slots=True)
class Mending:
    """A message that is to be changed: its notice with the words of now; `numbers` are it and what followed it."""

    recipient: int
    chat_id: int
    revision: int
    numbers: tuple[int, ...]
    notice: Notice | None


def to_mend(connection: Connection, at: datetime, most: int) -> list[Mending]:
    """What was sent in the last 48 hours and differs from what its broadcast says now, at most so many.

    A broadcast of which nothing is left to change is no longer being changed.
    """
    found: list[Mending] = []
    for row in connection.execute(_MENDING).all():
        span = {"broadcast": row.id, "revision": row.revision, "since": mendable_since(at)}
        old = connection.execute(_OLD, {**span, "most": most - len(found)}).all() if most > len(found) else []
        found += _mendings(connection, row.revision, old)
        if not old and most > len(found) and row.done_at is not None:
            remember(connection, row.id, mending=False)
    return found


def mended(connection: Connection, done: Sequence[Mending]) -> None:
    """These have been handed to the outbox in their newest words."""
    if done:
        rows = [{"b_id": one.recipient, "b_revision": one.revision} for one in done]
        connection.execute(_MENDED, rows)


def _mendings(connection: Connection, revision: int, rows: Sequence[AnyRow]) -> list[Mending]:
    if revision == TAKEN_BACK:
        _call_off(connection, [id_ for row in rows for id_ in row.extras])
    extras = _messages(connection, [id_ for row in rows for id_ in row.extras])
    params = filled(connection, [(SENT, row.params or {}) for row in rows])
    return [
        Mending(
            recipient=row.id,
            chat_id=row.chat_id,
            revision=revision,
            numbers=(row.message_id, *(extras[id_] for id_ in row.extras if id_ in extras)),
            notice=_notice(row, whole) if whole else None,
        )
        for row, whole in zip(rows, params, strict=True)
    ]


def _call_off(connection: Connection, extras: Sequence[int]) -> None:
    """Picture and voice that have not followed yet never will."""
    waiting = (OUTBOX.c.id.in_(extras), text("outbox.state = 'waiting'"))
    connection.execute(delete(OUTBOX).where(*waiting))


def _notice(row: AnyRow, params: Any) -> Notice:
    return Notice(
        id=row.notice_id,
        key=SENT,
        params=params,
        aspiration_id=None,
        event_id=None,
        chat_id=row.chat_id,
        chat=row.chat or "",
    )


def _messages(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    if not ids:
        return {}
    found = select(OUTBOX.c.id, OUTBOX.c.message_id).where(
        OUTBOX.c.id.in_(ids), OUTBOX.c.message_id.is_not(None)
    )
    return {row.id: row.message_id for row in connection.execute(found)}


_PROGRESS: Final = OUTBOX.alias("progress")
_EDIT: Final = OUTBOX.alias("edit")
_ONE: Final = select(BROADCAST).where(BROADCAST.c.id == bindparam("id"))
_TELLING: Final = (
    select(
        *(
            BROADCAST.c[name]
            for name in (
                *("id", "state", "topic", "revision", "mending", "made_at", "done_at"),
                *("progress_row", "progress_told"),
            )
        ),
        MANDATE.c.chat_id.label("author"),
        _PROGRESS.c.message_id,
        _PROGRESS.c.done_at.label("told_at"),
        _EDIT.c.state.label("edit_state"),
        _EDIT.c.created_at.label("edit_at"),
    )
    .join_from(BROADCAST, MANDATE, MANDATE.c.id == BROADCAST.c.mandate_id)
    .outerjoin(_PROGRESS, _PROGRESS.c.id == BROADCAST.c.progress_row)
    .outerjoin(_EDIT, _EDIT.c.id == BROADCAST.c.progress_edit)
    .where(
        MANDATE.c.ended_at.is_(None),
        BROADCAST.c.state.in_(STEERED),
        BROADCAST.c.started_at.is_not(None),
        or_(BROADCAST.c.done_at.is_(None), BROADCAST.c.mending, BROADCAST.c.progress_told.not_like("end:%")),
    )
)
_MENDING: Final = (
    select(*(BROADCAST.c[name] for name in ("id", "revision", "done_at")))
    .where(BROADCAST.c.mending)
    .with_for_update()
)
_OLD: Final = (
    select(
        *(RECIPIENT.c[name] for name in ("id", "chat_id", "message_id", "extras")),
        CHAT.c.state.label("chat"),
        NOTICES.c.id.label("notice_id"),
        NOTICES.c.params,
    )
    .join_from(RECIPIENT, CHAT, CHAT.c.id == RECIPIENT.c.chat_id, isouter=True)
    .outerjoin(OUTBOX, OUTBOX.c.id == RECIPIENT.c.outbox_id)
    .outerjoin(NOTICES, NOTICES.c.id == OUTBOX.c.notice_id)
    .where(
        RECIPIENT.c.broadcast_id == bindparam("broadcast"),
        RECIPIENT.c.state == "sent",
        RECIPIENT.c.revision != bindparam("revision"),
        RECIPIENT.c.message_id.is_not(None),
        RECIPIENT.c.at > bindparam("since"),
    )
    .order_by(RECIPIENT.c.id)
    .limit(bindparam("most"))
)
_MENDED: Final = (
    update(RECIPIENT).where(RECIPIENT.c.id == bindparam("b_id")).values(revision=bindparam("b_revision"))
)
