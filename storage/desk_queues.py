"""Queues of the desk: which aspirations stand in each, which of them a mandate reaches, and how many there are.

What stands on a card (held, taken, sent on) is asked of the few that have one, so that counting reads indexes alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    select,
    true,
    union,
)

from conversations.classifier import load_fields
from conversations.desk import Filter, Queue
from storage import asking_views, followup, permissions
from storage.actor import Officer
from storage.desk_tables import DeskCardRecord
from storage.ledger import table
from storage.likeness_index import LIKENESS
from storage.media import PART
from storage.permissions import Action
from storage.rules import Rules
from storage.submissions import ASPIRATION, AUDIENCE
from storage.unheard import TASK
from storage.voices import JOINED

CARD: Final = table(DeskCardRecord)
KNOWN: Final = (ASPIRATION.c.retracted_at.is_(None),)
"""What was taken back is nobody's work."""


@cache
def bidang_of_fields() -> Mapping[str, str]:
    """The bidang urusan that each field of need leads to."""
    return {field.name: field.bidang for field in load_fields()}


def counts(connection: Connection, held: Sequence[Officer], rules: Rules, at: datetime) -> dict[Queue, int]:
    """How many cards each queue has for these mandates.

    What is open is counted in one pass over its index, from which the few that are held, taken or told with another
    are taken off where they do not belong; all other queues are counted each by its own index.
    """
    reach, loose, strict = theirs(held, "read", rules), _loosely(rules, at), _of_open(rules, at)
    passed = _sums(connection, loose, reach)
    misplaced = {name: and_(condition, not_(and_(_SHOWN, strict[name]))) for name, condition in loose.items()}
    off = _sums(connection, misplaced, and_(reach, ASPIRATION.c.id.in_(_APART)))
    few = {name: one for name, one in queues(held, rules, at).items() if name not in loose}
    single = [_count(condition, reach).label(name) for name, condition in few.items()]
    found = dict(connection.execute(select(*single)).mappings().one())
    found |= {name: passed[name] - off[name] for name in loose}
    return {name: found[name] for name in get_args(Queue)}


def _sums(
    connection: Connection, conditions: Mapping[Queue, ColumnElement[bool]], where: ColumnElement[bool]
) -> Mapping[Any, Any]:
    sums = [func.count(case((condition, 1))).label(name) for name, condition in conditions.items()]
    query = select(*sums).select_from(ASPIRATION).where(*KNOWN, ASPIRATION.c.closed_at.is_(None), where)
    return connection.execute(query).mappings().one()


