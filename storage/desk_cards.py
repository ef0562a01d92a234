"""Cards of the desk: which an officer may read, in which queue they stand, and what is on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    select,
)

from conversations.desk import Card, CardRow, Filter
from storage import asking_views, deadlines, followup, history, permissions, views
from storage.actor import Officer
from storage.desk_queues import CARD as CARD  # noqa: PLC0414  (the table of what this room reads)
from storage.desk_queues import KNOWN, bidang_of_fields, narrowed, queues
from storage.desk_queues import counts as counts  # noqa: PLC0414
from storage.desk_queues import theirs as theirs  # noqa: PLC0414
from storage.desk_tables import DeskNoteRecord
from storage.ledger import table
from storage.lifecycle import State
from storage.mandates import MANDATE
from storage.permissions import Action, Place
from storage.rules import Rules
from storage.submissions import ASPIRATION, AUDIENCE

NOTE: Final = table(DeskNoteRecord)
LIFECYCLE_ROLES: Final[Mapping[str, str]] = {
    "village": "desa",
    "kecamatan": "kecamatan",
    "agency": "dinas",
    "bappeda": "bappeda",
}
"""By which role of the lifecycle each role of the staff decides."""

ON_CARD: Final[tuple[Action, ...]] = (
    *("listen", "take", "note", "redact", "route", "hold", "reveal", "decide", "ask", "merge"),
)
MOST: Final = 60  # cards in one list
LONGEST_WORDS: Final = 2500  # characters of a card
NEVER_OF_ANONYMOUS: Final = frozenset({"listen", "reveal"})
"""A neighbour would know the voice; and there is nobody to reveal (issue 4)."""

AnyRow = Any


def place_of(row: AnyRow) -> Place:
    """Where an aspiration belongs: its village, and the agency it was sent to or that its field points to."""
    return Place(row.region, row.agency or bidang_of_fields().get(row.field, ""))


def cards(
    connection: Connection, held: Sequence[Officer], wanted: Filter, rules: Rules, at: datetime
) -> tuple[CardRow, ...]:
    """The cards of a filter, the oldest first, at most 60."""
    query = _joined(_ROW).where(theirs(held, "read", rules), *KNOWN, queues(held, rules, at)[wanted.queue])
    query = query.where(*narrowed(wanted, at)).order_by(ASPIRATION.c.id).limit(MOST)
    rows = connection.execute(query).all()
    said = views.said_in(connection, [row.id for row in rows])
    return tuple(_row(row, said[row.id], held, rules, at) for row in rows)


def card(
    connection: Connection, held: Sequence[Officer], ticket: str, rules: Rules, at: datetime
) -> Card | None:
    """One card; None when these mandates do not allow to read it."""
    row = find(connection, held, ticket, "read")
    if row is None:
        return None
    said = views.said_in(connection, [row.id])[row.id]
    changes = history.changes(connection, row.id, notes=True)
    talk = asking_views.talk(connection, row.id)
    may = _may(held, row)
    decider = permissions.allowed(held, "decide", place_of(row))
    return Card(
        row=_row(row, said, held, rules, at),
        decision=row.decision,
        kecamatan=rules.village(row.region).kecamatan,
        landmark=row.landmark,
        visibility=row.visibility,
        audience=audience(connection, row.id),
        words=_cut(views.summary_of(said)),
        redacted=row.redacted,
        flagged=row.flagged,
        agency=place_of(row).bidang,
        recordings=sum(part.media_id is not None for part in said) + sum(one.kind != "text" for one in talk),
        talk=talk,
        relayed=row.chat_id is None,
        unread=asking_views.is_unread(connection, row.id),
        support=0,
        history=changes,
        notes=tuple(connection.scalars(_NOTES, {"id": row.id})),
        deadline=_deadline(row, rules),
        confirmed=followup.tally(connection, row.id) if row.closed_at else (),
        held=row.held_at is not None,
        may=may,
        choices=choices(decider, row, rules) if decider else (),
    )


def audience(connection: Connection, aspiration: int) -> tuple[str, ...]:
    """The groups that an aspiration is for."""
    return tuple(connection.scalars(_AUDIENCE, {"id": aspiration}))


def find(
    connection: Connection, held: Sequence[Officer], ticket: str, action: Action, *, lock: bool = False
) -> AnyRow | None:
    """The newest aspiration of a number with which these mandates may do this."""
    query = _joined(_ROW).where(ASPIRATION.c.ticket == ticket, *KNOWN).order_by(ASPIRATION.c.id.desc())
    query = query.with_for_update(of=ASPIRATION) if lock else query
    rows = connection.execute(query).all()
    return next((row for row in rows if permissions.allowed(held, action, place_of(row))), None)


def is_taken(connection: Connection, chat_id: int, aspiration: int) -> bool:
    """Whether somebody else than this chat has taken a card, and still has the mandate by which they did."""
    return connection.execute(_TAKEN, {"id": aspiration, "chat": chat_id}).first() is not None


def state_of(row: AnyRow) -> str:
    """How an aspiration stands, to be compared."""
    return f"{row.stage}/{row.decision}"


def choices(officer: Officer, row: AnyRow, rules: Rules) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What an officer may decide at which stage, as storage.lifecycle.Lifecycle.check would have it."""
    lifecycle = rules.lifecycle
    role = lifecycle.roles.get(LIFECYCLE_ROLES.get(officer.role, ""))
    over = not lifecycle.is_open(State(row.stage, row.decision))
    if role is None or row.withdrawn_at is not None or (over and not role.reopens):
        return ()
    present = lifecycle.stages.get(row.stage)
    onward = (row.stage, *(present.next if present else ()))
    reached = [name for name in lifecycle.stages if name in role.stages and (role.jumps or name in onward)]
    return tuple((name, _staffs(rules, lifecycle.stages[name].decisions)) for name in reached)


