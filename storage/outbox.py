"""The sender's side of the outbox: claim what may be called now, settle what came of it.

Nothing here commits: a claim is committed before its calls are made, so that after a crash exactly the rows
in state `calling` are in doubt (the Bot API has no idempotency key, tdlib/telegram-bot-api#126).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    BindParameter,
    Boolean,
    CompoundSelect,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)

from storage.broadcast_words import filled
from storage.columns import Utc
from storage.ledger import CHAT, OUTBOX, table
from storage.tables import BESIDE, BROADCAST, NOTICE, REPLY, NoticeRecord

Settlement = Literal["sent", "waiting", "blocked", "refused", "unknown", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much may be claimed: `slots` calls in all, `paced` of them in lanes, `bulk` of those not replies.

    `paused` are chats that may not be written to yet.
    """

    slots: int
    paced: int
    bulk: int
    paused: Collection[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice to be rendered now; `chat` is the recipient's chat as JSON, for the locale and mode of this moment."""

    id: int
    key: str
    params: Mapping[str, Any]
    aspiration_id: int | None
    event_id: int | None
    chat_id: int
    chat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A call to make now. `attempts` counts this one; `at` is when it was claimed."""

    id: int
    chat_id: int | None
    lane: int
    method: str
    params: str
    files: str | None
    notice: Notice | None
    attempts: int
    doubtful: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What came of a claimed row. `waiting` means again at `due_at`; `blocked` closes the chat of `row`.

    `file_id` is that of a voice note or video that was sent, "" for any other call.
    """

    row: Claimed
    state: Settlement
    at: datetime
    due_at: datetime | None = None
    attempts: int | None = None
    doubtful: bool = False
    message_id: int | None = None
    file_id: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """What a dead process left in the middle of a call: how many are repeated once, how many stay unknown."""

    repeated: int
    unknown: int


class Outbox:
    """The sender's statements on one connection, inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, now: datetime, room: Room) -> list[Claimed]:
        """Mark what may be called now as `calling` and return it: at most one row of each chat, none of a busy one.

        Within a lane of a chat the first in goes first, and one that waits for its retry holds up the others;
        a reply goes before notices and broadcasts. Notices and broadcasts to a chat that is known to be
        unreachable are settled as blocked instead; replies are tried, since somebody just wrote.
        """
        chosen = {row.id: row for row in _fitting(sorted(self._candidates(now, room), key=_urgency), room)}
        if not chosen:
            return []
        taken = set(self._connection.scalars(_MARK, {"ids": list(chosen)}))
        notices = self._notices([row.notice_id for row in chosen.values() if row.notice_id is not None])
        return [_claimed(chosen[id_], now, notices) for id_ in chosen if id_ in taken]

    def settle(self, results: Sequence[Settled]) -> list[str]:
        """Record what came of these calls; returns the `files` of rows that no call will be made for any more.

        A blocked one closes its chat and whatever had been waiting for it. What the resident wrote after the call
        had begun reopens the chat, and answers to it stay.
        """
        if not results:
            return []
        self._connection.execute(_SETTLE, [_settlement(result) for result in results])
        closed = [_closed(result) for result in results if result.state == "blocked" and result.row.chat_id]
        if closed:
            self._connection.execute(_CLOSE_CHAT, closed)
        done = [result.row.files for result in results if result.state != "waiting"]
        for chat in closed:
            done += self._connection.scalars(_CLOSE_ROWS, chat)
        return [files for files in done if files]

    def recover(self, now: datetime) -> InDoubt:
        """Decide about rows that a dead process left as `calling`; only the one sender may do this, at its start.

        A reply or notice is repeated once, marked as doubtful; a repetition, or a broadcast, stays unknown.
        """
        unknown = self._connection.execute(_GIVE_UP, {"b_at": now}).rowcount
        repeated = self._connection.execute(_REPEAT, {"b_at": now}).rowcount
        return InDoubt(repeated=repeated, unknown=unknown)

    def _candidates(self, now: datetime, room: Room) -> Sequence[Any]:
        limits = _limits(now, room)
        found = self._connection.execute(_CLAIM, limits).all()
        while lost := [row.id for row in found if not row.reachable]:
            self._connection.execute(_BLOCK, {"ids": lost, "b_at": now})
            found = self._connection.execute(_CLAIM, limits).all()
        return found

    def _notices(self, ids: Sequence[int]) -> dict[int, Notice]:
        rows = self._connection.execute(_NOTICES, {"ids": list(ids)}).mappings().all() if ids else ()
        params = filled(self._connection, [(row["key"], row["params"]) for row in rows])
        return {
            row["id"]: Notice(**{**row, "params": whole}) for row, whole in zip(rows, params, strict=True)
        }


def _limits(now: datetime, room: Room) -> dict[str, object]:
    paced = min(room.slots, room.paced)
    bulk = min(paced, room.bulk)
    limits = {"n_beside": room.slots, "n_reply": paced, "n_notice": bulk, "n_broadcast": bulk}
    return {"now": now, "paused": list(room.paused), **limits}


def _urgency(row: Any) -> int:
    return -1 if row.lane == BESIDE else int(row.lane)


def _fitting(rows: Iterable[Any], room: Room) -> Iterable[Any]:
    slots, paced, bulk = room.slots, room.paced, room.bulk
    for row in rows:
        in_lane, is_bulk = row.lane != BESIDE, row.lane in {NOTICE, BROADCAST}
        if slots > 0 and (paced > 0 or not in_lane) and (bulk > 0 or not is_bulk):
            slots, paced, bulk = slots - 1, paced - in_lane, bulk - is_bulk
            yield row


def _claimed(row: Any, now: datetime, notices: Mapping[int, Notice]) -> Claimed:
    return Claimed(
        id=row.id,
        chat_id=row.chat_id,
        lane=row.lane,
        method=row.method,
        params=row.params,
        files=row.files,
        notice=notices.get(row.notice_id),
        attempts=row.attempts + 1,
        doubtful=row.doubtful,
        at=now,
    )


def _settlement(result: Settled) -> dict[str, object]:
    waiting = result.state == "waiting"
    return {
        "b_id": result.row.id,
        "b_state": result.state,
        "b_due_at": result.due_at,
        "b_attempts": result.row.attempts if result.attempts is None else result.attempts,
        "b_doubtful": result.doubtful or result.row.doubtful,
        "b_message_id": result.message_id,
        "b_error": result.error,
        "b_done_at": None if waiting else result.at,
        "b_kept": waiting or result.state == "refused",
    }


def _closed(result: Settled) -> dict[str, object]:
    return {"b_chat": result.row.chat_id, "b_called": result.row.at, "b_at": result.at}


_ROW: Final = OUTBOX.alias("o")
_EARLIER: Final = OUTBOX.alias("e")
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_NOTICE: Final = table(NoticeRecord)


def _holds_up() -> Any:
    """Another open row of the chat goes first: one being called, one of a lower lane, an earlier one of the same.

    A scalar subquery, not EXISTS: PostgreSQL would turn that into a join over the whole backlog at each claim.
    """
    row, earlier = _ROW.c, _EARLIER.c
    due = earlier.due_at <= bindparam("now")
    found = select(earlier.id).where(
        text("e.state IN ('waiting', 'calling')"),  # as the partial index says it, so that it is used
        earlier.chat_id == row.chat_id,
        or_(
            earlier.state == "calling",
            and_(earlier.lane < row.lane, due),
            and_(earlier.lane == row.lane, earlier.id < row.id, or_(due, earlier.attempts > 0)),
        ),
    )
    return found.correlate(_ROW).limit(1).scalar_subquery().is_not(None)


def _columns(reachable: Any) -> tuple[Any, ...]:
    names = ("id", "chat_id", "lane", "method", "params", "files", "notice_id", "attempts", "doubtful")
    return (*(_ROW.c[name] for name in names), reachable.label("reachable"))


def _due(lane: int, limit: str, reachable: Any) -> Select[*tuple[Any, ...]]:
    found = select(*_columns(reachable)).where(
        text("o.state = 'waiting'"), text(f"o.lane = {lane}"), _ROW.c.due_at <= bindparam("now")
    )
    return found.order_by(_ROW.c.due_at, _ROW.c.id).limit(bindparam(limit))


def _in_lane(lane: int, limit: str) -> Select[*tuple[Any, ...]]:
    reachable = func.coalesce(CHAT.c.reachable, True) if lane != REPLY else true()
    found = _due(lane, limit, reachable)
    found = found.where(_ROW.c.chat_id.not_in(bindparam("paused", expanding=True)), ~_holds_up())
    return found if lane == REPLY else found.join_from(_ROW, CHAT, CHAT.c.id == _ROW.c.chat_id, isouter=True)


def _claim() -> CompoundSelect[*tuple[Any, ...]]:
    """One branch for each lane, so that each walks its own stretch of the index and stops at its limit."""
    lanes = [
        _due(BESIDE, "n_beside", true()),
        _in_lane(REPLY, "n_reply"),
        _in_lane(NOTICE, "n_notice"),
        _in_lane(BROADCAST, "n_broadcast"),
    ]
    return union_all(*(select(lane.subquery()) for lane in lanes))


def _doubtful_states() -> tuple[Update, Update]:
    calling = (text("state IN ('waiting', 'calling')"), OUTBOX.c.state == "calling")
    hopeless = or_(OUTBOX.c.doubtful, OUTBOX.c.lane == BROADCAST)
    closing = {"state": "unknown", "doubtful": True, "params": "", "done_at": bindparam("b_at")}
    again = {"state": "waiting", "doubtful": True, "due_at": bindparam("b_at")}
    return (
        update(OUTBOX).where(*calling, hopeless).values(closing),
        update(OUTBOX).where(*calling, ~hopeless).values(again),
    )


def _settle() -> Update:
    columns = ("state", "attempts", "doubtful", "message_id", "error", "done_at")
    values: dict[str, Any] = {name: bindparam(f"b_{name}") for name in columns}
    values["due_at"] = func.coalesce(bindparam("b_due_at", type_=Utc()), OUTBOX.c.due_at)
    values["params"] = case((bindparam("b_kept", type_=Boolean()), OUTBOX.c.params), else_="")
    return update(OUTBOX).where(OUTBOX.c.id == bindparam("b_id")).values(values)


def _block(*conditions: Any) -> Update:
    closing = {"state": "blocked", "params": "", "done_at": bindparam("b_at")}
    return update(OUTBOX).where(*conditions).values(closing)


_CLAIM: Final = _claim()
_MARK: Final = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(_IDS), OUTBOX.c.state == "waiting")
    .values(state="calling", attempts=OUTBOX.c.attempts + 1)
    .returning(OUTBOX.c.id)
)
_NOTICES: Final = (
    select(
        *(_NOTICE.c[name] for name in ("id", "key", "params", "aspiration_id", "event_id", "chat_id")),
        func.coalesce(CHAT.c.state, "").label("chat"),
    )
    .join_from(_NOTICE, CHAT, CHAT.c.id == _NOTICE.c.chat_id, isouter=True)
    .where(_NOTICE.c.id.in_(_IDS))
)
_SETTLE: Final = _settle()
_BLOCK: Final = _block(OUTBOX.c.id.in_(_IDS))
_CLOSE_CHAT: Final = (
    update(CHAT)
    .where(CHAT.c.id == bindparam("b_chat"), func.coalesce(CHAT.c.seen_at <= bindparam("b_called"), True))
    .values(reachable=False)
)
_CLOSE_ROWS: Final = _block(
    text("state IN ('waiting', 'calling')"),
    OUTBOX.c.chat_id == bindparam("b_chat"),
    OUTBOX.c.state == "waiting",
    OUTBOX.c.created_at <= bindparam("b_called"),
).returning(OUTBOX.c.files)
_GIVE_UP, _REPEAT = _doubtful_states()
