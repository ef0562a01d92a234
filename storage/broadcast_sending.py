"""Sending a broadcast: its recipients made in lots, handed to the outbox a little ahead, followed until all is known.

Each row of a recipient goes through its states together with its row of the outbox, in one transaction: so a crash at
any point leaves nobody out, and tells nobody twice (of calls in flight nobody knows: storage.outbox marks them). Only
what may go within seconds lies in the outbox, so that a pause takes it back at once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.broadcast_segments import Candidate, next_ones
from storage.broadcast_tables import BroadcastRecipientRecord, BroadcastStopRecord
from storage.broadcast_words import BROADCAST, SENT
from storage.ledger import CHAT, OUTBOX, ErrandRow, Ledger, OutboxRow, table
from storage.mandates import MANDATE
from storage.notices import NOTICES, Delivery
from storage.residents import CONSENT, NEWEST, RESIDENT
from storage.rules import Rules
from storage.tables import BROADCAST as LANE
from storage.tables import NOTICE

RECIPIENT: Final = table(BroadcastRecipientRecord)
STOP: Final = table(BroadcastStopRecord)
MAKE: Final = "broadcast_recipients"
"""The errand that makes one lot of recipients. Parameter: broadcast."""

LOT: Final = 500
"""Rows that are made, handed on or settled at once."""

SOON: Final = timedelta(hours=1)
"""What is due later was put off: by night, or with a paused broadcast (storage.broadcast_extras)."""

LONGEST_HELD: Final = timedelta(days=1)
"""How long a broadcast waits for somebody to finish what they are being asked (issue 4)."""

AnyRow = Any
"""A row of a few columns."""


# Beginning, and its recipients


def begin(connection: Connection, at: datetime) -> list[int]:
    """Begin the broadcasts whose time has come; an errand makes their recipients."""
    begun = list(connection.scalars(_BEGIN, {"b_at": at}))
    Ledger(connection).add_errands([_making(number, at) for number in begun], at)
    return begun


def make_lot(connection: Connection, number: int, rules: Rules, at: datetime) -> None:
    """Make the rows of the next recipients, and plan the errand for those after them."""
    row = connection.execute(_LOCKED, {"id": number}).one_or_none()
    if row is None or row.made_at is not None or row.state not in {"sending", "paused"}:
        return
    found = next_ones(connection, row, rules, after=row.made_to, size=LOT)
    if found:
        rows = [_recipient(number, one, at) for one in found]
        connection.execute(_ADD[connection.dialect.name], rows)
        made: dict[str, Any] = {"made_to": found[-1].chat_id}
        Ledger(connection).add_errands([_making(number, at)], at)
    else:
        made = {"made_at": at}
    connection.execute(update(BROADCAST).where(BROADCAST.c.id == number).values(made))


def _making(number: int, at: datetime) -> ErrandRow:
    return ErrandRow(kind=MAKE, due_at=at, params={"broadcast": number})


def _recipient(number: int, one: Candidate, at: datetime) -> dict[str, Any]:
    return {
        "broadcast_id": number,
        "chat_id": one.chat_id,
        "state": "left_out" if one.left_out else "waiting",
        "reason": one.left_out,
        "extras": [],
        "revision": 0,
        "at": at,
    }


# Handing on


def room(connection: Connection, ahead: int, at: datetime) -> int:
    """How many more calls may be handed on, so that at most `ahead` that are no replies wait to be made soon."""
    return max(0, ahead - (connection.scalar(_OPEN_CALLS, {"soon": at + SOON}) or 0))


def feed(connection: Connection, delivery: Delivery, at: datetime, most: int) -> int:
    """Hand the next recipients to the outbox, at most so many, none by night; returns how many were dealt with."""
    if delivery.awake(at) != at or most <= 0:
        return 0
    done = 0
    for broadcast in connection.execute(_SENDING).all():
        while done < most:
            span = {"broadcast": broadcast.id, "topic": broadcast.topic, "before": at - LONGEST_HELD}
            span["roles"] = broadcast.segment.get("roles") or []
            found = connection.execute(_NEXT, {**span, "most": min(LOT, most - done)}).all()
            if not found:
                break
            _hand_on(connection, broadcast, found, at)
            done += len(found)
    return done


def _hand_on(connection: Connection, broadcast: AnyRow, found: Sequence[AnyRow], at: datetime) -> None:
    """Each goes out, waits for the end of a question, or is left out for what has happened since it was made."""
    reasons = {row.id: _why_not(row, holders=bool(broadcast.segment.get("roles"))) for row in found}
    out = [_state(row.id, "left_out", at, reason=reasons[row.id]) for row in found if reasons[row.id]]
    held = [row for row in found if not reasons[row.id] and _is_busy(row, at)]
    out += [_state(row.id, "held", at, held_at=row.held_at or at) for row in held]
    if out:
        connection.execute(_MOVE, out)
    busy = {row.id for row in held}
    _enqueue(connection, broadcast, [row for row in found if not reasons[row.id] and row.id not in busy], at)


def _why_not(row: AnyRow, *, holders: bool) -> str:
    """As storage.broadcast_segments says it: whoever works here agreed to it with their mandate."""
    if row.erasure_due_at is not None:
        return "leaving"
    if holders and not row.holds:
        return "mandate"
    if not holders and not row.served:
        return "no_consent"
    if row.stopped is not None or not (holders or row.broadcasts):
        return "stopped"
    return "blocked" if row.reachable is False else ""


def _is_busy(row: AnyRow, at: datetime) -> bool:
    """In the middle of a question, and not for so long that it must be told all the same."""
    longest = at - LONGEST_HELD
    return row.draft_at is not None and row.draft_at > longest and (row.held_at or at) > longest


def _enqueue(connection: Connection, broadcast: AnyRow, rows: Sequence[AnyRow], at: datetime) -> None:
    if not rows:
        return
    params = {"broadcast": broadcast.id, "topic": broadcast.topic}
    letters = [
        {"chat_id": row.chat_id, "key": SENT, "params": params, "due_at": at, "state": "queued"}
        for row in rows
    ]
    numbers = connection.scalars(_ADD_LETTERS, letters)
    calls = [
        OutboxRow(chat_id=row.chat_id, due_at=at, lane=LANE, notice_id=number)
        for row, number in zip(rows, numbers, strict=True)
    ]
    ids = Ledger(connection).add_calls(calls, at)
    queued = [
        _state(row.id, "queued", at, outbox_id=id_, held_at=row.held_at) | {"b_revision": broadcast.revision}
        for row, id_ in zip(rows, ids, strict=True)
    ]
    connection.execute(_QUEUE, queued)


def withdraw(connection: Connection, at: datetime, *which: Any) -> int:
    """Take back what lies in the outbox and is not being called yet; those rows wait again."""
    queued = connection.execute(_QUEUED.where(*which)).all()
    unsent = (OUTBOX.c.id.in_([row.outbox_id for row in queued]), text("outbox.state = 'waiting'"))
    back = connection.execute(delete(OUTBOX).where(*unsent).returning(OUTBOX.c.id, OUTBOX.c.notice_id)).all()
    if not back:
        return 0
    taken = {row.id for row in back}
    connection.execute(delete(NOTICES).where(NOTICES.c.id.in_([row.notice_id for row in back])))
    waiting = [_state(row.id, "waiting", at, held_at=row.held_at) for row in queued if row.outbox_id in taken]
    connection.execute(_MOVE, waiting)
    return len(back)


def recall(connection: Connection, delivery: Delivery, at: datetime) -> int:
    """Take back what night, or somebody's beginning to answer a question, has overtaken in the outbox."""
    if delivery.awake(at) != at:
        return withdraw(connection, at)
    longest = at - LONGEST_HELD
    patient = or_(RECIPIENT.c.held_at.is_(None), RECIPIENT.c.held_at > longest)
    return withdraw(connection, at, CHAT.c.draft_at > longest, patient)