def _staffs(rules: Rules, decisions: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in decisions if rules.lifecycle.decisions[name].staff)


def _may(held: Sequence[Officer], row: AnyRow) -> frozenset[str]:
    place = place_of(row)
    may = {action for action in ON_CARD if permissions.allowed(held, action, place)}
    return frozenset(may - NEVER_OF_ANONYMOUS if row.visibility == "anonymous" else may)


def _row(row: AnyRow, said: Sequence[Any], held: Sequence[Officer], rules: Rules, at: datetime) -> CardRow:
    return CardRow(
        ticket=row.ticket,
        kode=row.region,
        village=rules.village(row.region).name,
        field=row.field,
        stage=row.stage,
        at=row.submitted_at,
        summary=_cut(views.summary_of(said), 60),
        taken=row.mandate_id is not None,
        mine=row.mandate_id in {officer.mandate for officer in held},
        overdue=row.closed_at is None and row.due_at is not None and row.due_at <= at,
    )


def _deadline(row: AnyRow, rules: Rules) -> date | None:
    """The last day by which its people are to hear; none for what has ended."""
    waits = row.due_at is not None and row.closed_at is None
    return deadlines.last_day(rules, row.due_at) if waits else None


def _cut(text: str, most: int = LONGEST_WORDS) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _joined(query: Select[Any]) -> Select[Any]:
    return query.select_from(ASPIRATION.outerjoin(CARD, CARD.c.aspiration_id == ASPIRATION.c.id))


_ROW: Final = select(ASPIRATION, CARD.c.mandate_id, CARD.c.agency, CARD.c.held_at, CARD.c.taken_at)
_AUDIENCE: Final = (
    select(AUDIENCE.c.grp).where(AUDIENCE.c.aspiration_id == bindparam("id")).order_by(AUDIENCE.c.grp)
)
_TAKEN: Final = (
    select(CARD.c.aspiration_id)
    .join(MANDATE, MANDATE.c.id == CARD.c.mandate_id)
    .where(
        CARD.c.aspiration_id == bindparam("id"),
        MANDATE.c.ended_at.is_(None),
        MANDATE.c.chat_id != bindparam("chat"),
    )
)
_NOTES: Final = select(NOTE.c.remark).where(NOTE.c.aspiration_id == bindparam("id")).order_by(NOTE.c.id)
