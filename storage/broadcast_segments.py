"""Whom a broadcast is for: everybody of a segment once, in lots by chat, with the reason why somebody gets nothing.

Counting and sending walk the same lots, so that the count is what will be sent (storage.broadcast_tables). Own groups
are encrypted: only a segment by groups reads them, out of any turn.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from conversations.broadcast import Census, LeftOut, Sample, Segment
from storage.aspirations import ASPIRATION
from storage.broadcast_tables import BroadcastRecipientRecord, BroadcastRecord, BroadcastStopRecord
from storage.invitations import covers
from storage.ledger import CHAT, table
from storage.mandates import MANDATE
from storage.meeting_views import ANSWER, MEETING
from storage.residents import CONSENT, RESIDENT
from storage.rules import Rules

BROADCAST: Final = table(BroadcastRecord)
RECIPIENT: Final = table(BroadcastRecipientRecord)
STOPPED: Final = table(BroadcastStopRecord)
LOT: Final = 500
"""Persons that are looked at together (issue 4)."""

SAMPLES: Final = 5
COMING: Final = ("coming", "phone", "represented")
"""Answers of those who come to a meeting, or have somebody there."""

PRIVATE: Final = 0
"""Numbers of private chats are greater (Bot API, Chat)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody of a segment. `left_out` says why they get nothing, "" for a recipient."""

    chat_id: int
    left_out: LeftOut | str
    village: str
    locale: str


@dataclass(frozen=True, slots=True)
class Lot:
    """Those of a segment among the persons that were looked at; `last` is where the next lot begins, 0 after the last."""

    found: tuple[Candidate, ...]
    last: int


def next_ones(
    connection: Connection, row: Any, rules: Rules, *, after: int, size: int = LOT
) -> tuple[Candidate, ...]:
    """The next ones that a broadcast (a row of its table) is for, by chat, after this chat; () after the last."""
    segment = read_segment(row.segment)
    while True:
        one = lot(connection, segment, row.topic, rules, after=after, size=size)
        if one.found or not one.last:
            return one.found
        after = one.last


def lot(  # noqa: PLR0913 - whom, of what kind, and where to go on
    connection: Connection,
    segment: Segment,
    topic: str,
    rules: Rules,
    *,
    after: int = PRIVATE,
    size: int = LOT,
) -> Lot:
    """The next ones of a segment by chat, after this one. Raises storage.columns.Unreadable for a lost key."""
    chats = _holders(connection, segment, after, size) if segment.roles else None
    if chats == []:
        return Lot((), PRIVATE)
    asked = {"after": after, "size": size, "topic": topic, "chats": chats}
    rows = connection.execute(_read(connection, segment, rules), asked).all()
    found = tuple(_candidate(row, segment) for row in rows if _belongs(row, segment))
    looked_at = chats if chats is not None else [row.chat_id for row in rows]
    return Lot(found, looked_at[-1] if len(looked_at) == size else PRIVATE)


def everybody(connection: Connection, segment: Segment, topic: str, rules: Rules) -> Iterator[Candidate]:
    """All of a segment, lot by lot."""
    after = PRIVATE
    while True:
        one = lot(connection, segment, topic, rules, after=after)
        yield from one.found
        if not (after := one.last):
            return


def census(connection: Connection, segment: Segment, topic: str, rules: Rules) -> Census:
    """Count a segment, and take a sample of those whom it reaches that is the same each time."""
    reasons: Counter[str] = Counter()
    drawn: list[tuple[int, Candidate]] = []
    for one in everybody(connection, segment, topic, rules):
        reasons[one.left_out] += 1
        if not one.left_out:
            drawn = sorted([*drawn, (_mixed(one.chat_id), one)], key=lambda pair: pair[0])[:SAMPLES]
    recipients = reasons.pop("", 0)
    left_out: Any = tuple(sorted(reasons.items()))
    samples = tuple(_sample(one, segment, rules) for _, one in drawn)
    return Census(recipients=recipients, left_out=left_out, samples=samples)


def as_stored(counted: Census) -> dict[str, Any]:
    """As the column `census` keeps it."""
    return asdict(counted)


def read_census(stored: dict[str, Any]) -> Census | None:
    """What was stored; None before anything was counted."""
    if not stored:
        return None
    return Census(
        recipients=stored["recipients"],
        left_out=tuple((reason, number) for reason, number in stored["left_out"]),
        samples=tuple(Sample(**one) for one in stored["samples"]),
    )


def read_segment(stored: dict[str, Any]) -> Segment:
    """As the column `segment` keeps it."""
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    return Segment(**known)


def _mixed(chat_id: int) -> int:
    """An order of chats that has nothing to do with who came first."""
    return zlib.crc32(str(chat_id).encode())


def _sample(one: Candidate, segment: Segment, rules: Rules) -> Sample:
    """Of a segment by groups no village is told: that could point to a person."""
    kode = one.village.rpartition(".")[0] if segment.groups else one.village
    return Sample(place=_place(kode, rules), locale=one.locale)


def _place(kode: str, rules: Rules) -> str:
    village = rules.regions.village(kode)
    return f"{village.name}, {village.kecamatan}" if village else rules.regions.place(kode) or ""


def _candidate(row: Any, segment: Segment) -> Candidate:
    return Candidate(
        chat_id=row.chat_id,
        left_out=_left_out(row, segment),
        village=row.village_kode or "",
        locale=row.locale or "id",
    )


def _left_out(row: Any, segment: Segment) -> LeftOut | str:
    """Why somebody gets nothing, the weightiest reason first. Whoever works here agreed to it with their mandate."""
    if row.erasure_due_at is not None:
        return "leaving"
    if not segment.roles and not (row.served and row.granted):
        return "no_consent"
    if row.stopped or not (segment.roles or row.broadcasts):
        return "stopped"
    if row.reachable is False:
        return "blocked"
    return "answered" if row.answered else ""


def _belongs(row: Any, segment: Segment) -> bool:
    return not segment.groups or bool(set(segment.groups) & set(row.groups or ()))


def _holders(connection: Connection, segment: Segment, after: int, size: int) -> list[int]:
    """The chats of those who hold such a mandate in these regions; few enough to be read at once."""
    rows = connection.execute(_HELD, {"roles": list(segment.roles), "after": after}).all()
    chats = {row.chat_id for row in rows if _within(row.scope, segment.regions)}
    return sorted(chats)[:size]


def _within(scope: list[str], regions: tuple[str, ...]) -> bool:
    return not regions or any(
        covers(regions, kode) or covers(scope, one) for kode in scope for one in regions
    )


def _read(connection: Connection, segment: Segment, rules: Rules) -> Select[Any]:
    """One lot, with what is asked for and no more: a column that is not read is not decrypted."""
    source = CHAT.outerjoin(RESIDENT, _SAME) if segment.roles else RESIDENT.outerjoin(CHAT, _SAME)
    who = CHAT.c.id if segment.roles else RESIDENT.c.chat_id
    known = (RESIDENT.c.village_kode, RESIDENT.c.locale, RESIDENT.c.broadcasts, RESIDENT.c.erasure_due_at)
    found = select(
        who.label("chat_id"),
        *known,
        *([RESIDENT.c.groups] if segment.groups else []),
        CHAT.c.reachable,
        _answer_for("service").label("served"),
        _answer_for("broadcast").label("granted"),
        exists().where(STOPPED.c.chat_id == who, STOPPED.c.topic == bindparam("topic")).label("stopped"),
        _answered(segment).label("answered"),
    ).select_from(source)
    wanted = [who > bindparam("after"), *_filters(connection, segment, rules)]
    if segment.roles:
        wanted.append(who.in_(bindparam("chats", expanding=True)))
    return found.where(*wanted).order_by(who).limit(bindparam("size"))


def _filters(connection: Connection, segment: Segment, rules: Rules) -> Iterator[ColumnElement[bool]]:
    if segment.regions and not segment.roles:
        yield _lives_in(segment.regions, rules)
    if segment.locales:
        yield func.coalesce(RESIDENT.c.locale, "id").in_(segment.locales)
    if segment.stages:
        yield exists().where(
            ASPIRATION.c.resident_id == RESIDENT.c.id,
            ASPIRATION.c.stage.in_(segment.stages),
            ASPIRATION.c.retracted_at.is_(None),
            ASPIRATION.c.withdrawn_at.is_(None),
        )
    if segment.meeting and segment.coming:
        yield exists().where(*_of_meeting(segment), ANSWER.c.answer.in_(COMING))
    elif segment.meeting:
        row = connection.execute(select(MEETING).where(MEETING.c.id == segment.meeting)).one_or_none()
        yield false() if row is None else _lives_in(row.kecamatan or [row.region], rules)


def _lives_in(regions: list[str] | tuple[str, ...], rules: Rules) -> ColumnElement[bool]:
    """Somebody who never told a village is of the kabupaten, and of no smaller place."""
    if rules.regions.kabupaten in regions:
        return true()
    village = RESIDENT.c.village_kode
    return or_(*(or_(village == one, village.startswith(f"{one}.", autoescape=True)) for one in regions))


def _answered(segment: Segment) -> ColumnElement[bool]:
    """Whether somebody has answered already whether they come: then they need not be invited."""
    return exists().where(*_of_meeting(segment)) if segment.meeting and not segment.coming else false()


def _of_meeting(segment: Segment) -> tuple[ColumnElement[bool], ...]:
    return ANSWER.c.resident_id == RESIDENT.c.id, ANSWER.c.meeting_id == segment.meeting


def _answer_for(purpose: str) -> Any:
    """Their newest answer to the question for this consent; NULL when it was never asked."""
    asked = (CONSENT.c.resident_id == RESIDENT.c.id, CONSENT.c.purpose == purpose)
    newest = select(CONSENT.c.granted).where(*asked).order_by(CONSENT.c.id.desc()).limit(1)
    return newest.correlate(RESIDENT).scalar_subquery()


_SAME: Final = RESIDENT.c.chat_id == CHAT.c.id
_HELD: Final = (
    select(MANDATE.c.chat_id, MANDATE.c.scope)
    .where(
        MANDATE.c.role.in_(bindparam("roles", expanding=True)),
        MANDATE.c.ended_at.is_(None),
        MANDATE.c.chat_id > bindparam("after"),
    )
    .order_by(MANDATE.c.chat_id)
)