# What came of it


def settle(connection: Connection, at: datetime) -> int:
    """Note what came of calls; picture and voice follow whoever was told. Returns how many."""
    over = connection.execute(_OVER, {"most": LOT}).all()
    if not over:
        return 0
    connection.execute(_SETTLE, [_outcome(row, at) for row in over])
    _follow(connection, [row for row in over if row.state == "sent"], at)
    return len(over)


def _outcome(row: AnyRow, at: datetime) -> dict[str, Any]:
    state = row.state if row.state in {"sent", "blocked", "refused"} else "unknown"
    if state == "blocked" and "deactivated" in (row.error or "").casefold():
        state = "deactivated"
    reason = row.error or "" if state == "refused" else ""
    known = {"b_reason": reason[:200], "b_message_id": row.message_id, "b_at": row.done_at or at}
    return {"b_id": row.id, "b_state": state, **known}


def _follow(connection: Connection, told: Sequence[AnyRow], at: datetime) -> None:
    numbers = sorted({one.broadcast_id for one in told})
    media = {row.id: row for row in connection.execute(_MEDIA, {"ids": numbers})}
    known = [one for one in told if one.broadcast_id in media]
    calls = [(one, call) for one in known for call in extras_of(media[one.broadcast_id], one.chat_id, at)]
    ids = Ledger(connection).add_calls([call for _, call in calls], at)
    extras: dict[int, list[int]] = {}
    for (one, _), id_ in zip(calls, ids, strict=True):
        extras.setdefault(one.id, []).append(id_)
    if extras:
        rows = [{"b_id": number, "b_extras": ids} for number, ids in extras.items()]
        connection.execute(_KEEP_EXTRAS, rows)


