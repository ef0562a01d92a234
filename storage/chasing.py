"""Reminders of deadlines: who of the staff is told that people have not heard by the day that they were promised (issue 4).

The first reminder goes to whoever works on it, or
else to those whose task the stage is; the next ones to those above them, and to the Bappeda. Each goes once for each
deadline, on a working day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from storage import deadlines, permissions
from storage.actor import Officer
from storage.desk_cards import CARD, LIFECYCLE_ROLES, place_of
from storage.likeness_index import LIKENESS
from storage.mandates import MANDATE
from storage.notices import Message, tell
from storage.permissions import STAFF
from storage.rules import Rules
from storage.submissions import ASPIRATION
from storage.voices import JOINED

PASSED: Final = "deadline.passed"
"""The reminder. Parameters: late (ticket, village, stage, due), more, and `up`: whether somebody else works on them."""

UPWARD: Final[Mapping[str, tuple[str, ...]]] = {
    "village": ("village", "kecamatan", "bappeda"),
    "kecamatan": ("kecamatan", "bappeda"),
    "agency": ("agency", "bappeda"),
    "bappeda": ("bappeda",),
}
"""Whoever is reminded after whom, by the role that works on it."""

MOST: Final = 500
"""Aspirations of one look: further ones follow at the next."""

LISTED: Final = 10
"""Aspirations that one reminder names."""

AnyRow = Any
Reminded = tuple[int, bool]
"""A chat, and whether somebody else works on it."""


def remind(connection: Connection, rules: Rules, at: datetime) -> int:
    """Tell the staff of what is late, on a working day; returns how many people are told."""
    if not rules.calendar.working.works(rules.calendar.today(at)):
        return 0
    rows = connection.execute(_LATE.where(_passed(rules, at)).limit(MOST)).all()
    staff = _staff(connection) if rows else ()
    lists: dict[Reminded, list[AnyRow]] = defaultdict(list)
    for row in rows:
        for whom in _whom(row, staff, rules):
            lists[whom].append(row)
    for (chat, up), late in lists.items():
        tell(connection, Message(chat_id=chat, key=PASSED, params=_params(late, rules, up=up)), at)
    if rows:
        connection.execute(_CHASED, {"ids": [row.id for row in rows]})
    return len(lists)


def _passed(rules: Rules, at: datetime) -> Any:
    """The condition that the next reminder of an aspiration is due."""
    calendar = rules.calendar
    today = calendar.today(at)
    ends = [calendar.end_of(calendar.working.before(today, days)) for days in calendar.reminders]
    levels = (
        and_(ASPIRATION.c.chased == level, ASPIRATION.c.due_at <= end) for level, end in enumerate(ends)
    )
    return and_(ASPIRATION.c.due_at <= ends[0], or_(*levels))  # the index is read up to there


def _whom(row: AnyRow, staff: Sequence[Officer], rules: Rules) -> Iterator[Reminded]:
    """The chats of those whose turn it is: of whoever works on it first; nobody, once the highest were told."""
    groups = _groups(row, staff, rules)
    if row.chased < len(groups):
        yield from ((officer.chat_id, row.chased > 0) for officer in groups[row.chased])


def _groups(row: AnyRow, staff: Sequence[Officer], rules: Rules) -> list[list[Officer]]:
    """Who works on it, and those above, lowest first; a rank without anybody is left out."""
    place = place_of(row)
    may = [officer for officer in staff if permissions.may(officer, "decide", place)]
    taken = [officer for officer in may if officer.mandate == row.mandate_id]
    ranks = UPWARD[taken[0].role if taken else in_charge(row.stage, rules)]
    groups = [[officer for officer in may if officer.role == role] for role in ranks]
    return [group for group in [taken or groups[0], *groups[1:]] if group]


def in_charge(stage: str, rules: Rules) -> str:
    """The role whose task a stage is; of what has just come in, that of the next stages."""
    lifecycle = rules.lifecycle
    first = lifecycle.start.stage
    stages = set(lifecycle.stages[first].next) if stage == first else {stage}
    roles = ((role, lifecycle.roles.get(name)) for role, name in LIFECYCLE_ROLES.items())
    theirs = (role for role, known in roles if known and not known.jumps and stages & known.stages)
    return next(theirs, "bappeda")


def _params(late: Sequence[AnyRow], rules: Rules, *, up: bool) -> dict[str, Any]:
    listed = [
        {
            "ticket": row.ticket,
            "village": rules.village(row.region).name,
            "stage": row.stage,
            "due": deadlines.last_day(rules, row.due_at).isoformat(),
        }
        for row in late[:LISTED]
    ]
    return {"late": listed, "more": len(late) - len(listed), "up": up}


def _staff(connection: Connection) -> tuple[Officer, ...]:
    rows = connection.execute(_STAFF).all()
    return tuple(
        Officer(row.id, row.chat_id, row.role, tuple(row.scope), tuple(row.agencies or ())) for row in rows
    )


_LATE: Final = (
    select(
        *(ASPIRATION.c[name] for name in ("id", "ticket", "region", "field", "stage", "due_at", "chased")),
        CARD.c.mandate_id,
        CARD.c.agency,
    )
    .outerjoin(CARD, CARD.c.aspiration_id == ASPIRATION.c.id)
    .where(
        ASPIRATION.c.due_at.is_not(None),
        ASPIRATION.c.closed_at.is_(None),
        ASPIRATION.c.retracted_at.is_(None),
        CARD.c.held_at.is_(None),
        ASPIRATION.c.id.not_in(
            select(LIKENESS.c.aspiration_id).where(LIKENESS.c.lead_id.is_not(None), LIKENESS.c.kind == JOINED)
        ),
    )
    .order_by(ASPIRATION.c.due_at, ASPIRATION.c.id)
    .with_for_update(of=ASPIRATION, skip_locked=True)
)
_CHASED: Final = (
    update(ASPIRATION)
    .where(ASPIRATION.c.id.in_(bindparam("ids", expanding=True)))
    .values(chased=ASPIRATION.c.chased + 1)
)
_STAFF: Final = (
    select(MANDATE)
    .where(MANDATE.c.ended_at.is_(None), MANDATE.c.chat_id.is_not(None), MANDATE.c.role.in_(STAFF))
    .order_by(MANDATE.c.id)
)
