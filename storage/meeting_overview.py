"""A meeting as its staff sees it: answers, needs, what is not arranged yet, and whom it reaches (issue 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, get_args

from sqlalchemy import Connection, bindparam, select

from conversations.meeting import (
    AttendanceWay,
    Coming,
    MeetingDraft,
    MeetingOverview,
    MeetingView,
    NeedTotal,
    OpenNeed,
    Reach,
)
from storage.mandates import RELAY
from storage.meeting_attendance import code
from storage.meeting_minutes import minutes
from storage.meeting_views import ANSWER, ATTENDANCE, MEETING, MOST, as_view, ends_at, kecamatan_name
from storage.permissions import STAFF, Place, allowed, may, officers
from storage.residents import ACCESS, RESIDENT
from storage.rules import Rules
from storage.submissions import ASPIRATION

KEPT: Final = timedelta(days=90)
"""So long after it a meeting is listed."""

PRESENT: Final = ("coming", "phone")
"""Answers of those whose needs are to be arranged."""

MOST_OPEN: Final = 200
"""Needs that are not arranged yet in one list."""


def managed(connection: Connection, chat_id: int, at: datetime, rules: Rules) -> tuple[MeetingView, ...]:
    """The meetings that a chat's mandates may change: those to come, then those of the last 90 days."""
    held = officers(connection, chat_id)
    if not held:
        return ()
    since = select(MEETING).where(MEETING.c.starts_at > at - KEPT)
    rows = connection.execute(since.order_by(MEETING.c.starts_at, MEETING.c.id)).all()
    theirs = [row for row in rows if allowed(held, "meeting", Place(row.region, row.bidang))]
    ahead = [row for row in theirs if ends_at(row) > at]
    past = [row for row in reversed(theirs) if ends_at(row) <= at]
    return tuple(as_view(row, rules) for row in (*ahead, *past)[:MOST])


def regions(connection: Connection, chat_id: int, rules: Rules) -> tuple[tuple[str, str], ...]:
    """Where a chat's mandates may call a meeting: code and name of each region; the kabupaten's name is ""."""
    found: dict[str, str] = {}
    for officer in officers(connection, chat_id):
        bidang = officer.agencies[0] if officer.agencies else ""
        scope = (rules.regions.kabupaten, *officer.scope) if officer.role == "bappeda" else officer.scope
        for kode in scope:
            if officer.role in STAFF and may(officer, "meeting", Place(kode, bidang)):
                found[kode] = rules.regions.place(kode) or ""
    return tuple(found.items())


def written(connection: Connection, chat_id: int, number: int) -> MeetingDraft | None:
    """A meeting as it can be changed; None for a meeting of others."""
    row = _theirs(connection, chat_id, number)
    return row and MeetingDraft(
        id=row.id,
        region=row.region,
        title=row.title,
        kind=row.kind,
        starts_at=row.starts_at,
        minutes=row.minutes,
        mode=row.mode,
        venue=row.venue,
        access=tuple(row.access),
        link=row.link,
        kecamatan=tuple(row.kecamatan),
        groups=tuple(row.groups),
        contact=row.contact,
        capacity=row.capacity,
    )


def overview(connection: Connection, chat_id: int, number: int, rules: Rules) -> MeetingOverview | None:
    """A meeting with its figures; None for a meeting of others."""
    row = _theirs(connection, chat_id, number)
    if row is None:
        return None
    answers = connection.execute(_ANSWERS, {"number": number}).all()
    there = connection.execute(_THERE, {"number": number}).all()
    present = [one for one in answers if one.answer in PRESENT]
    said = Counter(one.answer for one in answers)
    ways = Counter(one.way for one in there)
    return MeetingOverview(
        view=as_view(row, rules),
        answers=tuple((way, said[way]) for way in get_args(Coming) if way),
        needs=_needs(present),
        open_needs=tuple(_open_needs(present, rules))[:MOST_OPEN],
        kecamatan=_by_kecamatan(row, present, there, rules),
        groups=_by_group(row, present, there),
        attended=tuple((way, ways[way]) for way in get_args(AttendanceWay)),
        minutes=minutes(connection, number),
        room_code=code(rules.secrets, number, "room") if row.mode != "online" else "",
        online_code=code(rules.secrets, number, "online") if row.mode != "offline" else "",
    )