def extras_of(row: AnyRow, chat_id: int, at: datetime) -> list[OutboxRow]:
    """Picture and voice of a broadcast. The file_ids are those of this bot: nothing is uploaded again (Bot API, Sending files)."""
    chat = {"chat_id": chat_id}
    picture = (
        ("sendPhoto", {**chat, "photo": row.picture, "caption": row.alternative}) if row.picture else None
    )
    voice = ("sendVoice", {**chat, "voice": row.voice, "duration": row.voice_seconds}) if row.voice else None
    return [
        OutboxRow(chat_id=chat_id, due_at=at, lane=LANE, method=call[0], params=json.dumps(call[1]))
        for call in (picture, voice)
        if call is not None
    ]


def finish(connection: Connection, at: datetime) -> int:
    """End the broadcasts of which every recipient's outcome is known; of a stopped one the others are left out."""
    done, ending = 0, connection.execute(_ENDING).all()
    busy = set(connection.scalars(_BUSY)) if ending else set()
    for row in ending:
        if row.state == "stopped":
            left = {"state": "left_out", "reason": "ended", "at": at}
            connection.execute(
                update(RECIPIENT).where(RECIPIENT.c.broadcast_id == row.id, _LEFT).values(left)
            )
        if row.id not in busy and connection.execute(_OPEN, {"broadcast": row.id}).first() is None:
            state = "stopped" if row.state == "stopped" else "done"
            connection.execute(
                update(BROADCAST).where(BROADCAST.c.id == row.id).values(state=state, done_at=at)
            )
            done += 1
    return done


def totals(connection: Connection, number: int) -> Counter[str]:
    """How many recipients are in each state."""
    return Counter({row.state: row.n for row in connection.execute(_TOTALS, {"broadcast": number})})


def _state(number: int, state: str, at: datetime, **more: Any) -> dict[str, Any]:
    """A row of `_MOVE` or `_QUEUE`: what is not given is empty."""
    given = {"reason": "", "held_at": None, "outbox_id": None, **more}
    return {
        "b_id": number,
        "b_state": state,
        "b_at": at,
        **{f"b_{name}": value for name, value in given.items()},
    }


def _changing(*names: str) -> Any:
    values = {name: bindparam(f"b_{name}", type_=RECIPIENT.c[name].type) for name in names}
    return update(RECIPIENT).where(RECIPIENT.c.id == bindparam("b_id")).values(values)


