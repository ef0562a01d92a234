"""Voices that are told together: each aspiration keeps its own words, number, visibility and notices; one leads.

Residents join by supporting one, the staff by merging. When the lead ends, the oldest of the others leads on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, update

from storage.likeness_index import LIKENESS
from storage.submissions import ASPIRATION

JOINED: Final = "joined"
"""It is decided with its lead."""

BESIDE: Final = "beside"
"""It is decided by itself, and counts as support of its lead."""

AnyRow = Any


def joined(connection: Connection, lead: int) -> Sequence[AnyRow]:
    """The aspirations that are decided with this one, locked, the oldest first."""
    return connection.execute(_OF, {"lead": lead, "kind": JOINED}).all()


def beside(connection: Connection, lead: int) -> Sequence[AnyRow]:
    """Those that support it and are decided by themselves."""
    return connection.execute(_OF, {"lead": lead, "kind": BESIDE}).all()


def support(connection: Connection, leads: Sequence[int]) -> dict[int, int]:
    """How many others support each of these."""
    found = connection.execute(_COUNT, {"ids": list(leads)}) if leads else ()
    return {row.lead_id: row.n for row in found}


def lead_of(connection: Connection, aspiration: int) -> int:
    """Whom an aspiration is decided with: its lead, or itself."""
    lead: int | None = connection.scalar(_LEAD, {"id": aspiration, "kind": JOINED})
    return lead or aspiration


def standing(connection: Connection, aspiration: int) -> tuple[str, int]:
    """The ticket of the one that an aspiration supports or is told with ("" for none), and how many support it."""
    row = connection.execute(_STANDING, {"id": aspiration}).one_or_none()
    return (row.lead or "", row.support) if row is not None else ("", 0)


def join(connection: Connection, aspiration: int, lead: int, kind: str, at: datetime) -> None:
    """Let one be told with another, and with it all that it led; those that were like it have been dealt with."""
    if kind == JOINED:
        looped = update(LIKENESS).where(LIKENESS.c.aspiration_id == lead, LIKENESS.c.lead_id == aspiration)
        connection.execute(looped.values(lead_id=None, kind="", joined_at=None))
        theirs = update(LIKENESS).where(LIKENESS.c.lead_id == aspiration)
        connection.execute(theirs.values(lead_id=lead))
    mine = update(LIKENESS).where(LIKENESS.c.aspiration_id == aspiration)
    connection.execute(mine.values(lead_id=lead, kind=kind, joined_at=at, like_id=None))


def leave(connection: Connection, aspiration: int) -> None:
    """Let it stand alone; those that it led go on with the oldest of them that was decided with it."""
    _alone(connection, aspiration)
    others = connection.execute(_OF, {"lead": aspiration, "kind": JOINED}).all()
    rest = update(LIKENESS).where(LIKENESS.c.lead_id == aspiration)
    if not others:
        connection.execute(rest.values(lead_id=None, kind="", joined_at=None))
        return
    _alone(connection, others[0].id)
    connection.execute(rest.values(lead_id=others[0].id))


def _alone(connection: Connection, aspiration: int) -> None:
    alone = update(LIKENESS).where(LIKENESS.c.aspiration_id == aspiration)
    connection.execute(alone.values(lead_id=None, kind="", joined_at=None))


_OF: Final = (
    select(ASPIRATION)
    .join(LIKENESS, LIKENESS.c.aspiration_id == ASPIRATION.c.id)
    .where(LIKENESS.c.lead_id == bindparam("lead"), LIKENESS.c.kind == bindparam("kind"))
    .order_by(LIKENESS.c.joined_at, ASPIRATION.c.id)
    .with_for_update(of=ASPIRATION)
)
_COUNT: Final = (
    select(LIKENESS.c.lead_id, func.count().label("n"))
    .where(LIKENESS.c.lead_id.in_(bindparam("ids", expanding=True)))
    .group_by(LIKENESS.c.lead_id)
)
_LEAD: Final = select(LIKENESS.c.lead_id).where(
    LIKENESS.c.aspiration_id == bindparam("id"), LIKENESS.c.kind == bindparam("kind")
)
_OTHER: Final = LIKENESS.alias("other")
_LEADING: Final = ASPIRATION.alias("leading")
_STANDING: Final = (
    select(
        _LEADING.c.ticket.label("lead"),
        select(func.count()).where(_OTHER.c.lead_id == bindparam("id")).scalar_subquery().label("support"),
    )
    .select_from(LIKENESS.outerjoin(_LEADING, _LEADING.c.id == LIKENESS.c.lead_id))
    .where(LIKENESS.c.aspiration_id == bindparam("id"))
)