def _count(condition: ColumnElement[bool], reach: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(ASPIRATION).where(*KNOWN, condition, reach).scalar_subquery()


def queues(held: Sequence[Officer], rules: Rules, at: datetime) -> dict[Queue, ColumnElement[bool]]:
    """The condition of each queue, on aspirations alone."""
    mine = _cards(CARD.c.mandate_id.in_([officer.mandate for officer in held]))
    active = _active()
    wide = {name: and_(active, condition) for name, condition in _of_open(rules, at).items()}
    return {
        **wide,
        "replied": and_(_SHOWN, asking_views.unread()),
        "transcribe": and_(active, ASPIRATION.c.id.in_(_unheard("transcribe"))),
        "interpret": and_(active, ASPIRATION.c.id.in_(_unheard("interpret"))),
        "duplicate": and_(active, ASPIRATION.c.id.in_(_LIKE)),
        "unfinished": and_(followup.unfinished(), _SHOWN),
        "mine": and_(active, ASPIRATION.c.id.in_(mine)),
        "held": ASPIRATION.c.id.in_(_HELD),
        "all": true(),
    }


def _active() -> ColumnElement[bool]:
    return and_(ASPIRATION.c.closed_at.is_(None), _SHOWN)


def _of_open(rules: Rules, at: datetime) -> dict[Queue, ColumnElement[bool]]:
    """The queues in which much may stand, of what is open and shown."""
    found = _loosely(rules, at)
    new, overdue = (found["new"], ASPIRATION.c.id.not_in(_TAKEN), _LEADING), (found["overdue"], _LEADING)
    return {**found, "new": and_(*new), "overdue": and_(*overdue)}


def _loosely(rules: Rules, at: datetime) -> dict[Queue, ColumnElement[bool]]:
    """The same as far as an aspiration itself tells."""
    start = rules.lifecycle.start
    return {
        "new": and_(ASPIRATION.c.stage == start.stage, ASPIRATION.c.decision == start.decision),
        "sensitive": ASPIRATION.c.flagged != "",
        "waiting": or_(ASPIRATION.c.decision == "returned", asking_views.waiting()),
        "overdue": ASPIRATION.c.due_at <= at,
    }


def narrowed(wanted: Filter, at: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a filter beside its queue."""
    audience = select(AUDIENCE.c.aspiration_id).where(AUDIENCE.c.grp == wanted.group)
    return [
        *([ASPIRATION.c.region == wanted.village] if wanted.village else []),
        *([ASPIRATION.c.field == wanted.field] if wanted.field else []),
        *([ASPIRATION.c.id.in_(audience)] if wanted.group else []),
        *([ASPIRATION.c.submitted_at <= at - timedelta(days=wanted.days)] if wanted.days else []),
    ]


def theirs(held: Sequence[Officer], action: Action, rules: Rules | None = None) -> ColumnElement[bool]:
    """The condition that permissions.may puts, over aspirations; quicker to answer with the list of villages."""
    return or_(false(), *(_reach(officer, action, rules) for officer in held))


def _reach(officer: Officer, action: Action, rules: Rules | None) -> ColumnElement[bool]:
    match permissions.load_permissions().get((officer.role, action), "no"):
        case "all":
            return true()
        case "own":
            within = (_within(kode, rules) for kode in officer.scope)
            return and_(or_(false(), *within), _of_agencies(officer))
        case _:
            return false()


def _within(kode: str, rules: Rules | None) -> ColumnElement[bool]:
    """In a region: of a kecamatan by the codes of its villages, which an index can be asked for."""
    match kode.count("."):
        case 3:
            return ASPIRATION.c.region == kode
        case 2 if rules is not None:
            villages = (village.kode for village in rules.regions.villages(kode))
            return ASPIRATION.c.region.in_([kode, *villages])
        case _:
            below = ASPIRATION.c.region.startswith(f"{kode}.", autoescape=True)
            return or_(ASPIRATION.c.region == kode, below)


def _of_agencies(officer: Officer) -> ColumnElement[bool]:
    if officer.role != "agency":
        return true()
    fields = [name for name, bidang in bidang_of_fields().items() if bidang in officer.agencies]
    sent, theirs_ = _cards(CARD.c.agency != ""), _cards(CARD.c.agency.in_(officer.agencies))
    by_field = and_(ASPIRATION.c.field.in_(fields), ASPIRATION.c.id.not_in(sent))
    return or_(ASPIRATION.c.id.in_(theirs_), by_field)


def _cards(condition: ColumnElement[bool]) -> Select[Any]:
    return select(CARD.c.aspiration_id).where(condition)


def _unheard(kind: str) -> Select[Any]:
    waiting = (TASK.c.state.in_(("open", "taken")), TASK.c.kind == kind)
    return select(PART.c.aspiration_id).join(TASK, TASK.c.part_id == PART.c.id).where(*waiting)


_HELD: Final = _cards(CARD.c.held_at.is_not(None))
_SHOWN: Final = ASPIRATION.c.id.not_in(_HELD)
_TAKEN: Final = _cards(CARD.c.mandate_id.is_not(None))
_JOINED: Final = select(LIKENESS.c.aspiration_id).where(
    LIKENESS.c.lead_id.is_not(None), LIKENESS.c.kind == JOINED
)
_LEADING: Final = ASPIRATION.c.id.not_in(_JOINED)
"""What is decided with another waits for nobody by itself."""

_APART: Final = union(_HELD, _TAKEN, _JOINED)
"""What does not stand where its state alone would have it."""

_OTHER: Final = ASPIRATION.alias()
_LIKE: Final = (
    select(LIKENESS.c.aspiration_id)
    .join(_OTHER, _OTHER.c.id == LIKENESS.c.like_id)
    .where(LIKENESS.c.like_id.is_not(None), _OTHER.c.closed_at.is_(None))
)
"""What is like another, as long as that is open."""
