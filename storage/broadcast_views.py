"""Broadcasts as the staff sees them (issue 4)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, or_, select

from conversations.broadcast import BroadcastDraft, BroadcastView, Caution
from conversations.part import Media
from storage.broadcast_approval import may_approve, needs_approval
from storage.broadcast_drafts import broadcast_row
from storage.broadcast_segments import BROADCAST, RECIPIENT, read_census, read_segment
from storage.mandates import MANDATE
from storage.meeting_views import MEETING
from storage.permissions import officers
from storage.rules import Rules

MOST: Final = 30
"""Broadcasts in one list."""

FRIDAY: Final = 4
PRAYER: Final = (time(11), time(13, 30))
"""Around the Friday prayer nobody reads, and many offices are closed."""

FAILED: Final = ("blocked", "deactivated", "refused", "unknown")
AnyRow = Any
"""A row of `broadcast` with its author."""


def listing(connection: Connection, chat: int, rules: Rules) -> tuple[BroadcastView, ...]:
    """Those that wait for a chat's approval, then its own, newest first."""
    rows = connection.execute(_LISTED, {"chat": chat, "most": MOST}).all()
    if not rows or not officers(connection, chat):
        return ()
    waiting = [row for row in rows if may_approve(connection, chat, row)]
    own = [row for row in rows if row.author == chat]
    return tuple(_view(connection, row, chat, rules) for row in (*waiting, *own))


def view(connection: Connection, chat: int, number: int, rules: Rules) -> BroadcastView | None:
    """One that is this chat's own or waits for it; None for any other."""
    row = broadcast_row(connection, number)
    if row is None or not (row.author == chat or may_approve(connection, chat, row)):
        return None
    return _view(connection, row, chat, rules)


def cautions(at: datetime, rules: Rules) -> tuple[Caution, ...]:
    """What speaks against sending at this moment."""
    local = at.astimezone(rules.calendar.zone)
    begins, ends = PRAYER
    friday = local.weekday() == FRIDAY and begins <= local.time() < ends
    holiday = not rules.calendar.working.works(local.date())
    night = rules.delivery.awake(at) != at
    found: tuple[tuple[Caution, bool], ...] = (("holiday", holiday), ("friday", friday), ("night", night))
    return tuple(name for name, true in found if true)


def _view(connection: Connection, row: AnyRow, chat: int, rules: Rules) -> BroadcastView:
    counted = read_census(row.census)
    states: Counter[str] = Counter(
        {one.state: one.number for one in connection.execute(_STATES, {"number": row.id})}
    )
    regions = tuple(row.segment["regions"])
    return BroadcastView(
        id=row.id,
        state=row.state,
        draft=_draft(row),
        day=row.created_at.astimezone(rules.calendar.zone).date(),
        places=tuple(rules.regions.place(kode) or "" for kode in regions),
        meeting=connection.scalar(_TITLE, {"number": row.segment["meeting"]}) or "",
        census=counted,
        needs_approval=counted is not None and needs_approval(counted.recipients, rules),
        mine=row.author == chat,
        may_approve=may_approve(connection, chat, row),
        sent=states["sent"],
        failed=sum(states[state] for state in FAILED),
    )


def _draft(row: AnyRow) -> BroadcastDraft:
    return BroadcastDraft(
        id=row.id,
        topic=row.topic,
        text=row.words,
        easy=row.easy,
        picture=Media(file_id=row.picture, unique_id="") if row.picture else None,
        alternative=row.alternative,
        voice=Media(file_id=row.voice, unique_id="", seconds=row.voice_seconds) if row.voice else None,
        segment=read_segment(row.segment),
        at=row.due_at,
    )


_LISTED: Final = (
    select(BROADCAST, MANDATE.c.chat_id.label("author"))
    .join(MANDATE, MANDATE.c.id == BROADCAST.c.mandate_id)
    .where(
        MANDATE.c.ended_at.is_(None),
        or_(MANDATE.c.chat_id == bindparam("chat"), BROADCAST.c.state == "approval"),
    )
    .order_by(BROADCAST.c.id.desc())
    .limit(bindparam("most"))
)
_STATES: Final = (
    select(RECIPIENT.c.state, func.count().label("number"))
    .where(RECIPIENT.c.broadcast_id == bindparam("number"))
    .group_by(RECIPIENT.c.state)
)
_TITLE: Final = select(MEETING.c.title).where(MEETING.c.id == bindparam("number"))
