"""Messages about one's own aspiration: planned with a delay so that a slip can be undone, never by night.

A notice is a key and parameters; it becomes words when it is sent, in the recipient's locale of that moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, insert, select, text, update

from storage import residents
from storage.ledger import OUTBOX, Ledger, OutboxRow, table
from storage.lifecycle import State
from storage.tables import NOTICE, NoticeRecord

CHANGED: Final = "notice.changed"
ASKED: Final = "asking.question"
"""The letter of a question to an author. Parameters: question, ticket, words."""

STOPPED: Final = (CHANGED, ASKED)
"""What nobody is told who has said stop meanwhile."""

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
NOTICES: Final = table(NoticeRecord)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """When notices go out: NOTICE_DELAY after the change, not in QUIET_HOURS (from, to) of the region's zone."""

    delay: timedelta
    quiet: tuple[time, time]
    zone: tzinfo

    def due(self, at: datetime, *, urgent: bool = False) -> datetime:
        """When a notice about a change at `at` goes out; an urgent one (`suara decide --now`) at once."""
        return at if urgent else self.awake(at + self.delay)

    def awake(self, at: datetime) -> datetime:
        """`at` itself, or the end of the quiet hours that it lies in."""
        start, end = self.quiet
        local = at.astimezone(self.zone)
        now = local.time()
        by_night = start <= now or now < end if start > end else start <= now < end
        if not by_night:
            return at
        day = local.date() + timedelta(days=1 if now >= end else 0)
        return datetime.combine(day, end, self.zone).astimezone(at.tzinfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A change as its author is told of it. `advice` is the key of what one can do next."""

    ticket: str
    old: State
    old_reason: str
    new: State
    reason: str
    office: str
    note: str
    advice: str
    answer_by: date | None

    def params(self, *, urgent: bool) -> dict[str, Any]:
        """As stored: plain words alone."""
        return {
            "ticket": self.ticket,
            "old_stage": self.old.stage,
            "old_decision": self.old.decision,
            "old_reason": self.old_reason,
            "new_stage": self.new.stage,
            "new_decision": self.new.decision,
            "reason": self.reason,
            "office": self.office,
            "note": self.note,
            "advice": self.advice,
            "answer_by": self.answer_by.isoformat() if self.answer_by else "",
            "urgent": urgent,
        }


@dataclass(frozen=True, slots=True)
class Address:
    """Where a notice belongs: its aspiration, the event it tells of, and the chat it goes to."""

    aspiration_id: int
    event_id: int
    chat_id: int


def plan(  # noqa: PLR0913 - what is told, to whom, when, and in which kind of letter
    connection: Connection,
    to: Address,
    news: News,
    due_at: datetime,
    *,
    urgent: bool = False,
    key: str = CHANGED,
    more: Mapping[str, str] = NOTHING,
) -> int | None:
    """Plan one notice; returns its id, or None when an unsent change was undone and there is nothing to tell.

    `key` and `more` make another letter of it than the author's (storage.reports).

    One that still waits for the same aspiration is replaced: the resident hears of the way from the first old
    state to the last new one. An `urgent` one is not held back by night (see `Delivery.due`).
    """
    told = _since(_take_waiting(connection, to, key), news)
    if told is None:
        return None
    row = {
        **asdict(to),
        "key": key,
        "params": {**told.params(urgent=urgent), **more},
        "due_at": due_at,
        "state": "waiting",
    }
    planned = insert(NOTICES).values(row).returning(NOTICES.c.id)
    return int(connection.execute(planned).scalar_one())


def foretell(connection: Connection, to: Address, news: News, key: str = CHANGED) -> News | None:
    """What `plan` would tell, without planning it; None when there would be nothing to tell."""
    waiting = select(NOTICES.c.params).where(*_same(to, key)).order_by(NOTICES.c.id).limit(1)
    first = connection.scalar(waiting)
    return _since(_beginning(first) if first else None, news)


def _since(first: tuple[State, str] | None, news: News) -> News | None:
    """The news from the first state that nobody was told the end of; None when it is that again, without a word."""
    if first is None:
        return news
    if first == (news.new, news.reason) and not news.note:
        return None
    return replace(news, old=first[0], old_reason=first[1])


def _beginning(params: Mapping[str, Any]) -> tuple[State, str]:
    return State(params["old_stage"], params["old_decision"]), params["old_reason"]


def _same(to: Address, key: str) -> tuple[ColumnElement[bool], ...]:
    """What waits to be told to a chat about an aspiration, in one kind of letter."""
    return (
        NOTICES.c.aspiration_id == to.aspiration_id,
        NOTICES.c.chat_id == to.chat_id,
        NOTICES.c.key == key,
        NOTICES.c.state == "waiting",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of any other kind: a key of storage.letters.WRITERS, its parameters, and whose chat it goes to.

    It is about an aspiration and an event in its history, if it has one; an urgent one goes out by night too.
    """

    chat_id: int
    key: str
    params: Mapping[str, Any]
    aspiration_id: int | None = None
    event_id: int | None = None
    urgent: bool = False


def tell(connection: Connection, message: Message, due_at: datetime) -> None:
    """Plan a message; once for each event and chat (IntegrityError otherwise)."""
    row = asdict(message) | {"params": {**message.params, "urgent": message.urgent}}
    del row["urgent"]
    connection.execute(insert(NOTICES).values(row | {"due_at": due_at, "state": "waiting"}))


def cancel(connection: Connection, aspiration_id: int) -> None:
    """Call off what still waits to be told about an aspiration."""
    waiting = (NOTICES.c.aspiration_id == aspiration_id, NOTICES.c.state == "waiting")
    connection.execute(update(NOTICES).where(*waiting).values(state="cancelled"))


def redirect(connection: Connection, aspiration_id: int, chat_id: int) -> None:
    """Send what still waits to be told about an aspiration to another chat: its author's new one."""
    waiting = (NOTICES.c.aspiration_id == aspiration_id, NOTICES.c.state == "waiting")
    connection.execute(update(NOTICES).where(*waiting).values(chat_id=chat_id))


def readdress(connection: Connection, aspiration_id: int, key: str, new_key: str, chat_id: int) -> None:
    """Turn what waits to be told in one kind of letter into another, for another chat."""
    waiting = (
        NOTICES.c.aspiration_id == aspiration_id,
        NOTICES.c.key == key,
        NOTICES.c.state == "waiting",
    )
    connection.execute(update(NOTICES).where(*waiting).values(key=new_key, chat_id=chat_id))


def take_back(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Letters that are none of their chat's business any more: what is still on its way waits again, what was told is empty."""
    theirs = select(NOTICES.c.id).where(NOTICES.c.state == "queued", *which)
    unsent = (text("outbox.state = 'waiting'"), OUTBOX.c.lane == NOTICE, OUTBOX.c.notice_id.in_(theirs))
    back = connection.scalars(delete(OUTBOX).where(*unsent).returning(OUTBOX.c.notice_id)).all()
    _set(connection, back, state="waiting")
    forget_told(connection, *which)


def forget_told(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Empty these letters once they were told: from then on their chat can open them no more, nor find them in its data."""
    leaving = exists().where(
        text("outbox.state IN ('waiting', 'calling')"), OUTBOX.c.notice_id == NOTICES.c.id
    )
    told = update(NOTICES).where(NOTICES.c.state == "queued", ~leaving, *which)
    connection.execute(told.values(params={}, state="forgotten"))


def release(connection: Connection, delivery: Delivery, now: datetime, limit: int = 100) -> int:
    """Hand what is due to the outbox; what has become due by night waits for the morning. Returns how many went.

    Whoever has said stop since the decision, or withdrawn consent, is not told.
    """
    found = connection.execute(_DUE, {"now": now, "limit": limit}).all()
    due = [row for row in found if row.key not in STOPPED or residents.wants_notices(connection, row.chat_id)]
    _set(connection, [row.id for row in found if row not in due], state="cancelled")
    awake = delivery.awake(now) == now
    ready = {row.id: row.chat_id for row in due if awake or row.params.get("urgent")}
    calls = [OutboxRow(chat_id=chat, due_at=now, lane=NOTICE, notice_id=id_) for id_, chat in ready.items()]
    Ledger(connection).enqueue(calls, now)
    _set(connection, list(ready), state="queued")
    _set(connection, [row.id for row in due if row.id not in ready], due_at=delivery.awake(now))
    return len(ready)


def _take_waiting(connection: Connection, to: Address, key: str) -> tuple[State, str] | None:
    """Call off what waits for this aspiration and chat, and return the state and reason that it begins with."""
    taken = connection.execute(
        update(NOTICES)
        .where(*_same(to, key))
        .values(state="cancelled")
        .returning(NOTICES.c.id, NOTICES.c.params)
    ).all()
    if not taken:
        return None
    return _beginning(min(taken, key=lambda row: row.id).params)


def _set(connection: Connection, ids: Sequence[int], **values: object) -> None:
    if ids:
        connection.execute(update(NOTICES).where(NOTICES.c.id.in_(ids)).values(values))


_DUE: Final = (
    select(NOTICES.c.id, NOTICES.c.chat_id, NOTICES.c.key, NOTICES.c.params)
    .where(NOTICES.c.state == "waiting", NOTICES.c.due_at <= bindparam("now"))
    .order_by(NOTICES.c.due_at, NOTICES.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
