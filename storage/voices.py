"""Voices that are told together: each aspiration keeps its own words, number, visibility and notices; one leads.

Residents join by supporting one, the staff by merging. When the lead ends, the oldest of the others leads on. Who is
decided by itself follows only what residents may find: of anybody else's private aspiration it hears nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, update

from storage.desk_tables import DeskCardRecord
from storage.ledger import table
from storage.likeness_index import LIKENESS
from storage.submissions import ASPIRATION

JOINED: Final = "joined"
"""It is decided with its lead."""

BESIDE: Final = "beside"
"""It is decided by itself, and counts as support of its lead."""

CARD: Final = table(DeskCardRecord)
ALONE: Final[Mapping[str, Any]] = {"lead_id": None, "kind": "", "joined_at": None}
AnyRow = Any


def joined(connection: Connection, lead: int) -> Sequence[AnyRow]:
    """The aspirations that are decided with this one, locked, the oldest first."""
    return connection.execute(_OF, {"lead": lead, "kind": JOINED}).all()


def beside(connection: Connection, lead: int) -> Sequence[AnyRow]:
    """Those that support it and are decided by themselves."""
    return connection.execute(_OF, {"lead": lead, "kind": BESIDE}).all()


def is_public(connection: Connection, aspiration: int) -> bool:
    """Whether residents may find it: public, without danger, and held back by nobody."""
    return connection.execute(_FOUND, {"id": aspiration}).first() is not None


def support(connection: Connection, leads: Sequence[int]) -> dict[int, int]:
    """How many others support each of these."""
    found = connection.execute(_COUNT, {"ids": list(leads)}) if leads else ()
    return {row.lead_id: row.n for row in found}


def lead_of(connection: Connection, aspiration: int) -> int:
    """Whom an aspiration is decided with: its lead, or itself."""
    lead: int | None = connection.scalar(_LEAD, {"id": aspiration, "kind": JOINED})
    return lead or aspiration


def standing(connection: Connection, aspiration: int, *, publicly: bool = False) -> tuple[str, int]:
    """The ticket of the one that an aspiration supports or is told with ("" for none), and how many support it.

    `publicly`: "" as well for a lead that residents may not find.
    """
    row = connection.execute(_STANDING, {"id": aspiration}).one_or_none()
    if row is None:
        return "", 0
    known = row.lead and (not publicly or is_public(connection, row.lead_id))
    return row.lead if known else "", row.support


def join(connection: Connection, aspiration: int, lead: int, kind: str, at: datetime) -> None:
    """Let one be told with another, and with it all that it led; those that were like it have been dealt with."""
    if kind == JOINED:
        looped = update(LIKENESS).where(LIKENESS.c.aspiration_id == lead, LIKENESS.c.lead_id == aspiration)
        connection.execute(looped.values(lead_id=None, kind="", joined_at=None))
        _lead_on(connection, aspiration, lead)
    mine = update(LIKENESS).where(LIKENESS.c.aspiration_id == aspiration)
    connection.execute(mine.values(lead_id=lead, kind=kind, joined_at=at, like_id=None))


def leave(connection: Connection, aspiration: int) -> None:
    """Let it stand alone; those that it led go on with the oldest of them that was decided with it."""
    _alone(connection, aspiration)
    others = connection.execute(_OF, {"lead": aspiration, "kind": JOINED}).all()
    if not others:
        connection.execute(update(LIKENESS).where(LIKENESS.c.lead_id == aspiration).values(ALONE))
        return
    _alone(connection, others[0].id)
    _lead_on(connection, aspiration, others[0].id)


def _lead_on(connection: Connection, old: int, new: int) -> None:
    """Those that followed one follow another now; those beside it only when they may know of it."""
    theirs = update(LIKENESS).where(LIKENESS.c.lead_id == old)
    if not is_public(connection, new):
        connection.execute(theirs.where(LIKENESS.c.kind == BESIDE).values(ALONE))
    connection.execute(theirs.values(lead_id=new))


def _alone(connection: Connection, aspiration: int) -> None:
    alone = update(LIKENESS).where(LIKENESS.c.aspiration_id == aspiration)
    connection.execute(alone.values(ALONE))


_FOUND: Final = (
    select(ASPIRATION.c.id)
    .outerjoin(CARD, CARD.c.aspiration_id == ASPIRATION.c.id)
    .where(
        ASPIRATION.c.id == bindparam("id"),
        ASPIRATION.c.visibility == "public",
        ASPIRATION.c.flagged != "danger",
        CARD.c.held_at.is_(None),
    )
)
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
        LIKENESS.c.lead_id,
        select(func.count()).where(_OTHER.c.lead_id == bindparam("id")).scalar_subquery().label("support"),
    )
    .select_from(LIKENESS.outerjoin(_LEADING, _LEADING.c.id == LIKENESS.c.lead_id))
    .where(LIKENESS.c.aspiration_id == bindparam("id"))
)
