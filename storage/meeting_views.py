"""Meetings as people may read them: what concerns somebody, with their own answer (issue 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, select

from conversations.meeting import MeetingView
from storage.actor import RefusalError
from storage.invitations import covers
from storage.ledger import table
from storage.mandates import MANDATE
from storage.meeting_tables import AttendanceRecord, MeetingAnswerRecord, MeetingRecord, MinuteRecord
from storage.residents import RESIDENT
from storage.rules import Rules

MEETING: Final = table(MeetingRecord)
ANSWER: Final = table(MeetingAnswerRecord)
ATTENDANCE: Final = table(AttendanceRecord)
MINUTE: Final = table(MinuteRecord)

MOST: Final = 60
"""Meetings in one list."""

LONGEST: Final = timedelta(days=1)
"""No meeting lasts longer."""

ZONES: Final = {7: "WIB", 8: "WITA", 9: "WIT"}
"""Names of the zones by their hours ahead of UTC (Keppres 41/1987)."""

AnyRow = Any
"""A row of MEETING, with or without the answer of somebody."""


def upcoming(connection: Connection, chat_id: int, at: datetime, rules: Rules) -> tuple[MeetingView, ...]:
    """The meetings that concern the person of a chat and are not over, the next one first; at most MOST."""
    asked = {"chat": chat_id, "since": at - LONGEST, "most": MOST}
    rows = [row for row in connection.execute(_UPCOMING, asked) if ends_at(row) > at]
    places = _whereabouts(connection, chat_id) if rows else ()
    return tuple(as_view(row, rules) for row in rows if row.answer or concerns(row, places))


def view(connection: Connection, chat_id: int, number: int, rules: Rules) -> MeetingView | None:
    """A meeting by number, with the answer of the person of a chat."""
    row = connection.execute(_ONE, {"chat": chat_id, "number": number}).one_or_none()
    return None if row is None else as_view(row, rules)


def meeting_row(connection: Connection, number: int) -> AnyRow:
    """A meeting by number. RefusalError: unknown."""
    row = connection.execute(select(MEETING).where(MEETING.c.id == number)).one_or_none()
    if row is None:
        raise RefusalError("unknown", f"There is no meeting {number}.")
    return row


def ends_at(row: AnyRow) -> datetime:
    """When a meeting is over."""
    end: datetime = row.starts_at + timedelta(minutes=row.minutes)
    return end


def concerns(row: AnyRow, places: Sequence[str]) -> bool:
    """Whether a meeting is for somebody of these places; whoever told none sees all. Groups shut nobody out."""
    if not places:
        return True
    return any(_reaches(row, place) for place in places)


def _reaches(row: AnyRow, place: str) -> bool:
    theirs = covers([row.region], place) or covers([place], row.region)
    listed = not row.kecamatan or any(
        covers([kode], place) or covers([place], kode) for kode in row.kecamatan
    )
    return theirs and listed


def as_view(row: AnyRow, rules: Rules) -> MeetingView:
    """A row as it is read."""
    mapping = row._mapping  # noqa: SLF001  (SQLAlchemy's public name for the columns of a row)
    return MeetingView(
        id=row.id,
        title=row.title,
        kind=row.kind,
        starts_at=local(row.starts_at, rules.calendar.zone),
        minutes=row.minutes,
        mode=row.mode,
        venue=row.venue,
        access=tuple(row.access),
        link=row.link,
        contact=row.contact,
        places=tuple(kecamatan_name(kode, rules) for kode in row.kecamatan),
        groups=tuple(row.groups),
        capacity=row.capacity,
        cancelled=row.cancelled_at is not None,
        answer=mapping.get("answer") or "",
        confirmed=mapping.get("confirmed_at") is not None,
        arranged=tuple(mapping.get("arranged") or ()),
    )


def kecamatan_name(kode: str, rules: Rules) -> str:
    """What a kecamatan is called, without the word itself."""
    return (rules.regions.place(kode) or kode).removeprefix("Kecamatan ")


def local(at: datetime, zone: tzinfo) -> datetime:
    """A moment as the clocks of the kabupaten show it."""
    return at.astimezone(zone)


def zone_name(at: datetime) -> str:
    """WIB, WITA or WIT, of a moment in local time."""
    ahead = at.utcoffset() or timedelta()
    return ZONES.get(ahead // timedelta(hours=1), "WIB")


def _whereabouts(connection: Connection, chat_id: int) -> tuple[str, ...]:
    """Where the person of a chat lives, and where they speak for others."""
    village = connection.scalar(_VILLAGE, {"chat": chat_id})
    scopes = connection.scalars(_SCOPES, {"chat": chat_id}).all()
    return (*((village,) if village else ()), *(kode for scope in scopes for kode in scope))


def _of_chat() -> Select[Any]:
    """Meetings with the answer of one person."""
    person = select(RESIDENT.c.id).where(RESIDENT.c.chat_id == bindparam("chat")).scalar_subquery()
    own = and_(ANSWER.c.meeting_id == MEETING.c.id, ANSWER.c.resident_id == person)
    mine = (ANSWER.c.answer, ANSWER.c.confirmed_at, ANSWER.c.arranged)
    return select(MEETING, *mine).select_from(MEETING.outerjoin(ANSWER, own))


_UPCOMING: Final = (
    _of_chat()
    .where(MEETING.c.cancelled_at.is_(None), MEETING.c.starts_at > bindparam("since"))
    .order_by(MEETING.c.starts_at, MEETING.c.id)
    .limit(bindparam("most"))
)
_ONE: Final = _of_chat().where(MEETING.c.id == bindparam("number"))
_VILLAGE: Final = select(RESIDENT.c.village_kode).where(RESIDENT.c.chat_id == bindparam("chat"))
_SCOPES: Final = select(MANDATE.c.scope).where(
    MANDATE.c.chat_id == bindparam("chat"), MANDATE.c.ended_at.is_(None)
)