_DUE: Final = and_(
    BROADCAST.c.state == "scheduled",
    or_(BROADCAST.c.due_at.is_(None), BROADCAST.c.due_at <= bindparam("b_at")),
)
_BEGIN: Final = (
    update(BROADCAST)
    .where(_DUE)
    .values(state="sending", started_at=bindparam("b_at"))
    .returning(BROADCAST.c.id)
)
_LOCKED: Final = select(BROADCAST).where(BROADCAST.c.id == bindparam("id")).with_for_update()
_SENDING: Final = (
    select(*(BROADCAST.c[name] for name in ("id", "topic", "revision", "segment")))
    .where(BROADCAST.c.state == "sending")
    .order_by(BROADCAST.c.started_at, BROADCAST.c.id)
    .with_for_update()
)
_ENDING: Final = select(BROADCAST.c.id, BROADCAST.c.state).where(
    or_(
        and_(BROADCAST.c.state == "sending", BROADCAST.c.made_at.is_not(None)),
        and_(BROADCAST.c.state == "stopped", BROADCAST.c.done_at.is_(None)),
    )
)
_LEFT: Final = text("broadcast_recipient.state IN ('waiting', 'held')")
_OPEN: Final = (
    select(RECIPIENT.c.id).where(RECIPIENT.c.broadcast_id == bindparam("broadcast"), _LEFT).limit(1)
)
_FLYING: Final = (  # by its partial index, in the order of that: otherwise all who were told are read
    text("broadcast_recipient.state = 'queued'"),
    RECIPIENT.c.outbox_id > 0,
)
_BUSY: Final = select(RECIPIENT.c.broadcast_id).where(*_FLYING).order_by(RECIPIENT.c.outbox_id)
_OPEN_CALLS: Final = (
    select(func.count())
    .select_from(OUTBOX)
    .where(
        text("outbox.state IN ('waiting', 'calling')"),
        OUTBOX.c.lane.in_((NOTICE, LANE)),
        OUTBOX.c.due_at <= bindparam("soon"),
    )
)
_HOLDS: Final = exists().where(
    MANDATE.c.chat_id == RECIPIENT.c.chat_id,
    MANDATE.c.ended_at.is_(None),
    MANDATE.c.role.in_(bindparam("roles", expanding=True)),
)
_NEXT: Final = (
    select(
        *(RECIPIENT.c[name] for name in ("id", "chat_id", "held_at")),
        *(CHAT.c[name] for name in ("reachable", "draft_at")),
        RESIDENT.c.erasure_due_at,
        func.coalesce(RESIDENT.c.broadcasts, False).label("broadcasts"),
        func.coalesce(CONSENT.c.granted, False).label("served"),
        STOP.c.chat_id.label("stopped"),
        _HOLDS.label("holds"),
    )
    .join_from(RECIPIENT, CHAT, CHAT.c.id == RECIPIENT.c.chat_id, isouter=True)
    .outerjoin(RESIDENT, RESIDENT.c.chat_id == RECIPIENT.c.chat_id)
    .outerjoin(CONSENT, CONSENT.c.id == NEWEST)
    .outerjoin(STOP, and_(STOP.c.chat_id == RECIPIENT.c.chat_id, STOP.c.topic == bindparam("topic")))
    .where(
        RECIPIENT.c.broadcast_id == bindparam("broadcast"),
        _LEFT,
        or_(
            RECIPIENT.c.state == "waiting",
            CHAT.c.draft_at.is_(None),
            CHAT.c.draft_at <= bindparam("before"),
            RECIPIENT.c.held_at <= bindparam("before"),
        ),
    )
    .order_by(RECIPIENT.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=RECIPIENT, skip_locked=True)
)
_ADD: Final = {
    name: kind(RECIPIENT).on_conflict_do_nothing(index_elements=["broadcast_id", "chat_id"])
    for name, kind in (("sqlite", sqlite_insert), ("postgresql", postgres_insert))
}
_ADD_LETTERS: Final = insert(NOTICES).returning(NOTICES.c.id, sort_by_parameter_order=True)
_QUEUED: Final = (
    select(RECIPIENT.c.id, RECIPIENT.c.outbox_id, RECIPIENT.c.held_at)
    .join_from(RECIPIENT, CHAT, CHAT.c.id == RECIPIENT.c.chat_id, isouter=True)
    .where(*_FLYING)
    .order_by(RECIPIENT.c.outbox_id)
    .with_for_update(of=RECIPIENT)
)
_OVER: Final = (
    select(
        *(RECIPIENT.c[name] for name in ("id", "broadcast_id", "chat_id")),
        *(OUTBOX.c[name] for name in ("state", "message_id", "error", "done_at")),
    )
    .join_from(RECIPIENT, OUTBOX, OUTBOX.c.id == RECIPIENT.c.outbox_id, isouter=True)
    .where(
        *_FLYING,
        or_(OUTBOX.c.id.is_(None), OUTBOX.c.state.not_in(("waiting", "calling"))),
    )
    .order_by(RECIPIENT.c.outbox_id)
    .limit(bindparam("most"))
    .with_for_update(of=RECIPIENT)
)
_MEDIA: Final = select(
    *(BROADCAST.c[name] for name in ("id", "picture", "alternative", "voice", "voice_seconds"))
).where(
    BROADCAST.c.id.in_(bindparam("ids", expanding=True)),
    or_(BROADCAST.c.picture != "", BROADCAST.c.voice != ""),
)
_TOTALS: Final = (
    select(RECIPIENT.c.state, func.count().label("n"))
    .where(RECIPIENT.c.broadcast_id == bindparam("broadcast"))
    .group_by(RECIPIENT.c.state)
)
_MOVE: Final = _changing("state", "reason", "held_at", "outbox_id", "at")
_QUEUE: Final = _changing("state", "reason", "held_at", "outbox_id", "at", "revision")
_SETTLE: Final = _changing("state", "reason", "message_id", "at")
_KEEP_EXTRAS: Final = _changing("extras")
