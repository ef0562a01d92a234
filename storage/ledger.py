"""The turn's own statements: inbox, chats, outbox, errands; each once for a whole batch.

They run at every message, so they are SQLAlchemy Core, built once for each engine and executed with all rows
of a batch together. Nothing here commits: the caller's transaction does (see storage.database). The sender's
side of the outbox is in storage.outbox, the worker's side of the errands in storage.errands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Connection,
    Dialect,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    case,
    func,
    insert,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlmodel import SQLModel

from storage.columns import seal
from storage.tables import BESIDE, REPLY, ChatRecord, ErrandRecord, InboxRecord, OutboxRecord

Key = tuple[str, str]
"""Of an inbox row: its source ("bot:" and the bot's id, "errand", "clock:" and the job) and its id there."""

MessageId = tuple[int, int]
"""A message of Telegram: its chat, and its number there."""

_NO_MESSAGES: Final[Mapping[Key, MessageId]] = {}

CHANNEL: Final = "suara_outbox"
"""Where PostgreSQL tells that the outbox has grown."""


def table(record: type[SQLModel]) -> Table:
    """The Core table of a record."""
    return record.__table__  # type: ignore[attr-defined, no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRow:
    """What a turn leaves of a chat. `state` is its JSON; the times stand beside it so that the clock can ask.

    `reachable` None leaves it as it is. A chat without `draft_at`, or with another draft than before the turn
    (`draft_new`), forgets that it was reminded. A `personal` state is sealed.
    """

    id: int
    state: str
    seen_at: datetime | None
    quiet_at: datetime | None = None
    draft_at: datetime | None = None
    held_at: datetime | None = None
    draft_new: bool = False
    reachable: bool | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A call to make: `params` and `files` as JSON text; or a notice by its id, rendered at sending.

    `chat_id` is ignored in the lane BESIDE, which is outside all chats. `files` maps the name of each part to
    {"path": …, "filename": …}.
    """

    chat_id: int | None
    due_at: datetime
    method: str = ""
    params: str = ""
    lane: int = REPLY
    files: str | None = None
    notice_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandRow:
    """Slow work to be done outside the turn, from `due_at` on."""

    kind: str
    due_at: datetime
    params: dict[str, Any] = field(default_factory=dict)
    chat_id: int | None = None


class Ledger:
    """The turn's statements on one connection, inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._do = _statements(connection.dialect.name)

    def admit(
        self, keys: Sequence[Key], at: datetime, messages: Mapping[Key, MessageId] = _NO_MESSAGES
    ) -> set[Key]:
        """Enter these into the inbox and return those that are new; the others were processed before.

        `messages` names the message that came with a key, so that it can be deleted for its writer.
        """
        if not keys:
            return set()
        rows = [
            {
                "source": key[0],
                "id": key[1],
                "at": at,
                "state": "done",
                "content": None,
                "error": "",
                **_message(messages.get(key)),
            }
            for key in dict.fromkeys(keys)
        ]
        return {(source, id_) for source, id_ in self._connection.execute(self._do.admit, rows)}

    def quarantine(
        self, key: Key, content: bytes, error: str, at: datetime, message: MessageId | None = None
    ) -> bool:
        """Keep an update that cannot be processed, whole and encrypted; False when it is in the inbox already."""
        row = {
            "source": key[0],
            "id": key[1],
            "at": at,
            "state": "quarantined",
            "content": content,
            "error": error,
            **_message(message),
        }
        return bool(self._connection.execute(self._do.admit, [row]).all())

    def load_chats(self, ids: Collection[int], at: datetime) -> dict[int, str]:
        """Lock these chats in the order of their ids and return their states, "" for one that is new.

        On PostgreSQL another process that wants one of them waits for this transaction; because both create
        and lock in the same order, they cannot wait for each other.
        """
        if not ids:
            return {}
        ordered = sorted(set(ids))
        new = [{"id": id_, "state": "", "reachable": True, "created_at": at} for id_ in ordered]
        self._connection.execute(self._do.create_chats, new)
        rows = self._connection.execute(self._do.load_chats, {"ids": ordered})
        return {row.id: row.state for row in rows}

    def save_chats(self, rows: Sequence[ChatRow]) -> None:
        """Store what a batch of turns left of their chats."""
        if rows:
            self._connection.execute(
                self._do.save_chats, [_chat(row, self._connection.dialect) for row in rows]
            )

    def enqueue(self, rows: Sequence[OutboxRow], at: datetime) -> None:
        """Add calls to the outbox, in this order; the sender makes them after the commit.

        On PostgreSQL the commit tells senders in other processes (storage.listening).
        """
        if rows:
            self._connection.execute(self._do.enqueue, [_call(row, at) for row in rows])
            if self._connection.dialect.name == "postgresql":
                self._connection.execute(_NOTIFY)

    def add_calls(self, rows: Sequence[OutboxRow], at: datetime) -> list[int]:
        """`enqueue` for whoever has to know the ids of the rows: in the order of the calls."""
        if not rows:
            return []
        ids = list(self._connection.scalars(_ADD_CALLS, [_call(row, at) for row in rows]))
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_NOTIFY)
        return ids

    def add_errands(self, rows: Sequence[ErrandRow], at: datetime) -> None:
        """Add slow work, to be done after the commit."""
        if rows:
            self._connection.execute(self._do.add_errands, [_errand(row, at) for row in rows])

    def due_quiet(self, now: datetime, limit: int) -> list[int]:
        """Chats whose gathering of an answer has ended by `now`, the longest first."""
        return self._ids(self._do.due_quiet, now, limit)

    def due_held(self, before: datetime, limit: int) -> list[int]:
        """Chats that hold words said before consent since `before` or longer."""
        return self._ids(self._do.due_held, before, limit)

    def due_drafts(self, before: datetime, limit: int) -> list[int]:
        """Reachable chats whose unfinished draft rests since `before` or longer, and was not yet reminded of."""
        return self._ids(self._do.due_drafts, before, limit)

    def mark_reminded(self, ids: Sequence[int], at: datetime) -> None:
        """Note that these chats were reminded of their draft: once for each draft."""
        if ids:
            self._connection.execute(self._do.mark_reminded, [{"b_id": id_, "b_at": at} for id_ in ids])

    def lay_to_rest(self, id_: int, at: datetime) -> None:
        """Nothing is due in this chat any more: its turn fails, and it must not be tried for ever."""
        resting = {"quiet_at": None, "held_at": None, "reminded_at": at}
        self._connection.execute(update(CHAT).where(CHAT.c.id == id_).values(resting))

    def _ids(self, statement: Select[int], at: datetime, limit: int) -> list[int]:
        return list(self._connection.scalars(statement, {"at": at, "limit": limit}))


