"""What the staff may do where: one matrix of roles and actions, read from a data file, asked at every press."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from sqlalchemy import Connection, bindparam, select

from storage.actor import Officer, RefusalError
from storage.datafile import FOLDER, DataFileError, Raw, read_toml
from storage.invitations import covers
from storage.mandates import MANDATE

DEFAULT: Final = FOLDER / "permissions.toml"

Action = Literal[
    "read",
    "reveal",
    "listen",
    "take",
    "note",
    "redact",
    "route",
    "hold",
    "decide",
    "ask",
    "merge",
    "meeting",
    "broadcast",
    "approve",
    "figures",
    "export",
    "identify",
    "audit",
    "mandates",
]
Reach = Literal["no", "own", "all"]
STAFF: Final = ("village", "kecamatan", "agency", "bappeda", "administrator")
"""Roles of the staff; the others (facilitator, transcriber …) have rights of their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to be done: a region (code) and the bidang urusan of the matter ("" for none)."""

    region: str
    bidang: str = ""


@cache
def load_permissions(path: Path = DEFAULT) -> Mapping[tuple[str, str], Reach]:
    """The matrix by (role, action). Raises DataFileError with a sentence for each cell that is missing or wrong."""
    raw = read_toml(path)
    if faults := list(_problems(raw)):
        raise DataFileError([f"{path.name}: {fault}" for fault in faults])
    return {(role, action): raw[action][role] for action in get_args(Action) for role in STAFF}


def _problems(raw: Raw) -> Iterator[str]:
    yield from (f"{name} is no action" for name in raw if name not in get_args(Action))
    for action in get_args(Action):
        cells: Mapping[str, Any] = raw.get(action, {})
        yield from (f"{action}: {role} is no role" for role in cells if role not in STAFF)
        for role in STAFF:
            if cells.get(role) not in get_args(Reach):
                yield f"{action}: {role} is to be one of {', '.join(get_args(Reach))}"


def may(officer: Officer, action: Action, place: Place) -> bool:
    """Whether an officer may do this there."""
    match load_permissions().get((officer.role, action), "no"):
        case "all":
            return True
        case "own":
            theirs = officer.role != "agency" or place.bidang in officer.agencies
            return theirs and covers(officer.scope, place.region)
        case _:
            return False


def officers(connection: Connection, chat_id: int) -> tuple[Officer, ...]:
    """The mandates of the staff that a chat holds now."""
    rows = connection.execute(_STAFF_OF, {"chat": chat_id}).all()
    return tuple(
        Officer(row.id, chat_id, row.role, tuple(row.scope), tuple(row.agencies or ())) for row in rows
    )


def allowed(held: Sequence[Officer], action: Action, place: Place) -> Officer | None:
    """The first of these that may do this there."""
    return next((officer for officer in held if may(officer, action, place)), None)


def require(connection: Connection, chat_id: int, action: Action, place: Place) -> Officer:
    """The officer as whom a chat may do this there, looked up now. Raises RefusalError("not_allowed")."""
    found = allowed(officers(connection, chat_id), action, place)
    if found is None:
        raise RefusalError("not_allowed", f"There is no mandate to {action} here.")
    return found


_STAFF_OF: Final = (
    select(MANDATE)
    .where(MANDATE.c.chat_id == bindparam("chat"), MANDATE.c.ended_at.is_(None), MANDATE.c.role.in_(STAFF))
    .order_by(MANDATE.c.id)
)