def _theirs(connection: Connection, chat_id: int, number: int) -> Any:
    """A meeting that this chat's mandates may change."""
    row = connection.execute(select(MEETING).where(MEETING.c.id == number)).one_or_none()
    if row is None:
        return None
    held = officers(connection, chat_id)
    return row if allowed(held, "meeting", Place(row.region, row.bidang)) else None


def _needs(present: Sequence[Any]) -> tuple[NeedTotal, ...]:
    wanted = Counter(need for one in present for need in one.needs or ())
    ready = Counter(need for one in present for need in _ready(one))
    return tuple(
        NeedTotal(need=need, wanted=count, ready=ready[need]) for need, count in sorted(wanted.items())
    )


def _ready(one: Any) -> set[str]:
    """What is arranged and still needed."""
    return set(one.arranged or ()) & set(one.needs or ())


def _open_needs(present: Sequence[Any], rules: Rules) -> Iterable[OpenNeed]:
    for one in present:
        village = rules.village(one.village_kode).name if one.village_kode else ""
        for need in one.needs or ():
            if need not in _ready(one):
                words = f"{one.name or ''}" if need != "other" else _with_words(one)
                yield OpenNeed(answer=one.id, need=need, who=words, village=village)


def _with_words(one: Any) -> str:
    """Who needs something else, and what in their own words."""
    return ": ".join(filter(None, (one.name, one.other)))


def _by_kecamatan(row: Any, present: Sequence[Any], there: Sequence[Any], rules: Rules) -> tuple[Reach, ...]:
    """Every kecamatan that the meeting is for, also the silent ones."""
    every = [one.kode for one in rules.regions.kecamatan()]
    kabupaten = row.region == rules.regions.kabupaten
    wanted = row.kecamatan or (every if kabupaten else [row.region[:8]])
    confirmed = Counter(_kecamatan(one.village_kode) for one in present)
    attended = Counter(_kecamatan(one.village_kode or one.region) for one in there)
    return tuple(
        Reach(of=kecamatan_name(kode, rules), confirmed=confirmed[kode], attended=attended[kode])
        for kode in wanted
    )


def _kecamatan(kode: str | None) -> str:
    """The kecamatan of a village: 18.07.01 of 18.07.01.2001."""
    return (kode or "")[:8]


def _by_group(row: Any, present: Sequence[Any], there: Sequence[Any]) -> tuple[Reach, ...]:
    """The groups that the meeting is for, by what people said of themselves or had said of them: opened to be counted."""
    confirmed = Counter(group for one in present for group in one.groups or ())
    attended = Counter(group for one in there for group in one.groups or one.relayed_groups or ())
    wanted = row.groups or sorted({*confirmed, *attended})
    return tuple(Reach(of=group, confirmed=confirmed[group], attended=attended[group]) for group in wanted)


_ANSWERS: Final = (
    select(
        ANSWER.c.id,
        ANSWER.c.answer,
        ANSWER.c.arranged,
        RESIDENT.c.name,
        RESIDENT.c.village_kode,
        RESIDENT.c.groups,
        ACCESS.c.needs,
        ACCESS.c.other,
    )
    .join(RESIDENT, RESIDENT.c.id == ANSWER.c.resident_id)
    .outerjoin(ACCESS, ACCESS.c.resident_id == RESIDENT.c.id)
    .where(ANSWER.c.meeting_id == bindparam("number"))
    .order_by(ANSWER.c.id)
)
_THERE: Final = (
    select(
        ATTENDANCE.c.way,
        RESIDENT.c.village_kode,
        RESIDENT.c.groups,
        RELAY.c.groups.label("relayed_groups"),
        ASPIRATION.c.region,
    )
    .outerjoin(RESIDENT, RESIDENT.c.id == ATTENDANCE.c.resident_id)
    .outerjoin(RELAY, RELAY.c.id == ATTENDANCE.c.relay_id)
    .outerjoin(ASPIRATION, ASPIRATION.c.id == RELAY.c.aspiration_id)
    .where(ATTENDANCE.c.meeting_id == bindparam("number"))
)