def _message(message: MessageId | None) -> dict[str, int | None]:
    chat, number = message or (None, None)
    return {"chat_id": chat, "message_id": number}


def _chat(row: ChatRow, dialect: Dialect) -> dict[str, object]:
    return {
        "b_id": row.id,
        "b_state": seal(row.state, dialect) if row.personal else row.state,
        "b_seen_at": row.seen_at,
        "b_quiet_at": row.quiet_at,
        "b_draft_at": row.draft_at,
        "b_held_at": row.held_at,
        "b_reachable": row.reachable,
        "b_same_draft": row.draft_at is not None and not row.draft_new,
    }


def _call(row: OutboxRow, at: datetime) -> dict[str, object]:
    return {
        "chat_id": None if row.lane == BESIDE else row.chat_id,
        "lane": row.lane,
        "method": row.method,
        "params": row.params,
        "files": row.files,
        "notice_id": row.notice_id,
        "state": "waiting",
        "due_at": row.due_at,
        "attempts": 0,
        "doubtful": False,
        "error": "",
        "created_at": at,
    }


def _errand(row: ErrandRow, at: datetime) -> dict[str, object]:
    return {
        "kind": row.kind,
        "params": row.params,
        "chat_id": row.chat_id,
        "state": "waiting",
        "due_at": row.due_at,
        "attempts": 0,
        "error": "",
        "created_at": at,
    }


CHAT: Final = table(ChatRecord)
INBOX: Final = table(InboxRecord)
OUTBOX: Final = table(OutboxRecord)
ERRAND: Final = table(ErrandRecord)
_ADD_CALLS: Final = insert(OUTBOX).returning(OUTBOX.c.id, sort_by_parameter_order=True)
_NOTIFY: Final = select(func.pg_notify(CHANNEL, ""))


@dataclass(frozen=True)
class _Statements:
    """The statements of a turn, built once for each engine."""

    admit: Insert
    create_chats: Insert
    load_chats: Select[int, str]
    save_chats: Update
    enqueue: Insert
    add_errands: Insert
    due_quiet: Select[int]
    due_held: Select[int]
    due_drafts: Select[int]
    mark_reminded: Update


@cache
def _statements(dialect: str) -> _Statements:
    return _Statements(
        admit=_if_new(dialect, INBOX).returning(INBOX.c.source, INBOX.c.id),
        create_chats=_if_new(dialect, CHAT),
        load_chats=_load_chats(),
        save_chats=_save_chats(),
        enqueue=insert(OUTBOX),
        add_errands=insert(ERRAND),
        due_quiet=_due("quiet_at"),
        due_held=_due("held_at"),
        due_drafts=_due("draft_at").where(CHAT.c.reminded_at.is_(None), CHAT.c.reachable),
        mark_reminded=update(CHAT)
        .where(CHAT.c.id == bindparam("b_id"))
        .values(reminded_at=bindparam("b_at")),
    )


def _if_new(dialect: str, target: Table) -> SqliteInsert | PostgresInsert:
    kind = SqliteInsert if dialect == "sqlite" else PostgresInsert
    return kind(target).on_conflict_do_nothing()


def _load_chats() -> Select[int, str]:
    wanted = CHAT.c.id.in_(bindparam("ids", expanding=True))
    return select(CHAT.c.id, CHAT.c.state).where(wanted).order_by(CHAT.c.id).with_for_update()


def _save_chats() -> Update:
    columns = ("state", "seen_at", "quiet_at", "draft_at", "held_at")
    values: dict[str, Any] = {name: bindparam(f"b_{name}") for name in columns}
    values["reachable"] = func.coalesce(bindparam("b_reachable", type_=Boolean()), CHAT.c.reachable)
    values["reminded_at"] = case(
        (bindparam("b_same_draft", type_=Boolean()), CHAT.c.reminded_at), else_=null()
    )
    return update(CHAT).where(CHAT.c.id == bindparam("b_id")).values(values)


def _due(column: str) -> Select[int]:
    due = CHAT.c[column]
    found = select(CHAT.c.id).where(due.is_not(None), due <= bindparam("at"))
    return found.order_by(due, CHAT.c.id).limit(bindparam("limit"))
