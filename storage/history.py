"""The history of an aspiration: entries are only ever added (a trigger in the database refuses the rest)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, bindparam, insert, select

from conversations.facts import Change
from storage.actor import Actor, Facilitator, Officer, Resident, Staff, System
from storage.ledger import table
from storage.lifecycle import State
from storage.tables import AspirationEventRecord

Verb = Literal[
    "submitted",
    "retracted",
    "withdrawn",
    "recovered",
    "claimed",
    "handed_over",
    "decided",
    "undone",
    "erased",
]
HISTORY: Final = table(AspirationEventRecord)
_TOLD: Final = ("submitted", "decided", "undone", "withdrawn")


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to an aspiration, by whom, and from which state to which."""

    aspiration_id: int
    at: datetime
    actor: Actor
    verb: Verb
    old: State
    new: State
    reason: str = ""
    note: str = ""
    office: str = ""


def add(connection: Connection, entry: Entry) -> int:
    """Append an entry and return its id."""
    kind, ref = _author(entry.actor)
    row = {
        "aspiration_id": entry.aspiration_id,
        "at": entry.at,
        "actor_kind": kind,
        "actor_ref": ref,
        "verb": entry.verb,
        "old_stage": entry.old.stage,
        "new_stage": entry.new.stage,
        "old_decision": entry.old.decision,
        "new_decision": entry.new.decision,
        "reason": entry.reason,
        "note": entry.note,
        "office": entry.office,
    }
    return int(connection.execute(_ADD, row).scalar_one())


def changes(connection: Connection, aspiration_id: int, *, notes: bool) -> tuple[Change, ...]:
    """The history as residents read it, oldest first; a note is for the author, not for the public."""
    rows = standing(connection.execute(_CHANGES, {"id": aspiration_id}))
    return tuple(_change(row, note=row.note if notes else "") for row in rows)


def standing(rows: Iterable[Any]) -> list[Any]:
    """Entries without the decisions that were undone before anybody was told: each "undone" follows its "decided"."""
    standing: list[Any] = []
    for row in rows:
        if row.verb == "undone":
            standing.pop()
        else:
            standing.append(row)
    return standing


def by_id(connection: Connection, events: Collection[int]) -> dict[int, Change]:
    """Entries as the author reads them, by id."""
    if not events:
        return {}
    rows = connection.execute(_BY_ID, {"ids": list(events)})
    return {row.id: _change(row, note=row.note) for row in rows}


def last_note(connection: Connection, aspiration_id: int) -> str:
    """The note of the latest decision, "" when there is none."""
    return connection.scalar(_LAST_NOTE, {"id": aspiration_id}) or ""


def _change(row: Any, note: str) -> Change:
    return Change(
        at=row.at,
        stage=row.new_stage,
        decision=row.new_decision,
        office=row.office,
        reason=row.reason,
        note=note,
    )


def _author(actor: Actor) -> tuple[str, str]:
    """Kind and opaque reference. A resident leaves none, a facilitator the number of the mandate: entries outlive
    the erasure of a person.
    """
    match actor:
        case Resident():
            return "resident", ""
        case Staff(account=account):
            return "staff", account
        case System(job=job):
            return "system", job
        case Facilitator(mandate=mandate):
            return "facilitator", str(mandate)
        case Officer(mandate=mandate):
            return "staff", f"mandate:{mandate}"


_ADD: Final = insert(HISTORY).returning(HISTORY.c.id)
_CHANGES: Final = (
    select(HISTORY)
    .where(HISTORY.c.aspiration_id == bindparam("id"), HISTORY.c.verb.in_(_TOLD))
    .order_by(HISTORY.c.id)
)
_BY_ID: Final = select(HISTORY).where(HISTORY.c.id.in_(bindparam("ids", expanding=True)))
_LAST_NOTE: Final = (
    select(HISTORY.c.note)
    .where(HISTORY.c.aspiration_id == bindparam("id"), HISTORY.c.verb == "decided")
    .order_by(HISTORY.c.id.desc())
    .limit(1)
)
