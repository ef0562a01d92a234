"""For whom a facilitator speaks: each person by one aspiration, until it is claimed or taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from conversations.facts import Change, PersonView
from storage import asking_views, history, reports, views
from storage.mandates import MANDATE, RELAY
from storage.rules import Rules
from storage.submissions import ASPIRATION

MOST: Final = 200
"""People in one list."""

AnyRow = Any
"""A row of an aspiration and of what its relay says."""


def people(connection: Connection, chat_id: int, rules: Rules) -> tuple[PersonView, ...]:
    """For whom the facilitator of a chat speaks, newest first, without history; at most 200."""
    return _viewed(connection, connection.execute(_PEOPLE, {"chat": chat_id, "most": MOST}).all(), rules)


def person(connection: Connection, chat_id: int, ticket: str, rules: Rules) -> PersonView | None:
    """One of them by ticket, with the history of the aspiration; None for anybody else's."""
    asked = {"chat": chat_id, "ticket": ticket, "most": 1}
    found = _viewed(connection, connection.execute(_PERSON, asked).all(), rules, whole=True)
    return found[0] if found else None


def _viewed(
    connection: Connection, rows: Sequence[AnyRow], rules: Rules, *, whole: bool = False
) -> tuple[PersonView, ...]:
    seen = views.relayed(connection, rows, rules, whole=whole)
    to_tell = _to_tell(connection, rows)
    asked = asking_views.opened(connection, [row.relay_id for row in rows])
    return tuple(
        PersonView(
            ticket=row.ticket,
            name=row.name or "",
            relation=row.relation,
            told_by=row.told_by,
            contact=row.contact or "",
            aspiration=aspiration,
            to_tell=tuple(to_tell[row.relay_id]),
            claimable=bool(row.claim_digest),
            asked=tuple(asked[row.relay_id]),
        )
        for row, aspiration in zip(rows, seen, strict=True)
    )


def _to_tell(connection: Connection, rows: Sequence[AnyRow]) -> dict[int, list[Change]]:
    """By relay the changes that the person has not been told yet, oldest first."""
    found = reports.opened(connection, [row.relay_id for row in rows])
    changes = history.by_id(connection, [row.event_id for row in found])
    told: dict[int, list[Change]] = defaultdict(list)
    for row in found:
        told[row.relay_id].append(changes[row.event_id])
    return told


_PEOPLE: Final = (
    select(
        ASPIRATION,
        RELAY.c.id.label("relay_id"),
        RELAY.c.name,
        RELAY.c.relation,
        RELAY.c.told_by,
        RELAY.c.contact,
        RELAY.c.claim_digest,
    )
    .join(RELAY, RELAY.c.aspiration_id == ASPIRATION.c.id)
    .join(MANDATE, MANDATE.c.id == RELAY.c.mandate_id)
    .where(
        MANDATE.c.chat_id == bindparam("chat"),
        MANDATE.c.role == "facilitator",
        MANDATE.c.ended_at.is_(None),
        RELAY.c.claimed_at.is_(None),
        ASPIRATION.c.retracted_at.is_(None),
    )
    .order_by(ASPIRATION.c.id.desc())
    .limit(bindparam("most"))
)
_PERSON: Final = _PEOPLE.where(ASPIRATION.c.ticket == bindparam("ticket"))
